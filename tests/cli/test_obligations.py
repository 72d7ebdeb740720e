"""``kopir obligations`` and ``kopir arms`` on small models and on the bundled one."""

import csv
import io
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from kopir.core.codes import codes
from tests.folders import routes_model
from tests.obligations import institution, obligation, option, tables


@pytest.fixture
def union(tmp_path: Path) -> Path:
    """A union that excludes a club, an option that requires another, and a dear soft rule."""
    rows = [
        obligation("TARIFF", "excludes", "CLUB"),
        obligation("LINK", "requires", "BRIDGE", "TUNNEL", strength="soft", amount="40 [30..60]"),
        obligation("FEE", "costs", "UNION", amount="2 [1..4]"),
    ]
    extra = {
        **tables(*rows, institutions=[institution("CLUB", members="RU")]),
        "options": [option("BRIDGE", 5), option("TUNNEL", 9)],
    }
    routes = [{"id": "WEST", "capacity": 10, "netback": 50, "jurisdictions": ["RU"]}]
    return routes_model(tmp_path / "union", routes, supply=10, extra=extra)


def test_clauses_with_their_ground_and_no_contradiction(ask, union):
    said = ask("obligations", union, "-q")
    assert said.exit_code == 0
    assert "obligations:TARIFF  UNION excludes CLUB (hard, assumed, choices)" in said.stdout
    assert "costs that apply: 2.00 [1.00..4.00] million USD a year" in said.stdout
    assert "contradict no clause" in said.stdout
    assert "TARIFF + CLUB + UNION" in said.stdout


@pytest.mark.slow
def test_contradictions_with_ways_out(ask, union):
    said = ask("obligations", union, "--with", "BRIDGE", "-q")
    assert said.exit_code == 0
    assert "add TUNNEL: 9.00 million USD a year" in said.stdout
    assert "break LINK: 40.0 [30.0..60.0] million USD a year" in said.stdout
    assert "leave UNION: cost not known" in said.stdout
    both = ask("obligations", union, "--join", "CLUB", "--with", "BRIDGE", "-q").stdout
    assert "leave CLUB, add TUNNEL: 9.00 million USD a year, 1 of unknown cost" in both


@pytest.mark.slow
def test_programs_can_read_it(ask, union):
    rows = list(csv.DictReader(io.StringIO(ask("obligations", union, "--csv").stdout)))
    assert {row["obligation"] for row in rows} == {"FEE", "LINK", "TARIFF"}
    record = json.loads(ask("obligations", union, "--join", "CLUB", "--deny", "RU", "--json").stdout)
    assert {row["subject"] for row in record["result"]["contradictions"]} == {"TARIFF", "CLUB", "UNION"}
    assert record["result"]["prospects"]["forbidden"] == [
        {"changes": "join CLUB", "clauses": "TARIFF, CLUB, UNION"}
    ]
    assert record["run"]["options"]["join"] == ["CLUB"]


@pytest.mark.parametrize(
    ("option", "value"), [("--join", "CLUB_"), ("--leave", "CLUB"), ("--with", "NOTHING"), ("--deny", "XX")]
)
def test_unknown_names_are_refused(ask, union, option, value):
    said = ask("obligations", union, option, value)
    assert said.exit_code == 3
    assert "mend" in said.stderr


def test_a_flow_that_clauses_forbid_names_them(ask, union):
    text = (union / "obligations.csv").read_text(encoding="utf-8").replace("soft", "hard")
    (union / "obligations.csv").write_text(text, encoding="utf-8")
    said = ask("flow", union, "--with", "BRIDGE")
    assert said.exit_code == 4
    assert "LINK (UNION, hard): BRIDGE requires TUNNEL" in said.stderr
    assert ask("flow", union, "--with", "BRIDGE", "--with", "TUNNEL").exit_code == 0


def test_models_without_the_tables_say_so(ask, two_routes):
    assert "no rows in institutions.csv" in ask("obligations", two_routes, "-q").stdout
    assert "no rows in equipment.csv" in ask("arms", two_routes, "-q").stdout


def test_a_clause_leads_to_its_sources(ask):
    said = ask("why", "obligations:US_IRAN_SWAP", "kazakhstan")
    assert said.exit_code == 0
    assert "F0840" in said.stdout
    assert "S364" in said.stdout


@pytest.mark.slow
def test_as_of_a_day_only_what_was_joined_and_written_by_then(ask):
    then = json.loads(ask("obligations", "kazakhstan", "--as-of", "2025-01-01", "--json").stdout)["result"]
    now = json.loads(ask("obligations", "kazakhstan", "--json").stdout)["result"]
    held = [{row["institution"] for row in found["institutions"] if row["held"]} for found in (then, now)]
    assert held[1] - held[0] == {"RUS_PARTNERSHIP"}
    assert {row["obligation"] for row in then["clauses"]} < {row["obligation"] for row in now["clauses"]}
    assert "NATO_STANDARD" in ask("arms", "kazakhstan", "--as-of", "2025-01-01").stdout


@pytest.mark.slow
def test_arms_of_the_bundled_model(ask):
    said = ask("arms", "kazakhstan", "-q")
    assert said.exit_code == 0
    assert "stands against F0896" in said.stdout
    assert "USD" not in said.stdout
    assert "0.88" in said.stdout


@pytest.mark.slow
def test_every_clause_of_the_bundled_model_has_a_ground(ask):
    rows = list(csv.DictReader(io.StringIO(ask("obligations", "kazakhstan", "--csv").stdout)))
    assert len(rows) > 15
    assert all(row["sources"] or row["basis"].startswith("assumption") for row in rows)
    assert not any(row["amount"] for row in rows)  # no source gives one


BUNDLED = files("kopir.model") / "bundled"
LOOKED_AT = ("article read", "article reported")
GROUNDS = (*LOOKED_AT, "from knowledge", "reading")


def bundled(name: str, model: str = "kazakhstan") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((BUNDLED / model / name).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", ["institutions.csv", "obligations.csv"])
def test_every_clause_says_whether_its_article_was_opened(name: str):
    for row in bundled(name):
        word = row["basis"].partition(": ")[0].removeprefix("assumption, ")
        if not row["basis"]:
            assert row["facts"], row
            continue
        assert row["basis"].startswith("assumption, "), row
        assert word in GROUNDS, row
        where = re.search(r"\(https?://\S+, \d{4}-\d{2}-\d{2}\)", row["basis"])
        assert where is not None or word not in LOOKED_AT, row


@pytest.mark.parametrize("prefix", ["CSTO_HELP_BY_CONSENSUS_", "EAEU_DUTIES_"])
def test_consensus_has_a_clause_for_every_other_member(prefix: str):
    of = {row["institution"]: set(row["members"].split()) - {"KAZ"} for row in bundled("institutions.csv")}
    named = {row["right"] for row in bundled("obligations.csv") if row["obligation"].startswith(prefix)}
    assert named == of[prefix.partition("_")[0]]


@pytest.mark.parametrize("code", ["CIS", "CSTO", "EAEU", "NATO", "OTS", "SCO"])
def test_members_are_all_that_the_model_names(code: str):
    states = {row["jurisdiction"] for row in bundled("jurisdictions.csv") if row["kind"] == "state"}
    members = {row["institution"]: set(row["members"].split()) for row in bundled("institutions.csv")}
    assert members[code] == set(codes("groups")[code].members) & states


@pytest.mark.parametrize("model", ["azerbaijan", "kazakhstan"])
def test_the_union_acts_with_all_its_members_that_the_model_names(model: str):
    rows = bundled("jurisdictions.csv", model)
    states = {row["jurisdiction"] for row in rows if row["kind"] == "state"}
    (union,) = (set(row["members"].split()) for row in rows if row["jurisdiction"] == "EU")
    assert union == set(codes("groups")["EU"].members) & states


def test_an_institution_without_a_clause_is_told_with_its_remark(ask, tmp_path):
    rows = [institution("PASSAGE", members="RU", note="ships pass in peace", basis="article 2")]
    routes = [{"id": "WEST", "capacity": 10, "netback": 50, "jurisdictions": ["RU"]}]
    extra = tables(obligation("FEE", "costs", "UNION", amount=2), institutions=rows)
    said = ask("obligations", routes_model(tmp_path / "m", routes, supply=10, extra=extra), "-q").stdout
    assert "without a clause\n  institutions:PASSAGE\n    ships pass in peace\n    article 2" in said
