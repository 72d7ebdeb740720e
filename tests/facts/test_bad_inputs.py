"""Bad input: every fault named with its mend, and nothing half-written."""

import json

import polars as pl
import pytest

from kopir.core.errors import InputError, Locked, Unreconciled, fault_codes
from kopir.core.folders.folder import read_folder
from kopir.facts import (
    claims_of_folder,
    claims_table,
    gathered,
    given_identities,
    read_claims,
    reconcile,
    unregistered,
    weigh_theses,
    write_book,
)
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


GOOD = {
    **{
        "id": "c1",
        "doc": "d1",
        "start": 0,
        "end": 4,
        "text": "5 bn",
        "value": 5e9,
        "unit": "USD",
        "kind": "level",
    },
    **{"indicator": "trade_turnover", "subject": "GEO", "partners": ["TUR"], "period": "2024"},
}
WRONG = [
    ({"period": "2024-13"}, "K0210", "period"),
    ({"unit": "bananas"}, "K0215", "unit"),
    ({"unit": "USD/banana"}, "K0215", "unit"),
    ({"value": -5e9}, "K3002", "value"),
    ({"value": 1e308}, "K3002", "value"),
    ({"start": 9, "end": 2}, "K3003", "end"),
    ({"value": None, "lo": 9e9, "hi": 1e9}, "K3003", "lo"),
    ({"id": "c0", "value": 7e9}, "K0204", "id"),
    ({"indicator": "made_up"}, "K3004", "indicator"),
    ({"doc": None}, "K3001", "doc"),
]


def written(tmp_path, rows, form):
    path = tmp_path / f"claims.{form}"
    if form == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    else:
        pl.DataFrame(rows).write_parquet(path)
    return path


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
@pytest.mark.parametrize(("wrong", "code", "column"), WRONG)
def test_a_claim_somebody_wrote_is_checked_as_a_table_is(tmp_path, form, wrong, code, column):
    path = written(tmp_path, [{**GOOD, "id": "c0"}, {**GOOD, **wrong}], form)
    with pytest.raises(InputError) as caught:
        read_claims(path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.line, fault.column) == (code, path.name, 2, column)
    assert fault.mend


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"value": "5 bn"}, "value"),
        ({"start": 0.5}, "start"),
        ({"unit": 3}, "unit"),
        ({"partners": "TUR"}, "partners"),
    ],
)
def test_a_field_of_another_type_is_named(tmp_path, wrong, column):
    with pytest.raises(InputError) as caught:
        read_claims(written(tmp_path, [GOOD, {**GOOD, **wrong}], "jsonl"))
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (2, column)


def test_an_empty_file_and_one_in_utf16_are_refused(tmp_path):
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    (tmp_path / "wide.jsonl").write_text(json.dumps(GOOD), "utf-16")
    for name, code in (("empty", "K3007"), ("wide", "K0104")):
        with pytest.raises(InputError) as caught:
            read_claims(tmp_path / f"{name}.jsonl")
        assert [fault.code for fault in caught.value.faults] == [code]
        assert "CSV" not in caught.value.faults[0].mend


@pytest.mark.parametrize("unit", ["USD", "CNY", "t/yr", "toe", "EUR/MWh", "bbl/d"])
def test_units_of_documents_and_currencies_are_known(tmp_path, unit):
    assert len(read_claims(written(tmp_path, [{**GOOD, "unit": unit}], "jsonl"))) == 1


@pytest.mark.parametrize("period", ["2005/", "/2030", "2024-H1", "last_year", "15y_to_doc", "2024-01/2024-06"])
def test_open_and_loose_periods_are_known(tmp_path, period):
    assert len(read_claims(written(tmp_path, [{**GOOD, "period": period}], "jsonl"))) == 1


def test_claims_of_two_files_are_kept_apart_or_named(tmp_path):
    paths = []
    for name, value in (("a", 5e9), ("b", 7e9)):
        (tmp_path / name).mkdir()
        row = {**GOOD, "id": None, "value": value, "text": None}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), "utf-8")
        paths.append(tmp_path / f"{name}.jsonl")
    assert gathered([read_claims(path) for path in paths])["id"].to_list() == ["a.jsonl:1", "b.jsonl:1"]
    tables = [read_claims(path).with_columns(id=pl.lit("c1")) for path in paths]
    with pytest.raises(InputError) as caught:
        gathered(tables)
    assert {fault.code for fault in caught.value.faults} == {"K0204"}


def test_zeros_and_balances_are_facts_and_a_zero_hides_no_figure():
    zero = reconcile(claims(claim(0.0, "0"))).facts
    assert zero.select("value", "low", "high", "basis").row(0) == (0.0, 0.0, 0.0, "identified")
    balance = {"indicator": "trade_balance", "subject": "KAZ", "partners": [], "period": "2024", "unit": "USD"}
    minus = reconcile(claims(claim(-2e9, "-2 bn", about=balance))).facts
    assert minus.select("value", "low", "high").row(0) == (-2e9, -2.5e9, -1.5e9)
    both = reconcile(claims(claim(0.0, "0"), claim(5e9, "5 bn", "d2"))).facts
    assert both.select("low", "high", "basis").row(0) == (0.0, 5.5e9, "disputed")


def test_a_code_that_no_registry_holds_is_told_once():
    rows = [claim(1e9, about={**TURNOVER, "partners": ["ZZZ9"]}) for _ in range(3)]
    (fault,) = unregistered(claims(*rows, claim(1e9)))
    assert (fault.column, fault.value) == ("partners", "ZZZ9")
    assert "3 claims" in fault.why


def test_a_book_of_nothing_is_empty():
    book = reconcile(claims_table([]))
    assert book.facts.is_empty()
    assert book.conflicts.is_empty()


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

    monkeypatch.setattr("kopir.core.folders.together._write", refuse)
    with pytest.raises(InputError, match="No space left"):
        write_book(book, folder)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()} == before


def test_a_folder_that_another_has_changed_since_it_was_read_is_not_overwritten(tmp_path):
    folder = read_folder(write_model(tmp_path / "m", {"facts": [FACT], "sources": [SOURCE]}))
    book = reconcile(claims(claim(12e9, "12 bn", about={**TURNOVER, "indicator": "export", "partners": []})))
    write_model(folder.path, {"facts": [FACT], "sources": [SOURCE, {**SOURCE, "source": "S-LATER"}]})
    with pytest.raises(Locked, match="K0603 the folder has changed since it was read"):
        write_book(book, folder)
    assert "S-LATER" in (folder.path / "sources.csv").read_text("utf-8")
