"""All figures as one record of pairs seen / unseen, and its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.reading import samples
from benchmarks.reading.calibration import reliability
from benchmarks.reading.figures import agreement, figures
from benchmarks.reading.gating import CLOSED, WANTED, gates
from benchmarks.reading.samples import LOOK, SEEN, SETS, UNSEEN, Sample
from benchmarks.rule_counts import generated
from kopir.evidence.frames._confidence import SORTS

Report = dict[str, Any]
_QUALITY = re.compile(r"\bf1\b|\bprec(?:ision)?\b|\brecall\b|\baccuracy\b")
_DECIMAL = re.compile(r"\b[01][.,]\d|\b\d+ (?:in|of) \d")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
"""Marks in the page around what the command writes."""


def measure(languages: Sequence[str]) -> Report:
    """Read every set of every language and return its figures; what is not annotated is null."""
    found = {which: [samples.sample(language, which) for language in languages] for which in SETS}
    every: dict[str, dict[str, Sample | None]] = {
        language: {which: found[which][n] for which in SETS} for n, language in enumerate(languages)
    }
    if len(languages) > 1:
        every["all"] = {which: _pooled(found[which]) for which in SETS}
    return {
        "pairs": [row for language, sets in every.items() for row in _pairs(language, sets)],
        "reliability": [row for language, sets in every.items() for row in _reliability(language, sets)],
        "gate": _gate(found[LOOK]),
        "agreement": [row for language in languages for row in _agreement(language)],
    }


def _pooled(parts: Sequence[Sample | None]) -> Sample | None:
    """Return all languages together, but only when none is missing."""
    there = [part for part in parts if part is not None]
    return samples.pooled(there) if len(there) == len(parts) else None


def _pairs(language: str, sets: Mapping[str, Sample | None]) -> Iterator[Report]:
    values = {which: figures(sample) if sample else {} for which, sample in sets.items()}
    names = dict.fromkeys(name for found in values.values() for name in found)
    for name in names:
        row = {which: asdict(found[name]) if name in found else None for which, found in values.items()}
        yield {"language": language, "figure": name, **row}


def _reliability(language: str, sets: Mapping[str, Sample | None]) -> Iterator[Report]:
    for which, sample in sets.items():
        for slot, curve in reliability(sample).items() if sample else ():
            yield {"language": language, "set": which, "slot": slot, **asdict(curve)}


def gate(languages: Sequence[str]) -> list[Report]:
    """Return the floors of publication; they are chosen on the part to look at, the blind one is not read."""
    return _gate([samples.sample(language, LOOK) for language in languages])


def _gate(parts: Sequence[Sample | None]) -> list[Report]:
    return [asdict(row) for row in gates([part for part in parts if part is not None], generated())]


def _agreement(language: str) -> Iterator[Report]:
    both = samples.doubles(language)
    for name, figure in agreement(*both).items() if both else ():
        yield {"language": language, "figure": name, **asdict(figure)}


def unpaired(report: Report) -> list[str]:
    """Name each figure that lacks its seen or its unseen half."""
    return [
        f"{row['language']}, {row['figure']}: no figure for {which}"
        for row in report["pairs"]
        for which in (SEEN, UNSEEN)
        if row[which] is None
    ]


def as_json(report: Report) -> str:
    """Return a report as JSON, a row a line, figures to four digits."""
    tables = (
        f'"{name}": [\n' + ",\n".join(json.dumps(_rounded(row), ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in report.items()
    )
    return "{" + ",\n".join(tables) + "}\n"


def _rounded(row: Any) -> Any:
    if isinstance(row, dict):
        return {name: _rounded(x) for name, x in row.items()}
    if isinstance(row, list | tuple):
        return [_rounded(x) for x in row]
    return round(row, 4) if isinstance(row, float) else row


HEADLINE = ("whole claim, F1", "value + unit + comparator, F1", "published, precision", "published, recall")


def headline(report: Report) -> str:
    """Return the one short table that says how well documents are read."""
    lines = ["| language | figure | seen | look | unseen |", "|---|---|---|---|---|"]
    for row in report["pairs"]:
        if row["figure"] in HEADLINE:
            cells = " | ".join(_cell(row[which]) for which in SETS)
            lines.append(f"| {row['language']} | {row['figure']} | {cells} |")
    return "\n".join(lines) + "\n"


def page(report: Report) -> str:
    """Return every table of a report in Markdown."""
    parts = [*_pair_tables(report["pairs"]), *_curve_tables(report["reliability"])]
    parts += [*gate_table(report["gate"]), *_agreement_table(report["agreement"])]
    return "\n".join(parts).strip() + "\n"


def _pair_tables(rows: Sequence[Report]) -> Iterator[str]:
    for language in dict.fromkeys(row["language"] for row in rows):
        yield f"### {_title(language)}\n"
        yield "| figure | seen | look | unseen |"
        yield "|---|---|---|---|"
        for row in rows:
            if row["language"] == language:
                cells = " | ".join(_cell(row[which]) for which in SETS)
                yield f"| {row['figure']} | {cells} |"
        yield ""


def _title(language: str) -> str:
    return "All four languages" if language == "all" else language


def _cell(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return "not annotated"
    if figure["value"] is None:
        return "none (0 cases)"
    if figure["low"] is None:
        value = figure["value"]
        return (
            str(value)
            if isinstance(value, int)
            else _share(value) + (f" of {figure['of']}" if figure["of"] else "")
        )
    return f"{_share(figure['value'])} [{_share(figure['low'])}..{_share(figure['high'])}] of {figure['of']}"


def _share(value: float) -> str:
    return f"{value:.2f}"


def _curve_tables(rows: Sequence[Report]) -> Iterator[str]:
    chosen = [row for row in rows if row["language"] != "all"]
    if not chosen:
        return
    edges = [(b["low"], b["high"]) for b in chosen[0]["bins"]]
    heads = " | ".join(f"{low:g}..{high:g}" for low, high in edges)
    yield "### Stated confidence against share right\n"
    yield "A cell: right of all whose stated confidence lies there; error: mean distance of stated and found.\n"
    yield f"| language | slot | set | {heads} | error |"
    yield "|" + "---|" * (len(edges) + 4)
    for row in sorted(chosen, key=lambda r: (r["language"], r["slot"], SETS.index(r["set"]))):
        cells = " | ".join(f"{b['right']} of {b['count']}" if b["count"] else "" for b in row["bins"])
        yield f"| {row['language']} | {row['slot']} | {row['set']} | {cells} | {_share(row['error'])} |"
    yield ""


def gate_table(rows: Sequence[Report]) -> Iterator[str]:
    """Yield the lines of the table of publication."""
    if not rows:
        return
    yield "### What is published\n"
    yield f"Floors of confidence that give a precision of {WANTED:.2f} on the passages to look at, for claims in"
    yield "which nothing is open (settled), in which who and what are bound (doubted), and for the rest (led)."
    yield "Chosen on one half of the documents and scored on the other; and on all, each document scored with"
    yield "counts of the others: these floors are in force. `none`: nothing is published.\n"
    yield "| language | chosen on | floor, settled | floor, doubted | floor, led | precision | recall |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        least = " | ".join("none" if row[sort] >= CLOSED else f"{row[sort]:.3f}" for sort in SORTS)
        figures_ = f"{_cell(row['precision'])} | {_cell(row['recall'])}"
        yield f"| {row['language']} | {row['chosen']} | {least} | {figures_} |"
    yield ""


def _agreement_table(rows: Sequence[Report]) -> Iterator[str]:
    if not rows:
        return
    languages = list(dict.fromkeys(row["language"] for row in rows))
    cells = {(row["language"], row["figure"]): _cell(row) for row in rows}
    yield "### Agreement of two annotators\n"
    yield "| figure | " + " | ".join(languages) + " |"
    yield "|" + "---|" * (len(languages) + 1)
    for name in dict.fromkeys(row["figure"] for row in rows):
        yield f"| {name} | " + " | ".join(cells[language, name] for language in languages) + " |"


def bare_figures(text: str) -> list[str]:
    """Name the passages of a page that state a quality of reading without its seen and its unseen half.

    A passage is what stands between blank lines; parts written before the grammar and only scored are called held.
    """
    bare = []
    for passage in re.split(r"\n\s*\n", text):
        words = passage.lower()
        stated = _QUALITY.search(words) and _DECIMAL.search(words)
        if stated and not ("seen" in words.replace("unseen", "") and re.search(r"unseen|held", words)):
            bare.append(passage.strip().splitlines()[0])
    return bare


def into_page(text: str, tables: str) -> str:
    """Put tables between the marks of a page. Raises ValueError where the page has no marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page lacks its marks")
    return f"{before}{BEGIN}\n{tables}{END}{after}"
