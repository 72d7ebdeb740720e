"""A model of any state from one bilateral file, and every state at once."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from benchmarks.world_trade import write_world

HEAD = "t,i,j,k,v,q\n"
SRB, RUS, CHN, DEU = 688, 643, 156, 276


def small(path: Path) -> Path:
    """All chapters, thousand USD. China sells all of chapter 85 and half of the rest."""
    rows = []
    for chapter in (*range(1, 77), *range(78, 98)):
        if chapter == 85:
            rows.append(f"2023,{CHN},{SRB},850000,9000000,1")
        else:
            rows += [f"2023,{seller},{SRB},{chapter:02}0000,10000,1" for seller in (CHN, DEU)]
    rows += [f"2023,{SRB},{DEU},010100,6000000,1", f"2023,{SRB},{RUS},010100,2000000,1"]
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_state_both_ways(ask, tmp_path):
    done = ask("world", small(tmp_path / "w.csv"), "--focal", "SRB", "--into", tmp_path / "srb", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)["result"]
    assert (told["partners"], sorted(told["players"])) == (3, ["CHN", "DEU", "RUS"])
    by = {row["partner"]: row for row in told["exposure"]}
    # 95 chapters of 10 from each, and 9 000 of chapter 85 from China alone.
    assert by["CHN"]["import_musd"] == pytest.approx(9950)
    assert by["CHN"]["import_pct"] == pytest.approx(100 * 9950 / 10900)
    assert by["DEU"]["export_pct"] == pytest.approx(75)
    assert by["RUS"]["export_pct"] == pytest.approx(25)
    assert by["CHN"]["group"] == "electrical"
    assert by["CHN"]["group_pct"] == pytest.approx(100)
    groups = {row["sector"]: row for row in told["groups"]}
    assert groups["electrical"]["concentration"] == pytest.approx(1)
    assert groups["machinery"]["concentration"] == pytest.approx(0.5)


def test_the_model_answers(ask, tmp_path):
    assert ask("world", small(tmp_path / "w.csv"), "--focal", "srb", "--into", tmp_path / "srb").exit_code == 0
    checked = ask("check", tmp_path / "srb")
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (0, "trade_srb: sound")
    said = ask("leverage", tmp_path / "srb", "--function", "imports", "--by", "sector", "--json")
    losses = json.loads(said.stdout)["result"]["table"]
    assert {row["partner"] for row in losses} >= {"CHN", "DEU"}
    assert max(losses, key=lambda row: row["short_musd"] or 0)["sector"] == "electrical"


def test_all_states(ask, tmp_path):
    done = ask("world", small(tmp_path / "w.csv"), "--all", "--json")
    rows = json.loads(done.stdout)["result"]["table"]
    found = {(row["state"], row["flow"], row["partner"]): row for row in rows}
    assert found["SRB", "import", "CHN"]["share"] == pytest.approx(9950 / 10900)
    assert found["SRB", "import", "CHN"]["rank"] == 1
    assert found["SRB", "export", "DEU"]["concentration"] == pytest.approx(0.75**2 + 0.25**2)
    assert found["CHN", "export", "SRB"]["share"] == 1
    # what one sells the other buys
    pairs = {
        (state, partner): row["value_musd"] for (state, flow, partner), row in found.items() if flow == "import"
    }
    sold = {
        (partner, state): row["value_musd"] for (state, flow, partner), row in found.items() if flow == "export"
    }
    assert pairs == sold


def test_ranks_and_costs_have_ends(ask, tmp_path):
    made = ask(
        "world", small(tmp_path / "w.csv"), "--focal", "SRB", "--into", tmp_path / "srb", "--off", "0.6", "--json"
    )
    told = json.loads(made.stdout)["result"]
    by = {row["partner"]: row for row in told["exposure"]}
    # 1.6 of Germany's 950 is below 0.4 of China's 9 950; 0.4 of 6 000 exported may be less than 1.6 of 2 000.
    assert [by[one]["import_rank_best"] for one in ("CHN", "DEU")] == [1, 2]
    assert [(by[one]["export_rank_best"], by[one]["export_rank_worst"]) for one in ("DEU", "RUS")] == [
        (1, 2),
        (1, 2),
    ]
    costs = {row["partner"]: row for row in told["costs"]}
    assert costs["CHN"]["short_musd_low"] < costs["CHN"]["short_musd"] < costs["CHN"]["short_musd_high"]
    assert costs["CHN"]["short_musd"] > costs["DEU"]["short_musd"] > 0
    assert told["landlocked"] is True
    assert {row["neighbour"] for row in told["exits"]} >= {"HUN", "ROU", "BGR", "HRV"}


def test_a_partner_that_is_not_among_the_first_by_size_keeps_its_tie(ask, tmp_path):
    said = ask("world", small(tmp_path / "w.csv"), "--all", "--off", "0.6").stdout
    assert "1-2" in said


RAW = "year,exporter,importer,hs6,value_kusd,quantity_t"


def test_an_extract_makes_layers_and_nothing_else(ask, tmp_path):
    """Coal of two codes is one layer; of copper ores a twentieth of the value has no tonnes, of gold all."""
    rows = [
        "2024,MNG,CHN,270112,900,9000000", "2024,MNG,CHN,270119,100,1000000", "2024,MNG,RUS,260300,5,",
        "2024,MNG,CHN,260300,95,19000", "2023,MNG,CHN,270112,500,5000000", "2024,CHE,MNG,710812,50,",
        "2024,CHL,CHN,260300,1000,200000", "2024,MNG,CHN,260111,19,380", "2024,MNG,CHN,260112,1,",
    ]  # fmt: skip
    file = tmp_path / "raw.csv"
    file.write_text("\n".join([RAW, *rows]) + "\n", encoding="utf-8")
    made = ask("world", file, "--focal", "Mongolia", "--into", tmp_path / "m", "--json")
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)["result"]
    assert told["layers"] == {"goods": 4, "flows_without_volume": 2}
    assert (told["exposure"], told["costs"]) == ([], [])
    checked = ask("check", tmp_path / "m")
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (0, "trade_mng: sound")
    volumes = {row["fact"]: row for row in pl.read_csv(tmp_path / "m" / "facts.csv").rows(named=True)}
    assert volumes["T_COAL_MNG_CHN"]["value"] == pytest.approx(10)
    assert volumes["T_COPPER_ORE_MNG_CHN"]["value"] == pytest.approx(19)
    # 380 t stand for 19 of 20 thousand USD: 400, and from 380 to 420.
    iron = volumes["T_IRON_ORE_MNG_CHN"]
    assert (iron["low"], iron["value"], iron["high"]) == (
        pytest.approx(38e-5),
        pytest.approx(4e-4),
        pytest.approx(42e-5),
    )
    assert not {"T_COPPER_ORE_MNG_RUS", "T_GOLD_CHE_MNG"} & set(volumes)
    layers = json.loads(ask("layers", tmp_path / "m", "--json").stdout)["result"]
    assert "coal" in json.dumps(layers)
    assert ask("why", "layer:coal:CHN", tmp_path / "m").exit_code == 0


COMTRADE = "period,reporterISO,partnerISO,flowCode,cmdCode,netWgt,primaryValue"


def test_a_file_that_both_sides_report_in_counts_each_trade_once(ask, tmp_path):
    """Crude stands at three levels, with the whole and with the partner's own report; coal has no weight."""
    chapters = [
        f"2023,SRB,{one},M,{chapter:02},0,1000000"
        for one in ("DEU", "W00")
        for chapter in range(28, 98)
        if chapter != 77
    ]
    rows = [
        "2023,SRB,W00,M,27,0,90000000", "2023,SRB,W00,M,270900,90000000,60000000",
        "2023,SRB,RUS,M,27,0,60000000", "2023,SRB,RUS,M,2709,60000000,40000000",
        "2023,SRB,RUS,M,270900,60000000,40000000", "2023,SRB,IRQ,M,27,0,30000000",
        "2023,SRB,IRQ,M,270900,30000000,20000000", "2023,SRB,RUS,M,270112,0,20000000",
        "2023,RUS,SRB,X,270900,77000000,38000000", *chapters,
    ]  # fmt: skip
    file = tmp_path / "c.csv"
    file.write_text("\n".join([COMTRADE, *rows]) + "\n", encoding="utf-8")
    made = ask("world", file, "--focal", "SRB", "--into", tmp_path / "srb", "--json")
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)["result"]
    assert told["substitutes"] is None
    assert told["layers"] == {"goods": 2, "flows_without_volume": 1}
    facts = {row["fact"]: row["value"] for row in pl.read_csv(tmp_path / "srb" / "facts.csv").rows(named=True)}
    assert facts == {"T_CRUDE_RUS_SRB": pytest.approx(0.06), "T_CRUDE_IRQ_SRB": pytest.approx(0.03)}
    assert ask("check", tmp_path / "srb").exit_code == 0


@pytest.mark.slow
def test_one_state_of_a_made_world_agrees_with_the_table_of_all(ask, tmp_path):
    file = tmp_path / "world.csv"
    write_world(file, rows=60_000, seed=3)
    whole = json.loads(ask("world", file, "--all", "--json").stdout)["result"]["table"]
    bought = {
        row["partner"]: row["value_musd"] for row in whole if (row["state"], row["flow"]) == ("SRB", "import")
    }
    made = ask("world", file, "--focal", "SRB", "--into", tmp_path / "srb", "--json")
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)["result"]["exposure"]
    own = {row["partner"]: row["import_musd"] for row in told if row["import_musd"]}
    assert own == {code: pytest.approx(value) for code, value in bought.items()}
    assert pl.read_csv(file).height > 50_000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--focal", "SRX", "--into", "x"], "K0352"),
        (["--focal", "SRB"], "K0505"),
        ([], "K0505"),
        (["--all", "--focal", "SRB", "--into", "x"], "K0505"),
    ],
)
def test_wrong_words(ask, tmp_path, monkeypatch, words, code):
    monkeypatch.chdir(tmp_path)
    done = ask("world", small(tmp_path / "w.csv"), *words)
    assert (done.exit_code, code in done.stderr) == (3, True)
    assert not (tmp_path / "x").exists()


def test_a_code_or_value_that_is_none_is_a_fault(ask, tmp_path):
    file = small(tmp_path / "w.csv")
    text = file.read_text("utf-8")
    file.write_text(text + f"2023,9999,{SRB},010100,5,1\n", encoding="utf-8")
    assert "K0352" in ask("world", file, "--all").stderr
    file.write_text(text + f"2023,{CHN},{DEU},010100,many,1\n", encoding="utf-8")
    said = ask("world", file, "--all").stderr
    assert "K0205" in said
    assert "w.csv:" in said


def test_both_sides_of_one_trade_are_not_added_up(ask, tmp_path):
    file = tmp_path / "c.csv"
    file.write_text(
        "period,reporterISO,partnerISO,flowCode,cmdCode,primaryValue\n2023,SRB,CHN,M,TOTAL,5\n", encoding="utf-8"
    )
    assert "K0355" in ask("world", file, "--all").stderr
