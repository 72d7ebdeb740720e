"""Bilateral trade files of three shapes, each small enough to total by hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import trace
from kopir.model.ties.trade import read_trade
from kopir.model.trade_files.shapes import recognise
from kopir.model.trade_files.trade_areas import AREA, SUM, WORLD, state_of
from kopir.model.trade_files.trade_import import TradeImport, import_trade
from kopir.model.trade_files.world import make_world_model
from kopir.strategy.trade.imports import imports
from tests.folders import states, write_model

FILES = Path(__file__).parents[1] / "data" / "trade"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model with Russia, China and the European Union, of which it names only Germany."""
    jurisdictions = [row | {"members": ""} for row in states("RUS", "CHN", "DEU")]
    union = {"jurisdiction": "EU", "kind": "union", "members": "DEU"}
    return write_model(tmp_path / "m", {"jurisdictions": [*jurisdictions, union]}, players=("RUS",))


def brought(folder: Path, *names: str | Path, **options: object) -> TradeImport:
    return import_trade([FILES / name for name in names], read_folder(folder), **options)  # type: ignore[arg-type]


def values(folder: Path, flow: str, sector: str) -> dict[tuple[str, str], float]:
    with (folder / "trade.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["flow"], row["sector"]) == (flow, sector)]
    return {(row["year"], row["partner"]): float(row["value"]) for row in rows}


def written(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "given.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_baci_is_totalled_by_partner_and_group(folder: Path) -> None:
    """Textiles: 50 + 30 + 6 + 4 + 10 of an area that is no state; France counts in the union by the registry."""
    found = brought(folder, "baci.csv", sectors=["textiles", "coal", "fuels", "animals_meat_dairy"])
    assert found.shape == "baci"
    assert values(folder, "import", "textiles") == {
        ("2024", ""): 100.0,
        ("2024", "RUS"): 50.0005,
        ("2024", "CHN"): 30,
        ("2024", "DEU"): 6,
        ("2024", "EU"): 10,
    }
    assert values(folder, "import", "coal")["2024", "RUS"] == 5, "the longest code that fits is 2701"
    assert values(folder, "import", "fuels")["2024", "RUS"] == 0.7
    assert values(folder, "import", "animals_meat_dairy")["2024", "CHN"] == 2, "10121 lost its leading zero"
    assert values(folder, "export", "textiles") == {
        ("2024", ""): 40,
        ("2024", "RUS"): 0,
        ("2024", "CHN"): 40,
        ("2024", "DEU"): 0,
        ("2024", "EU"): 0,
    }
    (row,) = found.table.filter(flow="import", sector="textiles").iter_rows(named=True)
    assert row["perimeter"] == "reconciled"
    assert row["named"] == pytest.approx(0.900005)


def test_part_of_all_goods_is_refused_unless_the_groups_are_named(folder: Path) -> None:
    with pytest.raises(InputError, match="K0354 the goods are not all there: 3 chapters of 97"):
        brought(folder, "baci.csv")
    assert not (folder / "trade.csv").exists()
    assert not (folder / "sectors.csv").exists()


def test_a_file_of_all_goods_fills_the_function(folder: Path, tmp_path: Path) -> None:
    chapters = [f"{chapter:02}0101" for chapter in range(1, 98) if chapter not in {27, 77}]
    rows = [
        f"2024,{seller},398,{product},{value},1"
        for product in chapters
        for seller, value in ((643, 30), (156, 70))
    ]
    found = brought(folder, written(tmp_path, "t,i,j,k,v,q", *rows))
    assert values(folder, "import", "all")["2024", ""] == pytest.approx(len(chapters) * 0.1)
    model = open_model(folder)
    (row,) = imports(model).table.filter(partner="RUS").iter_rows(named=True)
    assert row["share"] == pytest.approx(0.3)
    assert row["short_musd"] == pytest.approx(9.5 * (0.7 ** (-1 / (0.38 * 5.04)) - 1))
    assert imports(model, by_sector=True).table.filter(partner="RUS")["long_musd"].null_count() == 0
    assert any("product groups that come with kopir were added" in note for note in found.notes)


def test_every_figure_leads_to_its_source(folder: Path) -> None:
    found = brought(folder, "baci.csv", sectors=["textiles"])
    model = open_model(folder)
    book = read_trade(model)
    (cell,) = book.parts("import", "textiles", "2024", ["RUS"])
    assert (cell.grade, cell.source) == ("sourced", found.source)
    steps = [step for _, step in trace(model, str(cell.ref)).walk()]
    assert [step.kind for step in steps] == ["cell", "source"]
    assert "BACI of CEPII, baci.csv" in steps[-1].text


def test_comtrade_takes_one_level_one_side_and_no_breakdown(folder: Path) -> None:
    """Chapters add up to most; transport and customs breakdowns, months, re-imports and mirror rows stay out."""
    found = brought(folder, "comtrade.csv")
    assert values(folder, "import", "all") == {
        ("2023", ""): 1000,
        ("2023", "RUS"): 400,
        ("2023", "CHN"): 300,
    }, "750 of 1000 are told, so that Germany without a row is a gap, not nought"
    assert "no figure of import with DEU for 2023: left open, not nought" in found.notes
    assert "no row of all partners for export of 2023: the whole is unknown, not their sum" in found.notes
    assert values(folder, "import", "textiles")["2023", "RUS"] == 250
    assert values(folder, "import", "machinery")["2023", ""] == 390
    perimeters = dict(found.table.filter(sector="all").select("flow", "perimeter").iter_rows())
    assert perimeters == {"import": "customs_own_side", "export": "customs_partner_side"}


def test_the_other_side_may_be_preferred(folder: Path) -> None:
    brought(folder, "comtrade.csv", side="partner")
    assert values(folder, "import", "all")["2023", "RUS"] == 450


def test_imts_long(folder: Path) -> None:
    """Yearly dollars with freight and insurance; sums of states and other currencies stay out."""
    found = brought(folder, "imts_long.csv")
    assert values(folder, "import", "all") == {
        ("2024", ""): 60,
        ("2024", "RUS"): 18.5,
        ("2024", "CHN"): 15.5,
    }
    assert values(folder, "export", "all")["2024", "CHN"] == 14
    assert "left out as sums of states or unknown: Advanced Economies" in found.notes


def test_imts_wide_leaves_gaps(folder: Path) -> None:
    found = brought(folder, "imts_wide.csv")
    assert values(folder, "import", "all")["2021", "CHN"] == 8.2
    assert {year for year, _ in values(folder, "import", "all")} == {"2021", "2023"}
    assert "no import figures of 2022: the gap stays open" in found.notes
    assert ("RUS", "all", "no figures of 2022: the gap stays open") in imports(open_model(folder)).gaps.rows()


def test_rows_of_other_years_and_groups_are_kept(folder: Path, tmp_path: Path) -> None:
    brought(folder, "imts_long.csv")
    brought(folder, "imts_wide.csv")
    baci = written(tmp_path, "t,i,j,k,v,q", "2024,643,398,520100,9000,1")
    brought(folder, baci, sectors=["textiles"])
    first = (folder / "trade.csv").read_bytes(), (folder / "sources.csv").read_bytes()
    assert {year for year, _ in values(folder, "import", "all")} == {"2021", "2023", "2024"}
    brought(folder, baci, sectors=["textiles"])
    assert ((folder / "trade.csv").read_bytes(), (folder / "sources.csv").read_bytes()) == first


def test_a_file_of_all_goods_leaves_no_older_groups(folder: Path, tmp_path: Path) -> None:
    brought(folder, "baci.csv", sectors=["textiles", "coal"])
    chapters = [f"{chapter:02}0202" for chapter in range(1, 98) if chapter not in {27, 77}]
    rows = [f"2024,643,398,{product},{value},1" for value, product in enumerate(chapters, 1)]
    brought(folder, written(tmp_path, "t,i,j,k,v,q", *rows))
    assert values(folder, "import", "coal") == {}
    assert values(folder, "export", "textiles")["2024", "CHN"] == 40, "the file has no exports"
    assert values(folder, "import", "all")["2024", ""] == pytest.approx(sum(range(1, 96)) / 1000)


def test_what_does_not_fit_the_folder_is_not_written(folder: Path, tmp_path: Path) -> None:
    brought(folder, "imts_long.csv")
    before = (folder / "trade.csv").read_bytes()
    more = written(tmp_path, "t,i,j,k,v,q", "2024,643,398,520100,61000,1")
    with pytest.raises(InputError, match="K0344 sectors come to 61 in 2024, more than all goods"):
        brought(folder, more, sectors=["textiles"])
    assert (folder / "trade.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "t,i,j,k,v,q",
            "2024,643,398,520100,5 000,1",
            "given.csv:2:v K0205 not a finite number\n  value: '5 000'",
        ),
        ("t,i,j,k,v,q", "2024,643,398,520100,nan,1", "given.csv:2:v K0205"),
        ("t,i,j,k,v,q", "2024,643,398,520100,,1", "given.csv:2:v K0203 the value is blank"),
        ("t,i,j,k,v,q", "2024,643,398,520100,-5,1", "given.csv:2:v K0304 a negative value"),
        ("t,i,j,k,v,q", "24,643,398,520100,5,1", "given.csv:2:year K0210 not a calendar year\n  value: '24'"),
        ("t,i,j,k,v,q", "2024,643,398,52x,5,1", "given.csv:2:k K0341"),
        ("t,i,j,k,v,q", "2024,987,398,520100,5,1", "given.csv:2 K0352 unknown code of a country in 1 rows"),
        ("t,i,j,k,v,q", "2024,643,156,520100,5,1", "given.csv K0353 no yearly rows of KAZ"),
        ("t;i;j;k;v;q", "2024;643;398;520100;5;1", "given.csv:1 K0105 cells are separated by ';'"),
        ("t,i,j,k,v,q", "2024,643,398,520100,5,000,1", "given.csv:2 K0105 more cells than the header has"),
        (
            "t,i,j,k,v,q",
            "2024,643,398,520100,5,1,7,8",
            "given.csv:2 K0105 more cells than the header has\n  value: '7'",
        ),
        ("t,i,j,hs6,v,q", "2024,643,398,520100,5,1", "K0351 a trade file of no known shape; nearest is baci"),
        ("t,i,j,k,v,V", "2024,643,398,520100,5,1", "given.csv:1:v K0202 column 'v' stands twice"),
        ("", "", "given.csv:1 K0351"),
    ],
)
def test_bad_files_are_named(folder: Path, tmp_path: Path, header: str, row: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        brought(folder, written(tmp_path, header, row), sectors=["textiles"])
    assert expected in str(caught.value)
    assert not (folder / "trade.csv").exists()


def test_all_faults_of_a_file_are_collected(folder: Path, tmp_path: Path) -> None:
    rows = [
        "2024,643,398,520100,x,1",
        "2024,987,398,520100,5,1",
        "2024,988,398,520100,5,1",
        "2024,988,398,520200,5,1",
    ]
    with pytest.raises(InputError) as caught:
        brought(folder, written(tmp_path, "t,i,j,k,v,q", *rows), sectors=["textiles"])
    found = [(fault.line, fault.code, fault.value) for fault in caught.value.faults]
    assert found == [(2, "K0205", "x"), (3, "K0352", "987"), (4, "K0352", "988")]


def test_a_row_twice(folder: Path, tmp_path: Path) -> None:
    given = written(tmp_path, "t,i,j,k,v,q", "2024,643,398,520100,5,1", "2024,643,398,520100,5,1")
    with pytest.raises(InputError, match=r"given\.csv:3 K0204 a second figure of import 520100 with 643 in 2024"):
        brought(folder, given, sectors=["textiles"])


def test_unknown_scale(folder: Path, tmp_path: Path) -> None:
    header = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE"
    given = written(tmp_path, header, "KAZ,MG_CIF_USD,RUS,A,2024,5,Lakhs")
    with pytest.raises(InputError, match=r"given\.csv:2:scale K0205 an unknown scale"):
        brought(folder, given)


def test_a_partner_left_out_of_an_unknown_whole(folder: Path, tmp_path: Path) -> None:
    header = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE"
    rows = ["KAZ,MG_CIF_USD,RUS,A,2024,5,Units", "KAZ,MG_CIF_USD,Chyna,A,2024,5,Units"]
    with pytest.raises(InputError, match="K0352 no state, and no import row of all partners in 2024"):
        brought(folder, written(tmp_path, header, *rows))


def test_unknown_sector(folder: Path) -> None:
    with pytest.raises(InputError, match="K0207 unknown sector 'textile'"):
        brought(folder, "baci.csv", sectors=["textile"])


def test_a_group_that_the_file_does_not_hold(folder: Path) -> None:
    with pytest.raises(InputError, match="K0353 no goods of machinery"):
        brought(folder, "baci.csv", sectors=["machinery"])
    assert not (folder / "trade.csv").exists()


def test_faults_of_all_files_are_collected(folder: Path, tmp_path: Path) -> None:
    given = written(tmp_path, "t,i,j,k,v,q", "2024,643,398,520100,-5,1")
    with pytest.raises(InputError) as caught:
        brought(folder, given, tmp_path / "none.csv", sectors=["textiles"])
    assert [fault.code for fault in caught.value.faults] == ["K0304", "K0102"]


def test_files_of_two_shapes(folder: Path) -> None:
    with pytest.raises(InputError, match="K0351 files of several shapes: baci, imts"):
        brought(folder, "baci.csv", "imts_long.csv")


def test_not_utf8(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes("t,i,j,k,v,q,é\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"given\.csv:1 K0104 not UTF-8"):
        brought(folder, path)
    path.write_bytes(b"t,i,j,k,v,q\n2024,643,398,520100,5,\xe9\n")
    brought(folder, path, sectors=["textiles"])
    assert values(folder, "import", "textiles")["2024", "RUS"] == 0.005, "a column that is not used blocks nothing"


def test_missing_file(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv K0102"):
        brought(folder, tmp_path / "none.csv")


def test_columns_of_two_shapes() -> None:
    header = [
        "t",
        "i",
        "j",
        "k",
        "v",
        "period",
        "reporterISO",
        "partnerISO",
        "flowCode",
        "cmdCode",
        "primaryValue",
    ]
    with pytest.raises(InputError, match="K0351 columns of baci and of comtrade"):
        recognise(header, "given.csv")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("398", "KAZ"),
        ("251", "FRA"),
        ("250", "FRA"),
        ("699", "IND"),
        ("004", "AFG"),
        ("RUS", "RUS"),
        ("Russian Federation", "RUS"),
        ("Kazakhstan, Republic of", "KAZ"),
        ("China, P.R.: Mainland", "CHN"),
        ("Türkiye, Republic of", "TUR"),
        ("490", "TWN"),
        ("S19", "TWN"),
        ("839", AREA),
        ("XX ", AREA),
        ("97", SUM),
        ("EUR", SUM),
        ("China, P.R.: Hong Kong", "HKG"),
        ("China, Macao SAR", "MAC"),
        ("Korea, Rep. of", "KOR"),
        ("Korea, Dem. People's Rep. of", "PRK"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Congo, Rep. of", "COG"),
        ("Iran, Islamic Republic of", "IRN"),
        ("Gambia, The", "GMB"),
        ("Cote d'Ivoire", "CIV"),
        ("China, Province of Nowhere", None),
        ("Guinea, New", None),
        ("_X", AREA),
        ("0", WORLD),
        ("W00", WORLD),
        ("987", None),
        ("RUSS", None),
        ("", None),
    ],
)
def test_codes_of_partners(text: str, state: str | None) -> None:
    assert state_of(text) == state


COMTRADE = (
    "typeCode,freqCode,refYear,period,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,partner2Code,"
    "classificationCode,cmdCode,customsCode,motCode,primaryValue"
)


def comtrade(partner: str, iso: str, value: int, **cells: str) -> str:
    """A row of imports of all goods in 2023, millions of dollars."""
    row = {"type": "C", "flow": "M", "cls": "H6", "cmd": "TOTAL", "way": "0", "reporter": "398", "own": "KAZ"}
    row |= cells
    reporter, flow, kind = f"{row['reporter']},{row['own']}", row["flow"], row["type"]
    tail = f"0,{row['cls']},{row['cmd']},C00,{row['way']},{value}000000"
    return f"{kind},A,2023,2023,{reporter},{flow},{partner},{iso},{tail}"


def imported(folder: Path) -> dict[str, float]:
    return {partner: value for (_, partner), value in values(folder, "import", "all").items()}


def test_secret_trade_counts_in_the_whole_and_is_no_states(folder: Path, tmp_path: Path) -> None:
    rows = [comtrade("0", "W00", 1000), comtrade("643", "RUS", 400), comtrade("156", "CHN", 500)]
    brought(folder, written(tmp_path, COMTRADE, *rows, comtrade("839", "XX ", 100)))
    assert imported(folder) == {"": 1000, "RUS": 400, "CHN": 500, "DEU": 0, "EU": 0}


def test_sums_of_states_are_left_out_and_named(folder: Path, tmp_path: Path) -> None:
    rows = [comtrade("0", "W00", 1000), comtrade("643", "RUS", 400), comtrade("276", "DEU", 600)]
    union = comtrade("398", "KAZ", 700, reporter="97", own="EUR", flow="X")
    found = brought(folder, written(tmp_path, COMTRADE, *rows, comtrade("97", "EUR", 600), union))
    assert imported(folder)["EU"] == 600
    assert any(note.startswith("left out as sums of states or unknown: 97") for note in found.notes)


def test_two_numbers_of_one_state_are_added(folder: Path, tmp_path: Path) -> None:
    rows = [comtrade("0", "W00", 100), comtrade("250", "FRA", 60), comtrade("251", "FRA", 40)]
    brought(folder, written(tmp_path, COMTRADE, *rows))
    assert imported(folder)["EU"] == 100, "France is a member by the registry"


def test_numbers_stand_in_for_blank_letters(folder: Path, tmp_path: Path) -> None:
    rows = [comtrade(code, "", value, own="") for code, value in (("0", 1000), ("643", 400), ("156", 600))]
    brought(folder, written(tmp_path, COMTRADE, *rows))
    assert imported(folder) == {"": 1000, "RUS": 400, "CHN": 600, "DEU": 0, "EU": 0}


def test_partners_without_a_row_of_all_are_no_whole(folder: Path, tmp_path: Path) -> None:
    found = brought(folder, written(tmp_path, COMTRADE, comtrade("643", "RUS", 400), comtrade("156", "CHN", 500)))
    assert imported(folder) == {"RUS": 400, "CHN": 500}
    assert found.table["value"].to_list() == [None]


def test_a_blank_year_is_a_gap(folder: Path, tmp_path: Path) -> None:
    header = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,SCALE,2022,2023"
    rows = [f"KAZ,MG_CIF_USD,{name},Annual,Millions,{cells}" for name, cells in (("World", "9,10"), ("RUS", "4,"))]
    brought(folder, written(tmp_path, header, *rows))
    assert values(folder, "import", "all") == {("2022", ""): 9, ("2022", "RUS"): 4, ("2023", ""): 10}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"cls": "S4"}, "K0355 goods are not classed by the Harmonised System\n  value: 'S4'"),
        ({"cls": "B4"}, "K0355 goods are not classed"),
        ({"type": "S"}, "K0355 not trade in goods"),
        ({"way": "3200"}, "K0355 given by transport, customs or second partner only: the total is missing"),
        ({"own": "KAZ", "flow": "RM"}, "K0353 no yearly rows of KAZ"),
    ],
)
def test_what_counts_something_else_is_refused(
    folder: Path, tmp_path: Path, cells: dict[str, str], expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        brought(folder, written(tmp_path, COMTRADE, comtrade("643", "RUS", 400, **cells)))
    assert expected in str(caught.value)
    assert not (folder / "trade.csv").exists()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Classification,Year,Trade Flow Code,Reporter ISO,Partner ISO",
            "the UN Comtrade site as it was until 2022",
        ),
        ("refPeriodId\treporterCode\tflowCode\tisAggregate\tprimaryValue", "a bulk file of UN Comtrade"),
        ("Country Name,Indicator Code,Counterpart Country Name,2018", "Direction of Trade Statistics"),
        ("Reporter,Partner,Product categories,Indicator Type,2019", "WITS of the World Bank"),
        ("DECLARANT,PRODUCT_NC,FLOW,VALUE_IN_EUROS", "Comext of Eurostat"),
        ("Year,Exporter ID,Importer ID,HS2,Trade Value", "the Observatory of Economic Complexity"),
    ],
)
def test_other_sources_are_named_with_what_to_bring(
    folder: Path, tmp_path: Path, header: str, expected: str
) -> None:
    with pytest.raises(InputError, match=f"K0351 a file of {expected}.*not read(.|\\n)*download"):
        brought(folder, written(tmp_path, header, "1"))


def test_an_archive_is_to_be_unpacked(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "year.zip"
    path.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(InputError, match=r"K0351 a packed archive(.|\n)*unpack it first"):
        brought(folder, path)


def test_no_guess_is_a_mend_for_an_unknown_code(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="K0352") as caught:
        brought(folder, written(tmp_path, COMTRADE, comtrade("", "RUZ", 400)))
    assert "did you mean" not in str(caught.value)


def test_lines_that_end_as_nothing_does_are_told(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes((FILES / "baci.csv").read_bytes().replace(b"\n", b"\r"))
    with pytest.raises(InputError) as caught:
        brought(folder, path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.line) == ("K0105", 1)


def test_a_world_of_blank_cells_is_refused(tmp_path: Path) -> None:
    head = "COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,SCALE,2022"
    blank = written(
        tmp_path, head, 'KAZ,"Imports of goods, Cost insurance freight (CIF), US dollar",CHN,Annual,Millions,'
    )
    with pytest.raises(InputError) as caught:
        make_world_model([blank], "KAZ", tmp_path / "none")
    assert [one.code for one in caught.value.faults] == ["K0353"]
    assert not (tmp_path / "none").exists()


def test_a_row_of_others_without_a_good_is_in_no_group(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes((FILES / "baci.csv").read_bytes() + b"2024,276,251,,7,1\n")
    with pytest.raises(InputError) as caught:
        make_world_model([path], "KAZ", tmp_path / "none")
    assert [one.code for one in caught.value.faults] == ["K0354"], "three chapters of 97"


def test_the_name_of_a_file_breaks_no_row_of_the_sources(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b'a",b\xff\r.csv')
    path.write_bytes((FILES / "baci.csv").read_bytes())
    brought(folder, path, sectors=["textiles", "coal", "fuels", "animals_meat_dairy"])
    titles = [row["title"] for row in read_folder(folder).tables["sources"].records()]
    assert any(title.endswith('a",b\\xff\n.csv') for title in titles), titles
