"""Facts derived from facts: ways that are too long are a fault, such as meet again are followed once."""

import csv
from pathlib import Path

import pytest

from kopir.core.errors import KopirError
from kopir.model.contents.facts import MOST_STEPS
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import trace
from tests.hostile.models import write_model


def chained(folder: Path, count: int, formula: str) -> Path:
    """Add ``count`` facts, each by ``formula`` of the two before it; all are one."""
    file = folder / "facts.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first = next(row for row in rows if not row["formula"]) | {"value": "1", "unit": "Mt"}
    told = [first | {"fact": f"G{n}"} for n in (0, 1)]
    for n in range(2, count + 2):
        row = first | {"fact": f"G{n}", "formula": formula.format(one=f"G{n - 1}", other=f"G{n - 2}")}
        told.append(row | {"sources": "", "modality": "estimate"})
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *told])
    return folder


@pytest.mark.parametrize("count", [MOST_STEPS + 1, 3000])
def test_a_way_that_is_too_long_is_one_fault(tmp_path, count):
    folder = chained(write_model("wide", tmp_path / "m"), count, "{one} * 1")
    with pytest.raises(KopirError) as caught:
        open_model(folder)
    (fault,) = caught.value.faults
    assert (fault.code, fault.value) == ("K0217", f"G{MOST_STEPS + 1} * 1")


def test_ways_that_meet_are_followed_once(tmp_path):
    """Each of a hundred facts leads twice to those before: 10^20 ways, a hundred facts."""
    folder = chained(write_model("wide", tmp_path / "m"), MOST_STEPS, "({one} + {other}) / 2")
    model = open_model(folder)
    assert model.facts[f"G{MOST_STEPS + 1}"].value == 1
    assert trace(model, f"G{MOST_STEPS + 1}").value == 1


def test_a_way_through_earlier_facts_counts(tmp_path):
    folder = chained(write_model("wide", tmp_path / "m"), 90, "{one} * 1")
    rows = "".join(f"H{n},H{n - 1}\n" for n in range(1, 90))
    lines = (folder / "facts.csv").read_text("utf-8").splitlines()
    stated = next(line for line in lines if line.startswith("G0,"))
    told = [*lines, *(stated.replace("G0,", f"H{n},", 1) for n in range(90))]
    (folder / "facts.csv").write_text("\n".join(told) + "\n", "utf-8")
    (folder / "vintages.csv").write_text("fact,earlier\n" + rows + "H0,G91\n", "utf-8")
    with pytest.raises(KopirError) as caught:
        open_model(folder)
    assert [fault.code for fault in caught.value.faults] == ["K0217"]
