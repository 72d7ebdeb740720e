"""Bad input: every fault named with its mend, and nothing half-written."""

import json

import polars as pl
import pytest

from kopir.core.errors import InputError, Unreconciled, fault_codes
from kopir.core.folders.folder import read_folder
from kopir.facts import claims_of_folder, given_identities, read_claims, reconcile, weigh_theses, write_book
from tests.facts.claims import TURNOVER, claim, claims
from tests.folders import write_model

SOURCE = {"source": "S1", "title": "Office", "date": "2025-01-31", "class": "statistics"}
FACT = {
    "fact": "F1",
    "indicator": "export",
    "subject": "KAZ",
    "period": "2024",
    "value": 10e9,
    "unit": "USD",
    "sources": "S1",
    "note": "exports: 10 bn USD",
}


def faults_of(*rows):
    with pytest.raises(InputError) as caught:
        claims(*rows)
    assert all(fault.mend for fault in caught.value.faults)
    assert all(fault.code in fault_codes() for fault in caught.value.faults)
    return caught.value.faults


def test_every_fault_of_every_claim_is_named_at_once():
    faults = faults_of(
        claim(1.0, doc=None),
        claim(None),
        claim(None, lo=3.0, hi=2.0, comparator="range"),
        claim(5.0, lo=6.0, hi=7.0),
        claim(1.0, indicator="trade_turnovr"),
        claim(1.0, comparator="circa"),
        claim(1.0, modality="wish"),
        claim(float("inf")),
    )
    codes = [fault.code for fault in faults]
    assert sorted(set(codes)) == ["K3001", "K3002", "K3003", "K3004"]
    assert [codes.count(code) for code in sorted(set(codes))] == [1, 2, 2, 3]
    assert any("trade_turnover" in fault.mend for fault in faults)


def test_a_claim_that_says_too_little_is_kept_and_not_used():
    book = reconcile(claims(claim(1.0, indicator=None), claim(10e9, "10 bn", "d2")))
    assert book.claims["verdict"].to_list() == ["not used", "supports"]


def test_two_units_in_one_key_are_named_and_kept_apart():
    book = reconcile(claims(claim(10e9, "10 bn"), claim(9e9, "9 bn", "d2", unit="EUR")))
    (fault,) = book.faults
    assert fault.code == "K3005"
    assert sorted(book.facts["unit"]) == ["EUR", "USD"]


def test_a_stated_conversion_joins_two_units():
    capacity = {
        "indicator": "capacity",
        "subject": "CPC",
        "partners": [],
        "route": "CPC",
        "period": "2025",
        "unit": "t/yr",
    }
    factor = {**capacity, "indicator": "conversion_factor", "unit": "bbl/t"}
    rows = [claim(72.5e6, "72.5", about=capacity), claim(1.3e6, "1.3", "d2", about=capacity, unit="bbl/d")]
    assert [fault.code for fault in reconcile(claims(*rows)).faults] == ["K3005"]
    assert reconcile(claims(*rows, claim(7.9, "7.9", "d3", about=factor))).faults == ()


def test_contradictory_identities_are_named():
    key = "export|X{}|-|2024|-|-|-|t"
    sums = [
        {"type": "sum", "total": key.format("AA"), "parts": [key.format("AB"), key.format("AC")]},
        {"type": "sum", "total": key.format("AB"), "parts": [key.format("AA"), key.format("AC")]},
    ]
    about = {"indicator": "export", "period": "2024", "unit": "t"}
    rows = [
        claim(v, f"{v:.0f}", f"d{n}", about={**about, "subject": f"XA{n}"})
        for n, v in zip("ABC", (100.0, 60.0, 40.0), strict=True)
    ]
    with pytest.raises(Unreconciled) as caught:
        reconcile(claims(*rows), given_identities(sums), implied=False)
    assert caught.value.faults[0].code == "K3010"


def test_identities_with_unknown_codes_are_refused():
    with pytest.raises(InputError, match="exprt"):
        given_identities(
            [{"type": "le", "small": "exprt|KAZ|-|2024|-|-|-|t", "large": "export|KAZ|-|2024|-|-|-|t"}]
        )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("claims.txt", "x", "K3007"),
        ("claims.jsonl", "{not json\n[]\n", "K3007"),
        ("claims.parquet", "no parquet", "K0111"),
    ],
)
def test_files_that_hold_no_claims_are_refused(tmp_path, name, content, code):
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        read_claims(tmp_path / name)
    assert {fault.code for fault in caught.value.faults} == {code}


def test_claims_read_from_json_lines_and_from_parquet_are_the_same(tmp_path):
    rows = [{"id": f"c{n}", **claim(v, f"{v / 1e9:.0f} bn", f"d{n}")} for n, v in enumerate((10e9, 11e9))]
    (tmp_path / "claims.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    table = read_claims(tmp_path / "claims.jsonl")
    table.write_parquet(tmp_path / "claims.parquet")
    assert read_claims(tmp_path / "claims.parquet").equals(table)


def test_claims_are_filtered_alike_wherever_they_lie(tmp_path):
    rows = [
        {"id": "a", **claim(1e9, "1 bn", "d1")},
        {"id": "b", **claim(2e9, "2 bn", "d2"), "indicator": "import", "modality": None},
    ]
    (tmp_path / "claims.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "bulk").mkdir()
    for number, row in enumerate(rows):
        pl.DataFrame([row]).write_parquet(tmp_path / f"bulk/{number}.parquet")
    for where, kept in (
        ({"indicator": ["imp*"], "modality": ["actual"]}, ["b"]),
        ({"indicator": ["*"]}, ["a", "b"]),
    ):
        for path in (tmp_path / "claims.jsonl", tmp_path / "bulk"):
            assert read_claims(path, where=where)["id"].to_list() == kept
    with pytest.raises(InputError, match='did you mean "indicator"'):
        read_claims(tmp_path / "bulk", where={"indicatr": ["export"]})


def test_a_condition_that_is_none_is_refused(tmp_path):
    thesis = {"thesis": "T1", "text": "exports are large", "measure": "F1", "supported_if": "large"}
    folder = read_folder(write_model(tmp_path / "m", {"facts": [FACT], "sources": [SOURCE], "theses": [thesis]}))
    with pytest.raises(InputError) as caught:
        weigh_theses(folder, reconcile(claims_of_folder(folder)))
    assert caught.value.faults[0].code == "K3006"


def test_a_folder_that_cannot_take_the_book_stays_as_it_was(tmp_path, monkeypatch):
    folder = read_folder(write_model(tmp_path / "m", {"facts": [FACT], "sources": [SOURCE]}))
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    book = reconcile(claims(claim(12e9, "12 bn", about={**TURNOVER, "indicator": "export", "partners": []})))

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kopir.facts.book._writing.write_together", refuse)
    with pytest.raises(InputError, match="No space left"):
        write_book(book, folder)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()} == before
