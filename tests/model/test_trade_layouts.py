"""Trade files as their sources issue them: reported cases with their right values, and twins of other states."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kopir.core.errors import InputError
from kopir.core.folders.folder import read_folder
from kopir.model.trade_files.trade_areas import state_of
from kopir.model.trade_files.trade_import import import_trade
from tests.folders import write_model

REPORTS = Path(__file__).parents[3] / "shared" / "cases" / "reports"
NAMES = Path(__file__).parents[1] / "data" / "trade" / "names.csv"
PARTNERS = ("RUS", "CHN", "TUR", "HKG", "MAC", "TWN", "SDN", "DEU", "XKX", "KOR", "PRK", "COD", "COG")


def brought(tmp_path: Path, file: Path, focal: str = "KAZ", flow: str = "import") -> dict[str, float]:
    """What trade.csv says of all goods in the last year that the file tells, blank for all partners."""
    own = [one for one in PARTNERS if one != focal]
    folder = tmp_path / "model"
    rows = [{"jurisdiction": one, "kind": "state"} for one in (focal, *own)]
    write_model(folder, {"jurisdictions": rows}, players=("CHN",), focal_state=focal)
    import_trade([file], read_folder(folder))
    with (folder / "trade.csv").open(encoding="utf-8", newline="") as text:
        told = [row for row in csv.DictReader(text) if (row["flow"], row["sector"]) == (flow, "all")]
    year = max(row["year"] for row in told)
    return {row["partner"]: float(row["value"]) for row in told if row["year"] == year and float(row["value"])}


@pytest.mark.parametrize(
    ("case", "flow", "right"),
    [
        ("32-imts-hong-kong", "import", {"": 1000, "RUS": 450, "CHN": 300, "HKG": 200, "MAC": 50}),
        ("35-comtrade-special-categories", "import", {"": 1000, "RUS": 400, "CHN": 500}),
        ("37-comtrade-EU-reporter", "import", {"": 1000, "RUS": 400, "CHN": 500, "TUR": 100}),
        ("38-other-asia-490", "import", {"": 1000, "RUS": 400, "CHN": 500, "TWN": 100}),
        ("42-imts-blank-year", "import", {"": 1000}),
        ("43-comtrade-no-world-row", "import", {"RUS": 400, "CHN": 500}),
        ("46-two-codes-one-iso", "export", {"": 1000, "RUS": 900, "SDN": 100}),
        ("47-iso-blank", "import", {"": 1000, "RUS": 400, "CHN": 500, "TUR": 100}),
        ("52-latin1-download", "import", {"": 1000, "RUS": 400, "CHN": 500, "TUR": 100}),
        ("40-comtrade-breakdown-only", "import", "the total is missing"),
        ("44-comtrade-SITC-as-HS", "import", "not classed by the Harmonised System"),
    ],
)
def test_reported_files(tmp_path: Path, case: str, flow: str, right: dict[str, float] | str) -> None:
    if not REPORTS.is_dir():
        pytest.skip("the cases are not beside the project")
    (file,) = (REPORTS / case).glob("*.csv")
    if isinstance(right, str):
        with pytest.raises(InputError, match=right):
            brought(tmp_path, file)
        assert not (tmp_path / "model" / "trade.csv").exists()
    else:
        assert brought(tmp_path, file, flow=flow) == right


def test_reported_files_of_other_sources_are_named(tmp_path: Path) -> None:
    if not REPORTS.is_dir():
        pytest.skip("the cases are not beside the project")
    archive = REPORTS / "51-baci-zip" / "BACI_HS92_V202501.zip"
    files = [*sorted((REPORTS / "53-other-layouts").glob("T*")), archive]
    assert len(files) >= 7
    for file in files:
        with pytest.raises(InputError, match=r"K0351(.|\n)*(download|unpack)"):
            brought(tmp_path, file)


def test_names_of_states_are_read_whole() -> None:
    """Names as the IMF and the United Nations write them; ``?`` for what is no state's name."""
    with NAMES.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    found = {row["name"]: state_of(row["name"]) for row in rows}
    wrong = {row["name"] for row in rows if found[row["name"]] != (None if row["state"] == "?" else row["state"])}
    assert not wrong
    assert len(rows) > 320


IMTS = "COUNTRY,COUNTERPART_COUNTRY,INDICATOR,FREQUENCY,SCALE,TIME_PERIOD,OBS_VALUE"
BOUGHT = '"Imports of goods, Cost insurance freight (CIF), US dollar"'


def imts(tmp_path: Path, focal: str, partners: Mapping[str, object], *more: str, mark: str = "") -> Path:
    file = tmp_path / "imts.csv"
    rows = [f'"{focal}","{name}",{BOUGHT},Annual,Millions,2023,{value}' for name, value in partners.items()]
    file.write_text(mark + "\n".join([IMTS, *rows, *more]) + "\n", encoding="utf-8")
    return file


def test_names_with_commas_and_colons_stand_apart(tmp_path: Path) -> None:
    file = imts(
        tmp_path,
        "Serbia, Rep. of",
        {
            "World": 100, "Korea, Rep. of": 20, "Korea, Dem. People's Rep. of": 1, "Congo, Dem. Rep. of the": 2,
            "Congo, Rep. of": 3, "China, P.R.: Macao": 4, "China, P.R.: Mainland": 50, "Kosovo, Rep. of": 5,
            "Emerging and Developing Europe": 60, "Areas not specified": 15,
        },
    )  # fmt: skip
    right = {"": 100, "KOR": 20, "PRK": 1, "COD": 2, "COG": 3, "MAC": 4, "CHN": 50, "XKX": 5}
    assert brought(tmp_path, file, "SRB") == right


@pytest.mark.parametrize("cell", ["..", "n/a", "C", "-", "12,5"])
def test_a_cell_that_is_no_figure_is_a_fault_not_nought(tmp_path: Path, cell: str) -> None:
    file = imts(tmp_path, "Serbia, Republic of", {"World": 100, "Germany": f'"{cell}"'})
    with pytest.raises(InputError, match="K0205"):
        brought(tmp_path, file, "SRB")


def test_months_and_other_money_are_no_years(tmp_path: Path) -> None:
    more = (
        f'"Mongolia","China, P.R.: Mainland",{BOUGHT},Monthly,Millions,2023,7',
        '"Mongolia","China, P.R.: Mainland","Imports of goods, CIF, National currency",Annual,Millions,2023,9000',
    )
    file = imts(tmp_path, "Mongolia", {"World": 90, "China, P.R.: Mainland": 30}, *more, mark="\ufeff")
    assert brought(tmp_path, file, "MNG") == {"": 90, "CHN": 30}


COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,period,reporterCode,reporterISO,reporterDesc,flowCode,partnerCode,"
    "partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,customsCode,mosCode,motCode,primaryValue"
)


def comtrade(tmp_path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """Rows of imports of Mongolia in 2023, all goods, dollars."""
    usual = {
        "typeCode": "C", "freqCode": "A", "refPeriodId": "20230101", "refYear": "2023", "period": "2023",
        "reporterCode": "496", "reporterISO": "MNG", "flowCode": "M", "partner2Code": "0",
        "classificationCode": "H6", "cmdCode": "TOTAL", "customsCode": "C00", "mosCode": "0", "motCode": "0",
    }  # fmt: skip
    file = tmp_path / "c.csv"
    with file.open("w", encoding=encoding, newline="") as text:
        writer = csv.DictWriter(text, COMTRADE.split(","), restval="")
        writer.writeheader()
        writer.writerows(usual | dict(row) for row in rows)
    return file


def partner(number: str, letters: str, million: float, **cells: str) -> dict[str, str]:
    return {"partnerCode": number, "partnerISO": letters, "primaryValue": f"{million * 1e6:.1f}", **cells}


WHOLE = partner("0", "W00", 100)


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ([WHOLE, partner("412", "_KS", 30), partner("156", "CHN", 70)], {"": 100, "XKX": 30, "CHN": 70}),
        ([WHOLE, partner("490", "S19", 30), partner("156", "CHN", 70)], {"": 100, "TWN": 30, "CHN": 70}),
        ([WHOLE, partner("839", "XX", 30), partner("156", "CHN", 70)], {"": 100, "CHN": 70}),
        ([WHOLE, partner("899", "_X ", 30), partner("156", "CHN", 70)], {"": 100, "CHN": 70}),
        ([WHOLE, partner("837", "XX", 30), partner("344", "HKG", 70)], {"": 100, "HKG": 70}),
        ([WHOLE, partner("97", "EUR", 60), partner("276", "DEU", 60)], {"": 100, "DEU": 60}),
        ([WHOLE, partner("278", "DDR", 10), partner("280", "DEU", 60)], {"": 100, "DEU": 60}),
        ([WHOLE, partner("156", "", 70), partner("643", "N/A", 30)], {"": 100, "CHN": 70, "RUS": 30}),
    ],
    ids=[
        "Kosovo",
        "Taiwan",
        "secret",
        "nowhere",
        "bunkers",
        "the Union and a member",
        "two Germanies",
        "no letters",
    ],
)
def test_special_codes_by_the_official_list(
    tmp_path: Path, rows: Sequence[Mapping[str, str]], right: dict[str, float]
) -> None:
    assert brought(tmp_path, comtrade(tmp_path, rows), "MNG") == right


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"classificationCode": "S3"}, "not classed by the Harmonised System"),
        ({"classificationCode": "B5"}, "not classed by the Harmonised System"),
        ({"classificationCode": "EB10", "typeCode": "S"}, "not trade in goods"),
        ({"motCode": "2100"}, "the total is missing"),
        ({"customsCode": "C01"}, "the total is missing"),
        ({"partner2Code": "276"}, "the total is missing"),
        ({"freqCode": "M", "period": "202301"}, "no yearly rows of MNG"),
        ({"flowCode": "RX"}, "no yearly rows of MNG"),
        ({"refYear": "2023.5"}, "not a calendar year"),
        ({"partnerISO": "ZZQ", "partnerCode": "9999"}, "unknown code of a country"),
    ],
)
def test_what_a_file_counts_is_read_or_the_file_refused(tmp_path: Path, cells: dict[str, str], why: str) -> None:
    rows = [WHOLE | cells, partner("156", "CHN", 100) | cells]
    with pytest.raises(InputError, match=why):
        brought(tmp_path, comtrade(tmp_path, rows), "MNG")


def test_parts_beside_their_total_are_left_out(tmp_path: Path) -> None:
    parts = [partner("156", "CHN", 60, motCode="3100"), partner("156", "CHN", 40, motCode="3200")]
    file = comtrade(tmp_path, [WHOLE, partner("156", "CHN", 100), *parts])
    assert brought(tmp_path, file, "MNG") == {"": 100, "CHN": 100}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_descriptions_that_are_not_read_block_nothing(tmp_path: Path, encoding: str) -> None:
    rows = [WHOLE, partner("792", "TUR", 60, partnerDesc="Türkiye"), partner("156", "CHN", 40)]
    file = comtrade(tmp_path, rows, encoding=encoding)
    assert brought(tmp_path, file, "MNG") == {"": 100, "TUR": 60, "CHN": 40}


def test_several_wrong_codes_are_faults_of_one_answer(tmp_path: Path) -> None:
    rows = [WHOLE, partner("9999", "QQQ", 1), partner("9998", "QQZ", 1), partner("156", "CHN", 98)]
    with pytest.raises(InputError) as caught:
        brought(tmp_path, comtrade(tmp_path, rows), "MNG")
    assert [one.code for one in caught.value.faults] == ["K0352", "K0352"]
    assert "did you mean" not in str(caught.value)
