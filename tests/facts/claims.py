"""Making claims for tests: a figure with the slots that matter, the others at their common value."""

from kopir.facts import claims_table

TURNOVER = {"indicator": "trade_turnover", "subject": "KAZ", "partners": ["TUR"], "period": "2024", "unit": "USD"}


def claim(value, text="", doc="d1", *, about=TURNOVER, **slots):
    row = {"doc": doc, "value": value, "text": text, "comparator": "eq", "kind": "level", "modality": "actual"}
    return {**row, **about, **slots}


def claims(*rows, classes=None):
    numbered = [{"id": f"c{number}", **row} for number, row in enumerate(rows, 1)]
    return claims_table(numbered, classes)
