"""Reconcile pairs of documents: ``python -m benchmarks.facts_twins FOLDER ANSWERS.jsonl [--gold]``.

FOLDER holds expected.json (which documents and keys each case has) and the documents. Each case is read with
``kopir.evidence`` (or, with ``--gold``, taken from its annotated claims), reconciled alone, and asked its keys.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from kopir.evidence import read_text
from kopir.facts import FactBook, Key, claims_of_readings, claims_table, reconcile


def main(folder: str, out: str, *flags: str) -> None:
    root = Path(folder)
    cases = json.loads((root / "expected.json").read_text(encoding="utf-8"))["cases"]
    answers = [answer(root, case, gold="--gold" in flags) for case in cases]
    Path(out).write_text("".join(json.dumps(one) + "\n" for one in answers), encoding="utf-8")
    print(f"{len(answers)} cases, {sum(bool(one['conflict']) for one in answers)} with a conflict")


def answer(root: Path, case: dict[str, object], *, gold: bool) -> dict[str, object]:
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
    main(*sys.argv[1:])
