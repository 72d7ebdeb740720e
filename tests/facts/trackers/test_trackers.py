"""Files in the layout of each tracker, with other numbers, become the facts that can be worked out by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.core.errors import InputError
from kopir.core.folders.folder import Folder, read_folder
from kopir.facts import fact_rows, is_tracker, tracker_rows
from tests.folders import routes_model

ROUTE = {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ("RUS",)}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return read_folder(routes_model(tmp_path / "m", [ROUTE], supply=60))


def rows(tmp_path: Path, folder: Folder, text: str, name: str = "file.csv") -> dict[str, dict[str, str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert is_tracker(path)
    found = {row["fact"]: row for row in tracker_rows(path, folder)}
    assert [one.change for one in fact_rows(list(found.values()), folder, name)] == ["new"] * len(found)
    return found


CHOKE = (
    "date,year,month,day,portid,portname,n_container,n_dry_bulk,n_general_cargo,n_roro,n_tanker,n_cargo,n_total,"
    "capacity_container,capacity_dry_bulk,capacity_general_cargo,capacity_roro,capacity_tanker,capacity_cargo,"
    "capacity,ObjectId\n"
)


def test_transits_of_a_chokepoint_are_means_a_day(tmp_path, folder):
    days = [date(2031, 1, 1) + timedelta(days=n) for n in range(33)]
    lines = [
        f"{day:%Y/%m/%d} 00:00:00+00,{day.year},{day.month},{day.day},chokepoint6,Strait of Hormuz,"
        f"{n % 2},1,1,0,{n},3,{10 + n},1,1,1,1,1,1,1,{n}\n"
        for n, day in enumerate(days)
    ]
    found = rows(tmp_path, folder, CHOKE + "".join(lines))
    january = found["PW_STRAITOFHORMUZ_2031-01"]
    assert (float(january["value"]), january["unit"], january["indicator"]) == (25, "count/d", "traffic_rate")
    part = found["PW_STRAITOFHORMUZ_2031-02-01_2031-02-02"]
    assert (float(part["value"]), part["period"]) == (41.5, "2031-02-01/2031-02-02")
    assert float(found["PW_STRAITOFHORMUZ_TANKERS_2031-01"]["value"]) == 15


def test_calls_and_tonnes_of_ports_of_the_focal_state(tmp_path, folder):
    head = "date,year,month,day,portid,portname,country,ISO3,portcalls_tanker,portcalls,import,export,ObjectId\n"
    focal = folder.settings.model.focal_state
    lines = "".join(
        f"2031-03-{day:02},2031,3,{day},port1,Some Port,Here,{focal},1,{day},100,200,{day}\n"
        for day in range(1, 32)
    )
    away = "2031-03-01,2031,3,1,port2,Elsewhere,There,CHL,1,9,9,9,99\n"
    found = rows(tmp_path, folder, head + lines + away)
    assert {name: float(row["value"]) for name, row in found.items()} == {
        "PW_SOMEPORT_CALLS_2031-03": 16,
        "PW_SOMEPORT_LANDED_2031-03": 3100,
        "PW_SOMEPORT_LOADED_2031-03": 6200,
    }


JODI = "REF_AREA,TIME_PERIOD,ENERGY_PRODUCT,FLOW_BREAKDOWN,UNIT_MEASURE,OBS_VALUE,ASSESSMENT_CODE\n"


def test_jodi_months_make_half_years_weighed_by_days(tmp_path, folder):
    values = dict(zip(range(1, 7), (1700.5, 1710, 1720, 1730, 1740, 1750), strict=True))
    lines = [f"RU,2031-{at:02},CRUDEOIL,INDPROD,KBD,{value},1\n" for at, value in values.items()]
    others = (
        "RU,2031-01,CRUDEOIL,CLOSTLV,KBBL,250.5,2\nRU,2031-02,CRUDEOIL,CLOSTLV,KBBL,-,3\n"
        "RU,2031-01,NGL,INDPROD,KBD,9,1\nRU,2031-01,CRUDEOIL,INDPROD,KTONS,9,1\nCL,2031-01,CRUDEOIL,INDPROD,KBD,9,1\n"
    )
    found = rows(tmp_path, folder, JODI + "".join(lines) + others)
    weights = dict(zip(range(1, 7), (31, 28, 31, 30, 31, 30), strict=True))
    mean = 1e3 * sum(values[at] * weights[at] for at in values) / sum(weights.values())
    assert float(found["JODI_RUS_OIL_PRODUCTION_2031-H1"]["value"]) == pytest.approx(mean)
    assert float(found["JODI_RUS_OIL_PRODUCTION_2031-01"]["value"]) == 1_700_500
    assert float(found["JODI_RUS_STOCKS_2031-01"]["value"]) == 250_500
    assert len(found) == 8


def test_an_export_of_eia_is_read_by_its_row_of_periods(tmp_path, folder):
    text = (
        "Report generated on: 03-02-2032 10:11:12\n"
        '"API","","Jan 2031","Feb 2031","2030"\n'
        '"","Production","","",""\n'
        '"INTL.57-1-RUS-TBPD.M","        Russia","1,812","--","1,790.5"\n'
        '"INTL.57-1-CHL-TBPD.M","        Chile","3","4","5"\n'
    )
    found = rows(tmp_path, folder, text)
    assert {name: float(row["value"]) for name, row in found.items()} == {
        "EIA_RUS_OIL_PRODUCTION_2031-01": 1_812_000,
        "EIA_RUS_OIL_PRODUCTION_2030": 1_790_500,
    }


COMEXT = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
)
OLD = (
    "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA2002,PRODUCT_CPA2008,"
    "PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,"
    "SUP_QUANTITY\n"
)


def test_comext_sums_the_union_by_chapter(tmp_path, folder):
    focal = folder.settings.model.focal_state
    two = {"KAZ": "KZ"}.get(focal, focal)
    lines = (
        f"AT,{two},E,27090090,1,1,1,1,1,05,1,1,NO_SU,203101,1000,1000,5000,0\n"
        f"DE,{two},E,27101943,1,1,1,1,1,05,1,1,NO_SU,203101,500,500,1000,0\n"
        f"DE,{two},E,84713000,1,1,1,1,1,16,2,1,NO_SU,203101,70,70,2,0\n"
        f"DE,{two},E,27,1,1,1,1,1,05,1,1,NO_SU,203101,9999,1,1,0\n"
        "DE,CL,E,27090090,1,1,1,1,1,05,1,1,NO_SU,203101,8,8,8,0\n"
    )
    expected = {
        f"COMEXT_{focal}_EXPORT_HS27_EUR_2031-01": 1500,
        f"COMEXT_{focal}_EXPORT_HS27_t_2031-01": 6,
        f"COMEXT_{focal}_IMPORT_HS84_EUR_2031-01": 70,
        f"COMEXT_{focal}_IMPORT_HS84_t_2031-01": 0.002,
    }
    new = rows(tmp_path, folder, COMEXT + lines)
    assert {name: float(row["value"]) for name, row in new.items()} == pytest.approx(expected)
    old = rows(tmp_path, folder, OLD + f"004,DE,0900,{two},E,27090090,1,1,1,1,1,05,1,1,A,203101,1500,6000,0\n")
    assert old[f"COMEXT_{focal}_EXPORT_HS27_EUR_2031-01"]["value"] == "1500"


def test_border_times_of_carec(tmp_path, folder):
    text = (
        "country,bcp,indicator,mode,year,value,unit,source_url\n"
        'RUS,,"TFI1 border-crossing time, all",rail,2031,48.5,h,https://example.org\n'
        'RUS,Some Crossing,"TFI2 border-crossing cost, inbound",road,2031,150,USD,https://example.org\n'
        'CHL,,"TFI1 border-crossing time, all",rail,2031,1,h,https://example.org\n'
        'RUS,,"TFI3 cost",road,2031,3,USD per 500 km,https://example.org\n'
    )
    found = rows(tmp_path, folder, text)
    assert {name: (row["value"], row["unit"]) for name, row in found.items()} == {
        "CPMM_RUS_TFI1_RAIL_ALL_2031": ("48.5", "hour"),
        "CPMM_RUS_SOMECROSSING_TFI2_ROAD_INBOUND_2031": ("150", "USD"),
    }


def test_a_file_without_a_figure_of_use_is_refused(tmp_path, folder):
    path = tmp_path / "file.csv"
    path.write_text(JODI + "CL,2031-01,CRUDEOIL,INDPROD,KBD,9,1\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        tracker_rows(path, folder)
    assert error.value.faults[0].code == "K3007"


def test_what_no_tracker_issues_is_none(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("fact,value\nF1,2\n", encoding="utf-8")
    assert not is_tracker(path)
    assert not is_tracker(tmp_path / "absent.csv")


def test_a_later_issue_revises_what_an_earlier_one_said(tmp_path):
    model = routes_model(tmp_path / "m", [ROUTE], supply=60)
    path = tmp_path / "jodi.csv"
    path.write_text(JODI + "RU,2031-01,CRUDEOIL,TOTEXPSB,KBD,100,1\n", encoding="utf-8")
    runner = CliRunner()
    said = runner.invoke(application, ["update", str(model), str(path), "--write"])
    assert said.exit_code == 0, said.output
    assert "JODI_RUS_OIL_EXPORT_2031-01" in said.output
    path.write_text(JODI + "RU,2031-01,CRUDEOIL,TOTEXPSB,KBD,110,1\n", encoding="utf-8")
    revised = runner.invoke(application, ["update", str(model), str(path), "--json"])
    changes = json.loads(revised.stdout)["result"]["changes"]
    assert [(one["change"], one["before"], one["after"]) for one in changes] == [("revised", 1e5, 1.1e5)]
