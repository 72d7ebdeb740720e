"""Writing small model folders with institutions and obligations for tests."""

from __future__ import annotations

from collections.abc import Sequence

from tests.folders import Row

GROUND = {"basis": "test"}


def institution(code: str, *, kind: str = "organisation", members: str = "KAZ", **cells: object) -> Row:
    """Return a row of institutions.csv; the focal state belongs to it unless ``members`` says otherwise."""
    return {"institution": code, "kind": kind, "members": members, "since": ""} | GROUND | cells


def obligation(code: str, form: str, left: str, right: str = "", **cells: object) -> Row:
    """Return a row of obligations.csv with a clause of the institution UNION unless ``cells`` say otherwise."""
    columns = ("function", "threshold", "share", "amount", "delay", "strength", "valid_from", "valid_to")
    return (
        {"obligation": code, "institution": "UNION", "form": form, "left": left, "right": right}
        | dict.fromkeys(columns, "")
        | {"text": f"{left} {form} {right}".strip()}
        | GROUND
        | cells
    )


def option(code: str, cost: float = 0.0) -> Row:
    """Return a row of options.csv."""
    return {"option": code, "kind": "sign", "annual_cost": cost, "lead_time": 0} | GROUND


def tables(*rows: Row, institutions: Sequence[Row] = ()) -> dict[str, Sequence[Row]]:
    """Return the two tables: the obligations ``rows`` and UNION beside ``institutions``."""
    joined = {"institutions": [institution("UNION"), *institutions]}
    return joined | {"obligations": rows} if rows else joined
