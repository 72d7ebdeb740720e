"""Verdicts on drafts that were written from other states' books without sight of the program.

The drafts (``tests/facts/unseen``: English, Russian, Turkish, Kazakh) are in two parts by state. Those of ``LOOK``
were scored blind, then opened, and rules were mended by them; the rest, ``blind``, is only ever scored by totals.
``score(part)`` counts one part by language.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kopir.evidence import read_text
from kopir.facts import claims_table, review

ROOT = Path(__file__).resolve().parents[1] / "tests/facts/unseen"
LOOK = frozenset({"AZE", "CHL", "ETH", "GEO", "HUN", "JOR", "KGZ", "MNG", "OMN", "SRB", "TKM", "UZB", "VNM"})
PARTS = ("look", "blind")
WRONG = frozenset({"contradicted", "out of date", "perimeter mixed"})
LANGUAGES = ("en", "ru", "tr", "kk")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@cache
def book_claims(state: str) -> pl.DataFrame:
    """Return the claims of a book: what each of its documents says, published on the day of the document."""
    lines = (ROOT / f"books/{state}.jsonl").read_text("utf-8").splitlines()
    return claims_table([{**row, "published": row["date"]} for row in map(json.loads, lines)])


def judged(part: str) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any] | None]]:
    """Yield for each annotated figure of a part: draft, language, what it should be, and the row it got."""
    for path in sorted((ROOT / "drafts").glob("*.json")):
        if (path.stem.split("_")[0] in LOOK) != (part == "look"):
            continue
        gold = json.loads(path.read_text("utf-8"))
        text = path.with_suffix(".txt").read_text("utf-8")
        reading = read_text(text, date=gold["date"], name=path.stem)
        table = review(reading, book_claims(gold["model"]), focal=gold["model"]).table.to_dicts()
        for one in gold["figures"]:
            rows = [row for row in table if row["start"] < one["end"] and one["start"] < row["end"]]
            yield path.stem, path.stem.split("_")[1], one, rows[0] if rows else None


def score(part: str) -> dict[str, Counter[str]]:
    """Return counts by language: figures, verdicts right, alarms, wrong ones caught, mends fit to print."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for _, language, want, row in judged(part):
        tally(counts[language], want, row)
    return counts


def tally(counts: Counter[str], want: Mapping[str, Any], row: Mapping[str, Any] | None) -> None:
    """Add one figure; one that was not read at all has no verdict and is never right."""
    got = "" if row is None else row["verdict"]
    wrong = want["verdict"] in WRONG
    counts["figures"] += 1
    counts["read"] += row is not None
    counts["right"] += got == want["verdict"]
    counts["flagged"] += got == want["verdict"] or (wrong and got in WRONG)
    counts["true"] += not wrong
    counts["alarms"] += not wrong and got in WRONG
    counts["wrong"] += wrong
    counts["caught"] += wrong and got in WRONG
    counts["passed"] += wrong and got == "confirmed"
    if wrong and got in WRONG and row is not None and row["suggestion"]:
        counts["mends"] += 1
        counts["fit"] += fits(row, want["right"])


def fits(row: Mapping[str, Any], right: float | None) -> bool:
    """Tell whether the sentence to write instead may be printed: the right figure, no broken letters."""
    if right is None or row["value"] is None or "\ufffd" in row["suggestion"]:
        return False
    digits = re.sub(r"\D", "", f"{abs(right):.6g}".split("e")[0]).strip("0")
    written = {re.sub(r"\D", "", one).strip("0") for one in _NUMBER.findall(row["suggestion"])}
    return abs(abs(row["value"]) / abs(right) - 1) < 0.01 and any(
        digits.startswith(one) and one for one in written
    )


def line(name: str, counts: Mapping[str, int]) -> str:
    """Return one line of the table of scores."""
    return (
        f"{name:14s} figures {counts['figures']:4d}  read {counts['read']:4d}  "
        f"verdict right {counts['right'] / max(counts['figures'], 1):.2f} "
        f"({counts['flagged'] / max(counts['figures'], 1):.2f} with any kind of wrong)  "
        f"false alarms {counts['alarms']}/{counts['true']}  wrong caught {counts['caught']}/{counts['wrong']}  "
        f"wrong confirmed {counts['passed']}  mends fit {counts['fit']}/{counts['mends']}"
    )


def lines(part: str) -> list[str]:
    """Return the totals of a part, whole and by language."""
    counts = score(part)
    whole = sum(counts.values(), Counter())
    return [line(part, whole), *(line(f"  {part} {one}", counts[one]) for one in LANGUAGES)]
