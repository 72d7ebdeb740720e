"""Reconcile pairs of documents: ``python -m benchmarks.facts_twins [FOLDER ANSWERS.jsonl [--gold]]``.

FOLDER holds expected.json (which documents and keys each case has) and the documents. Each case is read with
``kopir.evidence`` (or, with ``--gold``, taken from its annotated claims), reconciled alone, and asked its keys.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import Table
from kopir.evidence import read_text
from kopir.facts import FactBook, Key, claims_of_readings, claims_table, reconcile

TWINS = Path(__file__).resolve().parents[1].parent / "shared" / "evidence" / "twins"
OPENED = Path(__file__).resolve().parents[1] / "tests/facts/unseen/twins"
UNSEEN = OPENED.parent / "fresh_twins"


def run(_rounds: int) -> list[Table]:
    """Return how many pairs are solved, from their texts and from annotated claims: seen, and by another hand."""
    return [
        _solved("Twin documents (seen)", TWINS),
        _solved("Twin documents (by another hand, opened)", OPENED),
        _solved("Twin documents (by another hand, unseen)", UNSEEN),
    ]


def _solved(title: str, root: Path) -> Table:
    if not root.is_dir():
        return Table(title, notes=("skipped: the twin documents are not there",))
    cases = json.loads((root / "expected.json").read_text(encoding="utf-8"))["cases"]
    notes = []
    for how, gold in (("from texts", False), ("from annotated claims", True)):
        solved = sum(is_solved(case, answer(root, case, gold=gold)) for case in cases)
        notes.append(f"{how}: {solved} of {len(cases)} solved")
    return Table(title, notes=tuple(notes))


def is_solved(case: dict[str, Any], given: dict[str, Any]) -> bool:
    """Tell whether the conflict flag agrees and every quantity lies within its bounds (1 % slack)."""
    held = {one["key"]: one for one in given["quantities"]}
    wanted = case["expected"]
    return given["conflict"] is wanted["conflict"] and all(
        one["key"] in held and _within(one, held[one["key"]]) for one in wanted["quantities"]
    )


def _within(wanted: dict[str, Any], given: dict[str, Any]) -> bool:
    low = -math.inf if wanted["lo"] is None else wanted["lo"]
    high = math.inf if wanted["hi"] is None else wanted["hi"]
    slack = 0.01 * max(abs(end) for end in (low, high) if math.isfinite(end)) + 1e-9
    if given["value"] is not None:
        return bool(low - slack <= given["value"] <= high + slack)
    least = -math.inf if given["lo"] is None else given["lo"]
    most = math.inf if given["hi"] is None else given["hi"]
    return bool(low - slack <= least <= most <= high + slack)


def main(folder: str, out: str, *flags: str) -> None:
    root = Path(folder)
    cases = json.loads((root / "expected.json").read_text(encoding="utf-8"))["cases"]
    answers = [answer(root, case, gold="--gold" in flags) for case in cases]
    Path(out).write_text("".join(json.dumps(one) + "\n" for one in answers), encoding="utf-8")
    print(f"{len(answers)} cases, {sum(bool(one['conflict']) for one in answers)} with a conflict")


def answer(root: Path, case: dict[str, Any], *, gold: bool) -> dict[str, object]:
    """Return what one case comes to: whether its documents contradict each other, and the keys it asks for."""
    if gold:
        claims = claims_table([{k: v for k, v in row.items() if k != "interval"} for row in case["claims"]])
    else:
        readings = [
            read_text((root / doc["doc"]).read_text(encoding="utf-8"), name=doc["doc"], date=doc["date"])
            for doc in case["docs"]
        ]
        claims = claims_of_readings(readings)
    book = reconcile(claims, compare=False)
    quantities = [quantity(book, row["key"]) for row in case["expected"]["quantities"]]
    return {
        "case": case["case"],
        "conflict": len(book.conflicts) > 0,
        "quantities": [one for one in quantities if one],
    }


def quantity(book: FactBook, text: str) -> dict[str, object] | None:
    """Return the answer to a key written ``indicator|subject|partners|period|unit`` and, at its end, ``|rest``."""
    indicator, subject, partners, period, unit, *rest = text.split("|")
    key = Key(indicator, subject, tuple(filter(None, partners.split(","))), period, unit=unit, part="|".join(rest))
    fact = book.ask(key)
    if fact is None:
        return None
    closed = math.isfinite(fact.high)
    return {
        "key": text,
        "value": fact.value if closed else None,
        "lo": fact.low,
        "hi": fact.high if closed else None,
    }


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*sys.argv[1:])
    else:
        print(*run(1), sep="\n\n")
