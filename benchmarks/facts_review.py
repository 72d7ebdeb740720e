"""Verdicts of ``kopir review``: right ones, false alarms, wrong figures caught, as a pair seen / unseen.

Seen are the drafts on the Kazakhstan base that the rules were shaped by (``../shared``, where it lies) and the
opened part of the drafts that another hand wrote; unseen is their other part, ``blind``
(:mod:`benchmarks.facts_drafts`). With seeds, drawn drafts follow: for each of three states a small book of its
own (figures from a seed) and the same plain sentences in three languages, each figure right or wrong in a planted
way. ``python -m benchmarks.facts_review [SEED ...]``.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.facts_drafts import PARTS, lines
from benchmarks.measure import Table
from kopir.core.folders.folder import read_folder
from kopir.evidence import read_text
from kopir.facts import claims_of_folder, claims_table, review
from kopir.model.bundled import bundled_path

SHARED = Path(__file__).parents[1].parent / "shared/cases/facts/review"
TEXTS = Path(__file__).parents[1].parent / "shared/evidence/seeds"
WRITTEN = {"001": "2025-07-31", "002": "2025-12", "004": "2025-11-10"}
"""Days on which the collected texts were written, where they say so."""
LATEST = "2026-03-01"
WRONG = frozenset({"contradicted", "out of date", "perimeter mixed"})
STATES = {
    "UZB": {"en": "Uzbekistan", "ru": "Узбекистан Узбекистана", "tr": "Özbekistan Özbekistan'ın"},
    "SRB": {"en": "Serbia", "ru": "Сербия Сербии", "tr": "Sırbistan Sırbistan'ın"},
    "MNG": {"en": "Mongolia", "ru": "Монголия Монголии", "tr": "Moğolistan Moğolistan'ın"},
}
PARTNERS = {
    "CHN": {"en": "China", "ru": "Китаем Китай Китая", "tr": "Çin Çin'e Çin'den"},
    "RUS": {"en": "Russia", "ru": "Россией Россию России", "tr": "Rusya Rusya'ya Rusya'dan"},
    "DEU": {"en": "Germany", "ru": "Германией Германию Германии", "tr": "Almanya Almanya'ya Almanya'dan"},
    "TUR": {"en": "Türkiye", "ru": "Турцией Турцию Турции", "tr": "Türkiye Türkiye'ye Türkiye'den"},
}
STRANGER = {"en": "Portugal", "ru": "Португалией Португалию Португалии", "tr": "Portekiz Portekiz'e Portekiz'den"}
SENTENCES = {
    ("en", "trade_turnover"): "Trade between {0} and {1} reached {x} in 2024.",
    ("en", "export"): "{0} exported goods worth {x} to {1} in 2024.",
    ("en", "import"): "{0}'s imports from {1} amounted to {x} in 2024.",
    ("ru", "trade_turnover"): "Товарооборот {0} с {1} в 2024 году составил {x}.",
    ("ru", "export"): "Экспорт {0} в {1} в 2024 году составил {x}.",
    ("ru", "import"): "Импорт {0} из {1} в 2024 году составил {x}.",
    ("tr", "trade_turnover"): "{0} ile {1} arasındaki ticaret hacmi 2024 yılında {x} oldu.",
    ("tr", "export"): "{0} {1} ihracatı 2024 yılında {x} oldu.",
    ("tr", "import"): "{0} {1} ithalatı 2024 yılında {x} oldu.",
}
FORMS = {"trade_turnover": 0, "export": 1, "import": 2}
SCALES = {"en": ("billion", "million"), "ru": ("млрд", "млн"), "tr": ("milyar", "milyon")}


@dataclass(frozen=True)
class Planted:
    """A sentence with its one figure, the verdict it should get, and what was done to it."""

    language: str
    sentence: str
    verdict: str
    how: str
    right: float | None


def book_of(state: str, draw: random.Random) -> tuple[pl.DataFrame, dict[tuple[str, str, str], float]]:
    """Return claims of a small book, and its figures in billions by measure, partner and period."""
    figures: dict[tuple[str, str, str], float] = {}
    rows = []
    for partner in PARTNERS:
        for measure, low in (("trade_turnover", 6.0), ("export", 1.0), ("import", 2.5)):
            now = round(draw.uniform(low, 2 * low), 2)
            drawn = {"2024": now, "2023": round(now * draw.choice((0.8, 0.87, 1.15, 1.24)), 2)}
            drawn["2024-01/2024-06"] = round(now * draw.uniform(0.42, 0.56), 2)
            if measure == "trade_turnover":
                drawn["2030"] = float(round(now * draw.uniform(1.5, 2.5)))
            for period, value in drawn.items():
                figures[measure, partner, period] = value
                rows.append(
                    {
                        "id": f"{partner}{measure}{period}",
                        "doc": f"office {period}",
                        "text": f"{value} bn",
                        "value": value * 1e9,
                        "unit": "USD",
                        "kind": "level",
                        "indicator": measure,
                        "subject": state,
                        "partners": [partner],
                        "period": period,
                        "modality": "target" if period == "2030" else "actual",
                    }
                )
    return claims_table(rows), figures


def plants(state: str, figures: dict[tuple[str, str, str], float], draw: random.Random) -> Iterator[Planted]:
    """Yield right and wrong sentences about each figure of 2024."""
    for (measure, partner, period), value in figures.items():
        if period != "2024":
            continue
        digits = f"{value:.2f}"
        turned = digits[:-2] + digits[-1] + digits[-2]
        cases = [
            (value, 0, "confirmed", "right"),
            (round(value, 1), 0, "confirmed", "rounded"),
            (value, 1, "contradicted", "scale"),
            (figures[measure, partner, "2023"], 0, "out of date", "year before"),
            (figures[measure, partner, "2024-01/2024-06"], 0, "contradicted", "half-year"),
            (round(value * draw.choice((1.4, 0.6)), 2), 0, "contradicted", "invented"),
        ]
        if float(turned) != value and turned[-2:] != "00":
            cases.append((float(turned), 0, "contradicted", "digits"))
        if measure == "trade_turnover":
            cases.append((figures[measure, partner, "2030"], 0, "contradicted", "target"))
            cases.append((figures["export", partner, "2024"], 0, "contradicted", "export"))
        for language in SCALES:
            for said, scale, verdict, how in cases:
                name = _forms(PARTNERS[partner], language)[FORMS[measure] % 3]
                yield Planted(
                    language, _sentence(state, measure, name, said, scale, language), verdict, how, value
                )
            stranger = _forms(STRANGER, language)[FORMS[measure] % 3]
            yield Planted(
                language, _sentence(state, measure, stranger, value, 0, language), "unknown", "stranger", None
            )


def _forms(names: dict[str, str], language: str) -> list[str]:
    words = names[language].split()
    return words if len(words) == 3 else words * 3


def _sentence(state: str, measure: str, partner: str, value: float, scale: int, language: str) -> str:
    own = STATES[state][language].split()
    nominative = language == "en" or (language == "tr" and measure == "trade_turnover")
    figure = f"{value:.10g}" if language == "en" else f"{value:.10g}".replace(".", ",")
    word = SCALES[language][scale]
    shown = {"en": f"${figure} {word}", "ru": f"{figure} {word} долларов", "tr": f"{figure} {word} dolar"}[
        language
    ]
    return SENTENCES[language, measure].format(own[0 if nominative else -1], partner, x=shown)


Score = dict[str, int]


def drawn(seed: int) -> tuple[Score, list[str]]:
    """Return counts over three states and three languages, and what went wrong."""
    score: Score = dict.fromkeys(COUNTS, 0)
    misses = []
    for state in STATES:
        draw = random.Random(f"{seed}{state}")
        claims, figures = book_of(state, draw)
        for one in plants(state, figures, draw):
            rows = review(
                read_text(one.sentence, date="2025-03-01", language=one.language), claims, focal=state
            ).table.to_dicts()
            row = rows[0] if rows else {"verdict": "missed", "suggestion": None, "value": None, "why": ""}
            count(score, one.verdict, row["verdict"], row["suggestion"], one.right, row["value"])
            if row["verdict"] != one.verdict:
                misses.append(f"{one.how}: {one.sentence} -> {row['verdict']} ({row['why']}), want {one.verdict}")
    return score, misses


COUNTS = ("figures", "exact", "right", "alarms", "passed", "wrong", "caught", "mends", "good")


def count(score: Score, want: str, got: str, mend: str | None, right: float | None, value: float | None) -> None:
    """Add one figure: verdict wanted and given, and the mend with the value (in billions) that it should hold."""
    score["figures"] += 1
    score["exact"] += want == got
    if want == "confirmed":
        score["right"] += 1
        score["alarms"] += got in WRONG
    if want in WRONG:
        score["wrong"] += 1
        score["caught"] += got in WRONG
        score["passed"] += got == "confirmed"
        if got in WRONG and mend and right:
            score["mends"] += 1
            score["good"] += abs((value or 0.0) / (right * 1e9) - 1) < 0.02


def seen() -> Score | None:
    """Return counts of the drafts that the rules were shaped by, ``None`` where they do not lie."""
    path = bundled_path("kazakhstan")
    if not SHARED.is_dir() or path is None:
        return None
    claims = claims_of_folder(read_folder(path))
    score: Score = dict.fromkeys(COUNTS, 0)
    for draft in sorted(SHARED.glob("d_*.json")):
        gold = json.loads(draft.read_text("utf-8"))
        text = draft.with_suffix(".txt").read_text("utf-8")
        table = review(read_text(text, date=gold["date"]), claims, focal="KAZ").table.to_dicts()
        for one in gold["figures"]:
            rows = [row for row in table if row["start"] < one["end"] and one["start"] < row["end"]]
            row = rows[0] if rows else {"verdict": "missed", "suggestion": None, "value": None}
            right = None if one["right"] is None else one["right"] / 1e9
            count(score, one["verdict"], row["verdict"], row["suggestion"], right, row["value"])
    return score


def recognised() -> tuple[int, int] | None:
    """Return how many core figures of the collected texts are recognised by the bundled book, and of how many."""
    path = bundled_path("kazakhstan")
    if not TEXTS.is_dir() or path is None:
        return None
    folder = read_folder(path)
    claims = claims_of_folder(folder)
    wanted: dict[str, list[tuple[int, int]]] = {}
    for written in (TEXTS.parent / "gold_seeds.jsonl").read_text("utf-8").splitlines():
        one = json.loads(written)
        if one["tier"] == "core":
            wanted.setdefault(one["doc"], []).append((one["start"], one["end"]))
    found = 0
    for doc, spans in wanted.items():
        reading = read_text((TEXTS / doc).read_text("utf-8"), date=WRITTEN.get(doc[:3], LATEST), name=doc)
        rows = review(reading, claims, focal="KAZ").table.filter(pl.col("verdict") != "unknown")
        told = list(zip(rows["start"], rows["end"], strict=True))
        found += sum(any(one < end and begin < other for one, other in told) for begin, end in spans)
    return found, sum(map(len, wanted.values()))


def line(name: str, score: Score) -> str:
    """Return one line of the table of scores."""
    return (
        f"{name:10s} figures {score['figures']:4d}  verdict right {score['exact'] / score['figures']:.2f}  "
        f"false alarms {score['alarms']}/{score['right']}  wrong caught {score['caught']}/{score['wrong']}  "
        f"wrong confirmed {score['passed']}  mends right {score['good']}/{score['mends']}"
    )


def totals() -> Iterator[str]:
    """Yield a line for each set of drafts that is there; of what nobody has looked at only totals."""
    told = seen()
    if told is not None:
        yield line("seen", told)
    held = recognised()
    if held is not None:
        yield f"collected  figures {held[1]:4d}  recognised {held[0]}"
    for part in PARTS:
        yield from lines(part)


def run(_rounds: int) -> list[Table]:
    """Return the verdicts as one table."""
    return [Table("Verdicts of kopir review", notes=tuple(totals()))]


def main(seeds: list[int]) -> None:
    for told in totals():
        print(told)
    for seed in seeds:
        score, misses = drawn(seed)
        print(line(f"drawn {seed}", score))
        for miss in misses[:40]:
            print("   ", miss)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
