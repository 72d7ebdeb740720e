"""All figures as one record of pairs seen / unseen, and its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.reading import samples
from benchmarks.reading.calibration import WANTED, floor, reliability
from benchmarks.reading.figures import agreement, figures
from benchmarks.reading.samples import SEEN, SETS, UNSEEN, Sample

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
        "floors": [_floor(language, sets[UNSEEN]) for language, sets in every.items() if sets[UNSEEN]],
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


def _floor(language: str, sample: Sample | None) -> Report:
    return {"language": language, **(asdict(floor(sample)) if sample else {})}


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
    parts += [*_floor_table(report["floors"]), *_agreement_table(report["agreement"])]
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


def _floor_table(rows: Sequence[Report]) -> Iterator[str]:
    if not rows:
        return
    yield "### Floor of confidence\n"
    yield f"The lowest floor that gives a precision of {WANTED:.2f} on one half of the unseen documents, and what"
    yield "it gives on the other half. `none`: no floor does, and nothing would be published.\n"
    yield "| language | floor | precision, chosen on | recall | precision, other half | recall |"
    yield "|---|---|---|---|---|---|"
    names = ("chosen_precision", "chosen_recall", "scored_precision", "scored_recall")
    for row in rows:
        least = "none" if row["floor"] is None else f"{row['floor']:.3f}"
        yield f"| {row['language']} | {least} | " + " | ".join(_cell(row[name]) for name in names) + " |"
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
