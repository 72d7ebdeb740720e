"""Tables against their schemas: shape, cells, types and the way back to text."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kopir.core.errors import Fault
from kopir.core.folders.schema import Column, TableSchema, table_schemas
from kopir.core.folders.tables import MAX_FAULTS, MAX_ROWS, Table, csv_text, format_table, make_table, parse_table


def column(name, type_, required="", default="", refers_to=""):
    return Column(name, type_, "", required, default, refers_to, f"the {name}")


SCHEMA = TableSchema(
    "things",
    (
        column("thing", "id", "key"),
        column("part", "number", "key?"),
        column("kind", "choice", "yes", refers_to="big|small"),
        column("size", "number", default="1"),
        column("amount", "quantity"),
        column("open", "flag", default="no"),
        column("friends", "ids"),
        column("who", "clause"),
        column("day", "date"),
        column("year", "period"),
        column("unit", "unit"),
        column("sum", "formula"),
        column("balance", "equation"),
        column("note", "text"),
    ),
)
HEADER = ",".join(SCHEMA.names)
NOTES = TableSchema("notes", (column("note", "text", "key"), column("more", "text")))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def faults_of(text, schema=SCHEMA):
    return parse_table(text, schema)[1]


def the_fault(text, schema=SCHEMA):
    (fault,) = faults_of(text, schema)
    assert fault.mend
    return fault


def place(fault):
    return fault.code, fault.file, fault.line, fault.column, fault.value


def test_rows_and_the_lines_on_which_they_begin():
    text = 'thing,kind,note\n\nA,big,"one\ntwo"\n , ,\nB,small,«кавычки» ""\n'.replace('«кавычки» ""', "тест")
    table, faults = parse_table(text, SCHEMA)
    assert faults == []
    assert table.file == "things.csv"
    assert table.present == ("thing", "kind", "note")
    assert table.cells["line"].to_list() == [3, 6]
    assert table.cells["note"].to_list() == ["one\ntwo", "тест"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_of_every_system_are_read_alike(ending):
    text = ending.join(["thing,kind,note", 'A,big,"one', 'two"', "B,small,", ""])
    table, faults = parse_table(text, SCHEMA)
    assert faults == []
    assert table.cells["line"].to_list() == [2, 4]
    assert table.cells["note"].to_list() == ["one\ntwo", ""]


def test_cells_are_typed_and_defaults_filled_in():
    text = "thing,part,kind,size,open,friends,who,note\nA,+1.,big,.5e1,yes,B  C,RUS + KAZ, x \nB,,big,,,,,\n"
    table, faults = parse_table(text, SCHEMA)
    assert faults == []
    typed = table.typed
    assert typed.schema == {
        "line": pl.Int64,
        **dict.fromkeys(SCHEMA.names, pl.String),
        "part": pl.Float64,
        "size": pl.Float64,
        "open": pl.Boolean,
        "friends": pl.List(pl.String),
        "who": pl.List(pl.String),
    }
    assert typed.select("part", "size", "open", "friends", "who", "note", "amount").rows() == [
        (1.0, 5.0, True, ["B", "C"], ["RUS", "KAZ"], "x", None),
        (None, 1.0, False, [], [], None, None),
    ]
    assert [row["note"] for row in table.records()] == ["x", ""]


@given(st.text(alphabet="0123456789.eE+- \t\x1c\x85\xa0٣", max_size=8))
def test_a_number_that_passes_the_check_is_never_lost_when_typed(cell):
    table, faults = parse_table(f'thing,kind,size\nA,big,"{cell}"\n', SCHEMA)
    if not faults:
        assert table.typed["size"].null_count() == 0


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("thing", "A B", "K0211"),
        ("kind", "bgi", "K0208"),
        ("size", "five", "K0205"),
        ("size", "NaN", "K0205"),
        ("size", "1e999", "K0205"),
        ("size", '"1,500"', "K0205"),
        ("amount", "5 Mt", "K0214"),
        ("amount", "nan", "K0214"),
        ("amount", "5 [9..1]", "K0302"),
        ("amount", "F1 [9..1]", "K0302"),
        ("amount", "5 [6..7]", "K0303"),
        ("open", "maybe", "K0212"),
        ("friends", "A B+C", "K0211"),
        ("who", "+", "K0213"),
        ("who", "RUS+", "K0213"),
        ("who", "RUS++KAZ", "K0213"),
        ("who", "RUS KAZ", "K0211"),
        ("day", "2025-02-30", "K0209"),
        ("day", "20250201", "K0209"),
        ("day", "2025-W01-1", "K0209"),
        ("year", "2025-13", "K0210"),
        ("unit", "Mt/y", "K0215"),
        ("sum", "F1 +", "K0217"),
        ("sum", "F1 = F2", "K0217"),
        ("balance", "F1 + F2", "K0217"),
        ("balance", "F1 = F2 = F3", "K0217"),
        ("balance", "F1 =", "K0217"),
    ],
)
def test_a_cell_that_its_column_cannot_hold(name, cell, code):
    cells = {"thing": "A", "kind": "big", name: cell}
    text = ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"
    assert place(the_fault(text)) == (code, "things.csv", 2, name, cell.strip('"'))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("amount", "5 [5..5]"),
        ("amount", "F1 [0..1]"),
        ("who", "RUS"),
        ("who", "RUS + KAZ"),
        ("day", "2024-02-29"),
        ("year", "2024-01/2024-10"),
        ("unit", "million USD/yr"),
        ("sum", "F1 / (F2 - F3)"),
        ("balance", "F1 + F2 = F3 * 0.5"),
    ],
)
def test_a_cell_that_its_column_can_hold(name, cell):
    assert faults_of(f"thing,kind,{name}\nA,big,{cell}\n") == []


def test_a_required_cell_that_is_blank():
    assert place(the_fault("thing,kind\nA,\n")) == ("K0203", "things.csv", 2, "kind", None)


def test_a_blank_key_is_one_fault_a_row_and_no_duplicate():
    assert [fault.code for fault in faults_of("thing,kind\n,big\n,big\n")] == ["K0203", "K0203"]


def test_a_duplicate_names_both_lines():
    fault = the_fault("thing,part,kind\nA,1,big\nA,2,big\nA,1.0,small\n")
    assert place(fault) == ("K0204", "things.csv", 4, "thing", "A, 1.0")
    assert "line 2" in fault.why


def test_codes_that_look_like_equal_numbers_are_different_codes():
    assert faults_of("thing,kind\n01,big\n1,big\n1.0,big\n1e2,big\n100,big\n") == []


def test_a_clause_is_the_same_in_any_order():
    schema = TableSchema("denial", (column("who", "clause", "key"),))
    fault = the_fault("who\nRUS+KAZ\nKAZ + RUS\n", schema)
    assert (fault.code, fault.line) == ("K0204", 3)


def test_no_duplicates_are_claimed_where_a_key_column_is_missing():
    schema = TableSchema("pairs", (column("left", "id", "key"), column("right", "id", "key")))
    assert the_fault("left\nA\nA\n", schema).code == "K0201"


def test_columns_missing_unknown_and_double():
    faults = faults_of("thing,knid,note,note\nA,big,,\n")
    assert [place(fault) for fault in faults] == [
        ("K0201", "things.csv", 1, "kind", None),
        ("K0202", "things.csv", 1, "knid", "knid"),
        ("K0202", "things.csv", 1, "note", None),
    ]
    assert '"kind"' in faults[1].mend


@pytest.mark.parametrize("text", ["", "\n", "\n\n", "   \n"])
def test_a_table_without_header(text):
    assert place(the_fault(text)) == ("K0219", "things.csv", 1, None, None)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheets_separator_is_read(separator):
    table, faults = parse_table("thing,kind,note\nA,big,x\n".replace(",", separator), SCHEMA)
    assert faults == []
    assert next(iter(table.records()))["note"] == "x"


@pytest.mark.parametrize(
    ("cell", "apart", "read"),
    [
        ("60,5 [45..80]", ",", "60.5 [45..80]"),
        ("1,5 [1,3..2,25]", ",", "1.5 [1.3..2.25]"),
        ("F0154 [30,5..46]", ",", "F0154 [30.5..46]"),
        ("1,5 [1,3,,2]", ";", "1.5 [1.3..2]"),
        ("0,1 [0,05,,0,2]", ";", "0.1 [0.05..0.2]"),
        ("1,234", ";", "1.234"),
        ("-2,5", "\t", "-2.5"),
    ],
)
def test_decimal_commas_are_read_where_they_can_be_nothing_else(cell, apart, read):
    quoted = f'"{cell}"' if apart == "," else cell
    text = apart.join(("thing", "kind", "amount")) + "\n" + apart.join(("A", "big", quoted)) + "\n"
    table, faults = parse_table(text, SCHEMA)
    assert faults == []
    assert next(iter(table.records()))["amount"] == read


@pytest.mark.parametrize("cell", ["1,234", "1,234,567", "12,000 [1..2]", "1.234,5"])
def test_a_comma_that_may_part_thousands_is_a_fault(cell):
    fault = the_fault(f'thing,kind,amount\nA,big,"{cell}"\n')
    assert (fault.code, fault.value) == ("K0214", cell)
    assert "the comma may be a decimal sign or part thousands" in fault.why


def test_rows_of_another_length_are_faults_and_the_rest_is_still_checked():
    faults = faults_of("thing,kind\nA,big,extra\nB\nC,huge\n")
    assert [(fault.code, fault.line) for fault in faults] == [("K0105", 2), ("K0105", 3), ("K0208", 4)]


@pytest.mark.parametrize(("text", "line"), [('thing,kind\nA,big\n"B,big\n\n', 3), ('thing,kind\nA,"b"ig\n', 2)])
def test_broken_quotes_are_named_where_they_begin(text, line):
    fault = the_fault(text)
    assert (fault.code, fault.line) == ("K0105", line)


def test_every_fault_of_a_table_is_listed():
    faults = faults_of("thing,kind,size,color\nA B,huge,x,1\nC,big,1,2\nC,big,nan,3\n")
    assert sorted((fault.line, fault.code) for fault in faults) == [
        (1, "K0202"),
        (2, "K0205"),
        (2, "K0208"),
        (2, "K0211"),
        (4, "K0204"),
        (4, "K0205"),
    ]


def test_a_flood_of_faults_is_cut_and_says_so():
    faults = faults_of("thing,kind\n" + "A,big,\n" * (2 * MAX_FAULTS))
    assert len(faults) == MAX_FAULTS + 1
    assert (faults[-1].code, faults[-1].file) == ("K0110", "things.csv")
    faults = faults_of("thing,kind," + ",".join(f"c{number}" for number in range(100_000)) + "\n")
    assert len(faults) == MAX_FAULTS + 1
    (fault,) = faults_of(",".join(f"c{number}" for number in range(100_000)) + "\n")
    assert (fault.code, fault.line) == ("K0219", 1)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("kopir.core.folders.tables.MAX_ROWS", 3)
    assert MAX_ROWS >= 100_000
    rows = "".join(f"A{number},big\n" for number in range(4))
    fault = the_fault("thing,kind\n" + rows)
    assert (fault.code, fault.file) == ("K0103", "things.csv")


def test_a_made_table_is_blank_where_nothing_is_given():
    table = make_table(SCHEMA, [{"thing": "A", "kind": " big "}, {"thing": "B", "kind": "small"}])
    assert table.cells["line"].to_list() == [2, 3]
    assert table.cells["kind"].to_list() == ["big", "small"]
    assert table.cells["note"].to_list() == ["", ""]
    with pytest.raises(KeyError, match="colour"):
        make_table(SCHEMA, [{"thing": "A", "colour": "red"}])


def cells_of(table):
    return [tuple(row[name] for name in NOTES.names) for row in table.records()]


@given(st.lists(st.tuples(TEXT, TEXT).filter(lambda row: any(cell.strip() for cell in row)), max_size=5))
def test_what_is_made_is_read_back(rows):
    made = make_table(NOTES, [dict(zip(NOTES.names, row, strict=True)) for row in rows])
    table, faults = parse_table(format_table(made), NOTES)
    assert [fault for fault in faults if fault.code not in {"K0203", "K0204"}] == []
    assert cells_of(table) == cells_of(made)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_line_end_within_a_cell_begins_no_row(end):
    made = make_table(NOTES, [{"note": "a", "more": f"a{end}B,c"}, {"note": "b", "more": "d"}])
    table, faults = parse_table(format_table(made), NOTES)
    assert faults == []
    assert cells_of(table) == [("a", "a\nB,c"), ("b", "d")]
    assert csv_text([["a\rb", 1], [], ["c"]], end=end) == f'"a\rb",1{end}{end}c{end}'


@settings(max_examples=300)
@given(TEXT | st.text(alphabet='ab,"\n\r\t;\0é ', max_size=40))
def test_any_text_is_parsed_or_faulted_and_then_written_back_the_same(text):
    for given_text in (text, f"note,more\n{text}"):
        table, faults = parse_table(given_text, NOTES)
        assert all(isinstance(fault, Fault) and fault.mend and fault.file == "notes.csv" for fault in faults)
        if not faults:
            written = format_table(table)
            again, new_faults = parse_table(written, NOTES)
            assert new_faults == []
            assert again.cells.drop("line").equals(table.cells.drop("line"))
            assert again.present == table.present
            assert format_table(again) == written


@pytest.mark.parametrize("schema", table_schemas().values(), ids=table_schemas())
def test_an_empty_table_of_every_schema_goes_there_and_back(schema):
    table = make_table(schema, [])
    again, faults = parse_table(format_table(table), schema)
    assert faults == []
    assert isinstance(again, Table)
    assert (again.present, again.cells.height, again.typed.height) == (schema.names, 0, 0)


@given(st.sampled_from(list(SCHEMA.names)), TEXT)
def test_any_cell_of_any_type_is_accepted_or_faulted(name, cell):
    made = make_table(SCHEMA, [{"thing": "A", "kind": "big"} | {name: cell}])
    table, faults = parse_table(format_table(made), SCHEMA)
    for fault in faults:
        assert re.fullmatch(r"K\d{4}", fault.code)
        assert fault.value is None or len(fault.value) <= 200
    if not faults:
        assert table.typed.height == 1
