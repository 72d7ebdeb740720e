"""Imports with the seller as their owner are the same model as with the buyer as their owner."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kopir
from kopir.model.folder.opening import open_model

MODEL = Path(__file__).parents[1] / "data" / "mistakes" / "model"
NEWCOMER = Path(__file__).parents[3] / "shared" / "cases" / "newcomer" / "mixed_goods"
SOLD = {
    "supplies.csv": (
        ("REFINERY_RU,fuel,MNG", "REFINERY_RU,fuel,RUS"),
        ("REFINERY_CN,fuel,MNG", "REFINERY_CN,fuel,CHN"),
    ),
    "baseline_flows.csv": (("FUEL_N,fuel,MNG", "FUEL_N,fuel,RUS"), ("FUEL_S,fuel,MNG", "FUEL_S,fuel,CHN")),
}


def changed(path: Path, source: Path, changes: dict[str, tuple[tuple[str, str], ...]]) -> Path:
    shutil.copytree(source, path)
    for name, pairs in changes.items():
        file = path / name
        text = file.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        file.chmod(0o644)
        file.write_text(text, encoding="utf-8")
    return path


def answers(path: Path) -> list[object]:
    project = kopir.open(path)
    return [
        project.leverage().table.to_dicts(),
        project.flow().table.to_dicts(),
        project.coalitions().table.to_dicts(),
    ]


def test_owner_seller_and_owner_buyer_give_the_same_answers(tmp_path: Path) -> None:
    assert answers(changed(tmp_path / "sold", MODEL, SOLD)) == answers(MODEL)


@pytest.mark.slow
@pytest.mark.skipif(not NEWCOMER.is_dir(), reason="the cases are not beside the project")
def test_the_mixed_case_in_both_forms(tmp_path: Path) -> None:
    changes = {
        "supplies.csv": (("NAUSHKI,fuel,MNG", "NAUSHKI,fuel,RUS"), ("ERLIAN,fuel,MNG", "ERLIAN,fuel,CHN")),
        "baseline_flows.csv": SOLD["baseline_flows.csv"],
    }
    assert answers(changed(tmp_path / "sold", NEWCOMER, changes)) == answers(NEWCOMER)


def test_the_refusal_of_the_seller_is_felt(tmp_path: Path) -> None:
    """A full refusal of the northern seller leaves needs unmet, so the loss is no re-routing at 100 USD/t."""
    found = kopir.open(changed(tmp_path / "sold", MODEL, SOLD)).leverage().table
    row = found.filter(partner="RUS").row(0, named=True)
    assert row["leverage_musd"] > 2.1 * 1000


def test_goods_that_pass_through_stay_the_sellers(tmp_path: Path) -> None:
    transit = {"markets.csv": (("OIL_CN,", "TRANSIT,CAPITAL,fuel,RUS,,transit,800,1,,made up\nOIL_CN,"),)}
    model = open_model(changed(tmp_path / "through", MODEL, SOLD | transit))
    assert model.purchases == {("fuel", "CHN")}
    owners = dict(model.table("supplies").select("supply", "owner").iter_rows())
    assert (owners["FROM_RUS"], owners["FROM_CHN"]) == ("RUS", "MNG")


def test_what_the_seller_keeps_is_not_booked(tmp_path: Path) -> None:
    take = {**SOLD, "supplies.csv": (*SOLD["supplies.csv"], ("RUS,4,700,,", "RUS,4,700,0.5,0.1"))}
    model = open_model(changed(tmp_path / "take", MODEL, take))
    row = model.table("supplies").filter(supply="FROM_RUS").row(0, named=True)
    assert (row["state_take"], row["foreign_share"]) == (None, None)
