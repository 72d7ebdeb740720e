"""Bilateral trade files of three shapes, each small enough to total by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.model.folder.opening import open_model
from kopir.model.grounds.provenance import trace
from kopir.model.ties.trade import read_trade
from kopir.model.trade_files.bilateral import recognise
from kopir.model.trade_files.trade_areas import AREA, WORLD, state_of
from kopir.model.trade_files.trade_import import TradeImport, import_trade
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
    assert row["short_usd"] == pytest.approx(9.5 * (0.7 ** (-1 / (0.38 * 5.04)) - 1))
    assert imports(model, by_sector=True).table.filter(partner="RUS")["long_usd"].null_count() == 0
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
        ("2023", "DEU"): 0,
        ("2023", "EU"): 50,
    }
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
        ("2024", "DEU"): 0,
        ("2024", "EU"): 0,
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
        ("t,i,j,k,v,q", "2024,643,398,520100,5,1,7,8", "given.csv K0105 not CSV of one shape"),
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
    with pytest.raises(InputError, match=r"given\.csv K0105"):
        brought(folder, path, sectors=["textiles"])


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
        ("490", AREA),
        ("S19", AREA),
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
