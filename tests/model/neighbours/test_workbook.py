"""One workbook is one model folder: out and back without a changed byte, and what people type in between."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from kopir.core.errors import InputError, KopirError
from kopir.core.folders.folder import read_folder
from kopir.core.folders.tables import format_table
from kopir.model.bundled import bundled_models, bundled_path
from kopir.model.bundled.starters import starter_path
from kopir.model.neighbours.sheets import read_sheets, written
from kopir.model.neighbours.workbook import as_workbook, from_workbook

STARTERS = ("export", "gas", "import", "rail", "trade", "transit")


def book(path: Path, sheets: dict[str, list[list[object]]], formats: dict[str, str] | None = None) -> Path:
    with Workbook(path) as out:
        for name, rows in sheets.items():
            sheet = out.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, place, value, out.add_format({"num_format": "dd.mm.yyyy"}))
                    elif value is not None:
                        sheet.write(number, place, value)
    return path


@pytest.mark.parametrize(
    "source",
    [pytest.param(one, marks=pytest.mark.slow) for one in bundled_models()] + list(STARTERS),
)
def test_a_folder_comes_back_byte_for_byte(source: str, tmp_path: Path) -> None:
    place = bundled_path(source) or starter_path(source)  # type: ignore[arg-type]
    folder = read_folder(place)
    (tmp_path / "x.xlsx").write_bytes(as_workbook(folder).data)
    back = from_workbook(tmp_path / "x.xlsx")
    texts = [path for path in place.rglob("*") if path.suffix in {".toml", ".md", ".geojson"}]
    assert set(back) == {path.relative_to(place).as_posix() for path in [*texts, *place.glob("*.csv")]}
    for path in texts:
        assert back[path.relative_to(place).as_posix()] == path.read_bytes(), path
    for table in folder.tables.values():
        if table.present:
            assert back[table.file] == format_table(table).encode(), table.file


@pytest.mark.parametrize(
    "source", [pytest.param("kazakhstan", marks=pytest.mark.slow), "azerbaijan", "uzbekistan"]
)
def test_a_bundled_table_is_written_as_its_file_is(source: str) -> None:
    place = bundled_path(source)
    assert place is not None
    tables = read_folder(place).tables
    assert all(path.read_bytes() == format_table(tables[path.stem]).encode() for path in place.glob("*.csv"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_again_as_itself(number: float) -> None:
    assert float(written(number)) == number


@pytest.mark.slow
@settings(max_examples=50)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\ufffe\uffff"), max_size=40),
        min_size=1,
        max_size=4,
    )
)
def test_any_text_comes_back_from_a_sheet(cells: list[str]) -> None:
    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        sheet = made.add_worksheet("s")
        for place, cell in enumerate(cells):
            sheet.write_string(0, place, cell)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(out.getvalue())
        file.flush()
        (rows,) = [*read_sheets(Path(file.name)).values()][0:1]
    got = rows[0] if rows else []
    wanted = [cell if cell.strip() else "" for cell in cells]
    assert [*got, *[""] * (len(cells) - len(got))] == wanted


def test_what_people_type_is_read_as_a_folder_writes_it(tmp_path: Path) -> None:
    typed = book(
        tmp_path / "typed.xlsx",
        {
            "kopir.toml": [["format = 1"], [None], ["[model]"]],
            "Links": [["link", "length", "valid_from", "flag", None], ["A", 38.0, date(2026, 5, 1), True, None]],
            "carries.csv": [["link", "cost"], [None, None], ["A", 0.1]],
            "_mine": [["sums"], [1]],
        },
    )
    assert from_workbook(typed) == {
        "kopir.toml": b"format = 1\n\n[model]\n",
        "links.csv": b"link,length,valid_from,flag\nA,38,2026-05-01,yes\n",
        "carries.csv": b"link,cost\n\nA,0.1\n",
    }


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"links": [["link"]]}, "no sheet kopir.toml"),
        ({"kopir.toml": [["x"]], "linkz": [["link"]]}, "no table of a model"),
        (
            {"kopir.toml": [["x"]], "files": [["file", "line", "text"], ["../x.toml", 1, "a"]]},
            "names another file",
        ),
        ({"kopir.toml": [["x"]], "files": [["file", "line", "text"], ["x.sh", 1, "a"]]}, "names another file"),
    ],
)
def test_what_is_no_model_is_a_fault_with_a_mend(sheets, said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=said) as raised:
        from_workbook(book(tmp_path / "x.xlsx", sheets))
    assert all(fault.mend for fault in raised.value.faults)


def packed(path: Path, parts: dict[str, str]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path


M = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XLSX = {
    "xl/workbook.xml": f'<workbook {M} xmlns:r="{R}"><sheets><sheet name="s" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
}
TABLE, OFFICE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("table", "office", "text"))
NS = f'xmlns:t="{TABLE}" xmlns:o="{OFFICE}" xmlns:x="{TEXT}"'


CELL = "<t:table-cell><x:p>1</x:p></t:table-cell>"


def xlsx(path: Path, data: str) -> Path:
    return packed(
        path, XLSX | {"xl/worksheets/sheet1.xml": f"<worksheet {M}><sheetData>{data}</sheetData></worksheet>"}
    )


def ods(path: Path, rows: str) -> Path:
    body = f'<o:body><o:spreadsheet><t:table t:name="s">{rows}</t:table></o:spreadsheet></o:body>'
    return packed(path, {"content.xml": f"<o:document-content {NS}>{body}</o:document-content>"})


def test_an_open_document_is_read_too(tmp_path: Path) -> None:
    rows = (
        "<t:table-row><t:table-cell><x:p>link</x:p></t:table-cell><t:table-cell><x:p>cost</x:p></t:table-cell>"
        '<t:table-cell t:number-columns-repeated="16382"/></t:table-row>'
        '<t:table-row t:number-rows-repeated="2"><t:table-cell><x:p>A<x:s x:c="2"/>B</x:p></t:table-cell>'
        '<t:table-cell o:value-type="percentage" o:value="0.05"><x:p>5 %</x:p></t:table-cell></t:table-row>'
        '<t:table-row><t:table-cell o:value-type="date" o:date-value="2026-05-01T00"><x:p>1</x:p></t:table-cell>'
        '<t:table-cell o:value-type="boolean" o:boolean-value="false"/></t:table-row>'
        '<t:table-row t:number-rows-repeated="1048000"><t:table-cell t:number-columns-repeated="9"/></t:table-row>'
    )
    assert read_sheets(ods(tmp_path / "x.ods", rows)) == {
        "s": [["link", "cost"], ["A  B", "0.05"], ["A  B", "0.05"], ["2026-05-01", "no"]]
    }


def test_bombs_are_refused(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    bombs = [
        xlsx(tmp_path / "far.xlsx", far),
        xlsx(tmp_path / "wide.xlsx", "<row/>" * 2_000_000),
        xlsx(tmp_path / "deep.xlsx", "<a>" * 500 + "</a>" * 500),
        packed(tmp_path / "big.xlsx", XLSX | {"xl/worksheets/sheet1.xml": " " * (80 * 2**20)}),
        packed(tmp_path / "dtd.xlsx", {"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        ods(
            tmp_path / "tall.ods",
            f'<t:table-row t:number-rows-repeated="9999999">{CELL}</t:table-row>',
        ),
        ods(
            tmp_path / "broad.ods",
            "<t:table-row>"
            + CELL.replace("cell>", 'cell t:number-columns-repeated="9999999">', 1)
            + "</t:table-row>",
        ),
    ]
    none = tmp_path / "none.xlsx"
    none.write_bytes(b"PK\3\4 no package")
    for path in [*bombs, none, tmp_path / "missing.xlsx"]:
        with pytest.raises(KopirError) as raised:
            read_sheets(path)
        assert raised.value.faults, path
        assert all(fault.mend for fault in raised.value.faults)


def test_damage_anywhere_is_a_fault_and_nothing_else(tmp_path: Path) -> None:
    whole = as_workbook(read_folder(starter_path("import"))).data
    for at in range(0, len(whole), 211):
        (tmp_path / "x.xlsx").write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        with suppress(KopirError):
            from_workbook(tmp_path / "x.xlsx")
