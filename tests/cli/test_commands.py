"""Every command on small models: what it says, and that programs can read it."""

import csv
import io
import json

import pytest

from kopir.core.errors import fault_codes

COMMANDS = (
    *(
        "brief",
        "check",
        "coalitions",
        "demo",
        "doctor",
        "explain",
        "flow",
        "hindcast",
        "incident",
        "layers",
        "leverage",
    ),
    *("new", "stress", "why"),
)


def test_help_lists_every_command_and_every_exit_code(ask):
    said = ask("--help")
    assert said.exit_code == 0
    for word in (*COMMANDS, "70 a fault", "130 interrupted"):
        assert word in said.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(ask, command):
    said = ask(command, "--help")
    assert said.exit_code == 0
    assert "--json" in said.output


def test_leverage_says_what_each_refusal_costs(ask, two_routes):
    said = ask("leverage", two_routes, "--csv")
    rows = {row["partner"]: row for row in csv.DictReader(io.StringIO(said.stdout))}
    assert said.exit_code == 0
    assert float(rows["RUS"]["leverage_musd"]) == pytest.approx(17_000)
    assert float(rows["CHN"]["leverage_musd"]) == pytest.approx(3_000)
    assert float(rows["RUS"]["stranded_mt"]) == pytest.approx(40)
    assert rows["RUS"]["own_price_musd_low"] == ""  # unknown stays blank


def test_leverage_of_one_party_at_half_severity(ask, two_routes):
    record = json.loads(ask("leverage", two_routes, "--partner", "RUS", "--severity", "0.5", "--json").stdout)
    (row,) = record["result"]["table"]
    assert row["leverage_musd"] == pytest.approx(25 * 400 - 10 * 300)
    assert record["run"]["options"] == {"draws": 20, "parties": ["RUS"], "severity": 0.5, "verb": "leverage"}


def test_text_names_partners_in_the_language_asked_for(ask, two_routes):
    assert "Russia" in ask("leverage", two_routes).stdout
    assert "Россия" in ask("leverage", two_routes, "--lang", "ru").stdout
    assert "Ресей" in ask("leverage", two_routes, "--lang", "kk").stdout
    assert "Rusya" in ask("leverage", two_routes, "--lang", "tr").stdout


def test_coalitions_divide_what_all_can_take(ask, two_routes):
    """L(RUS) = 17 000, L(CHN) = 3 000, together 23 000: Shapley 18 500 and 4 500, interaction 3 000."""
    found = json.loads(ask("coalitions", two_routes, "--json").stdout)["result"]
    assert {row["player"]: row["shapley_musd"] for row in found["shares"]} == {
        "RUS": pytest.approx(18_500),
        "CHN": pytest.approx(4_500),
    }
    assert [row["interaction_musd"] for row in found["pairs"]] == [pytest.approx(3_000)]
    assert found["worst"][-1] == {"k": 2, "coalition": "CHN+RUS", "leverage_musd": pytest.approx(23_000)}
    said = ask("coalitions", two_routes, "--wide")
    assert said.stdout.startswith(
        "shares of what all players take at severity 1: loss of KAZ a year, short horizon"
    )
    assert "4 coalitions, " in said.stderr


def test_sampled_coalitions_give_their_standard_error_and_seed(ask, two_routes):
    record = json.loads(ask("coalitions", two_routes, "--samples", "10", "--seed", "3", "--json").stdout)
    assert record["run"]["seed"] == record["result"]["seed"] == 3
    shares = record["result"]["shares"]
    assert sum(row["shapley_musd"] for row in shares) == pytest.approx(23_000)
    assert all(row["standard_error_musd"] >= 0 for row in shares)


def test_why_resolves_ids_of_coalitions(ask, two_routes):
    tree = json.loads(ask("why", "coalitions:CHN:shapley", two_routes, "--json").stdout)["result"]
    assert (tree["value"], tree["unit"]) == (pytest.approx(4_500), "million USD/yr")
    assert {step["id"] for step in tree["because"]} == {"carries", "denial", "markets", "supplies"}


def test_flow_under_a_denial(ask, two_routes):
    free = json.loads(ask("flow", two_routes, "--json").stdout)["result"]
    denied = json.loads(ask("flow", two_routes, "--deny", "RUS", "--json").stdout)["result"]
    assert (free["value_musd"], denied["value_musd"]) == (pytest.approx(23_000), pytest.approx(6_000))
    moved = {row["asset"]: row["flow_mt"] for row in denied["table"] if row["kind"] == "flow"}
    assert moved == {"B": pytest.approx(20)}


def test_flow_in_words_ends_with_value_and_volumes(ask, two_routes):
    said = ask("flow", two_routes)
    assert "value 23,000 million USD a year" in said.stdout
    (row,) = (line.split() for line in said.stdout.splitlines() if line.startswith("crude "))
    assert row == ["crude", "60.0", "60.0", "0", "0"]
    assert "kopir why" in said.stderr


@pytest.mark.parametrize("command", ["check", "coalitions", "flow", "leverage"])
def test_json_is_one_object_with_the_run_record(ask, two_routes, command):
    record = json.loads(ask(command, two_routes, "--json", "--seed", "7", "--as-of", "2025-06-30").stdout)
    assert set(record) == {"schema_version", "run", "result", "units", "faults"}
    assert record["schema_version"] == 1
    assert record["faults"] == []
    run = record["run"]
    assert (run["seed"], run["as_of"], run["model"]) == (7, "2025-06-30", "two")
    assert {"kopir.toml", "links.csv"} <= set(run["inputs"])
    assert all(len(digest) == 64 for digest in run["inputs"].values())
    assert run["solver"].startswith("HiGHS") is (command != "check")


@pytest.mark.parametrize("shape", ["--json", "--csv"])
def test_equal_questions_give_equal_bytes(ask, two_routes, shape):
    assert ask("leverage", two_routes, shape).stdout_bytes == ask("leverage", two_routes, shape).stdout_bytes


def test_check_counts_rows_and_grades(ask, sourced):
    record = json.loads(ask("check", sourced, "--json").stdout)["result"]
    assert record["sound"] is True
    assert record["rows"]["links"] == 2
    # A's capacity is derived; B's capacity, the supply, two prices and two depths are literals.
    assert record["cells"] == {"sourced": 0, "derived": 1, "assumed": 6}
    assert {row["basis"] for row in record["assumptions"]} == {"miniature"}


def test_check_lists_assumptions_only_when_asked(ask, sourced):
    short, long = ask("check", sourced).stdout, ask("check", sourced, "--all").stdout
    assert "6 assumptions (0 with an interval); --all lists them" in short
    assert "supplies:2:amount" not in short
    assert "supplies:2:amount" in long


def test_why_walks_from_a_result_to_the_source(ask, sourced):
    said = ask("why", "leverage:RUS:leverage_musd", sourced, "--wide").stdout.splitlines()
    assert said[0].startswith("leverage:RUS:leverage_musd = 17000 million USD/yr")
    lines = [line.strip().partition(" ")[0] for line in said]
    path = ["carries:2:nameplate", "F3", "F1", "S1"]
    places = [lines.index(step) for step in path]
    indents = [len(said[place]) - len(said[place].lstrip()) for place in places]
    assert places == sorted(places)
    assert indents == [4, 6, 8, 10]
    assert said[places[1]].endswith("= F1 + F2")
    assert any(line.strip().startswith("denial:2:legal_basis") for line in said)


def test_why_gives_the_same_tree_as_json(ask, sourced):
    tree = json.loads(ask("why", "F3", sourced, "--json").stdout)["result"]
    assert (tree["id"], tree["grade"], tree["value"]) == ("F3", "derived", 50)
    assert [(step["id"], step["value"], step["low"]) for step in tree["because"]] == [
        ("F1", 30, 28),
        ("F2", 20, 20),
    ]


def test_new_makes_a_model_that_checks_and_solves(ask, tmp_path):
    folder = tmp_path / "deep" / "mine"
    assert ask("new", folder).exit_code == 0
    checked = ask("check", folder)
    assert (checked.exit_code, checked.stdout.splitlines()[0]) == (0, "mine: sound")
    flows = json.loads(ask("flow", folder, "--json").stdout)["result"]
    recorded = {"CPC": 64.8, "CASPIAN": 1.3, "EAST": 1.1}
    assert flows["calibrated"] is True
    assert {
        row["asset"]: pytest.approx(row["flow_mt"]) for row in flows["table"] if row["kind"] == "flow"
    } == recorded
    losses = {
        row["partner"]: row["leverage_musd"]
        for row in json.loads(ask("leverage", folder, "--json").stdout)["result"]["table"]
    }
    assert losses["RUS"] > 100 * losses["AZE"] > 0
    assert losses["CHN"] > 0
    assert not list(folder.parent.glob(".*"))


@pytest.mark.slow
def test_explain_gives_the_page_of_every_code(ask):
    for code, page in fault_codes().items():
        said = ask("explain", code.lower())
        assert said.exit_code == 0
        assert " ".join(said.stdout.split()).startswith(" ".join(f"{code} {page.title} {page.meaning}".split()))
    assert len(ask("explain", "--csv").stdout.splitlines()) == len(fault_codes()) + 1


def test_doctor_solves_the_starter(ask):
    said = ask("doctor", "--json")
    findings = {row["what"]: row for row in json.loads(said.stdout)["result"]["findings"]}
    assert said.exit_code == 0
    assert findings["self-test"]["state"] == "ok"
    assert {"kopir", "python", "HiGHS", "polars", "write access", "locale", "fonts"} <= set(findings)


def test_version(ask):
    import kopir

    assert ask("--version").stdout == f"kopir {kopir.__version__}\n"


SCENARIO = (
    '[scenario]\nstart = 2025-01-01\nstep = "month"\nsteps = 12\n[[shock]]\nasset = "A"\nfrom = 2025-01-01\n'
)


def test_stress_follows_a_scenario(ask, two_routes, tmp_path):
    """Route A out for a calendar year: 17 000 lost, 10 moved to B, 40 shut in."""
    file = tmp_path / "a.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    found = json.loads(ask("stress", two_routes, "--scenario", file, "--json").stdout)["result"]
    assert found["loss_musd"] == pytest.approx(17_000)
    assert (found["moved_mt"], found["shut_in_mt"]) == (pytest.approx(10), pytest.approx(40))
    assert found["begun"] == "2025-01-01"
    assert len(found["table"]) == 12
    said = ask("stress", two_routes, "--scenario", file)
    assert "20 % of what was moved or shut in" in said.stdout.replace("20.0 %", "20 %")
    assert "without knowing the next" in said.stdout
    rows = list(csv.DictReader(io.StringIO(ask("stress", two_routes, "--scenario", file, "--csv").stdout)))
    assert rows[0]["first"] == "2025-01-01"


def test_a_faulty_scenario_is_refused_with_its_mend(ask, two_routes, tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(SCENARIO.replace('"A"', '"C"'), encoding="utf-8")
    said = ask("stress", two_routes, "--scenario", file)
    assert said.exit_code == 3
    assert "shock.0.asset" in said.stderr
    assert "links.csv" in said.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("stress:EV31:loss_musd", "series:BRENT,2025-12"),
        ("stress:EV31:shut_in_mt", "storage:CPC_TANKS"),
        ("incident:cpc-mooring:2:45:loss_musd", "carries:CPC_SPM3,crude"),
        ("hindcast:OB037", "observations:OB037"),
    ],
)
def test_a_dated_figure_leads_back_to_its_rows(ask, name, row):
    said = ask("why", name, "kazakhstan", "--all")
    assert said.exit_code == 0
    assert f"of {row}" in " ".join(said.stdout.split())
    assert said.stdout.splitlines()[0].startswith(f"{name} = ")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["incident:A:loss_musd", "stress:none:loss_musd", "hindcast:none"])
def test_a_dated_figure_that_is_none_is_refused(ask, two_routes, name):
    assert ask("why", name, two_routes).exit_code == 3


@pytest.mark.slow
def test_an_incident_of_a_bundled_model_needs_no_folder(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = ask("incident", "--lose", "cpc-mooring:2", "--days", "45", "--draws", "0", "kazakhstan")
    assert said.exit_code == 0
    assert "CPC_SPM1, CPC_SPM2 lost for 45 days" in said.stdout


@pytest.mark.slow
def test_a_month_without_a_price_counts_at_prices_of_the_base_year_and_says_so(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = (
        "incident",
        "kazakhstan",
        "--lose",
        "cpc-mooring:2",
        "--days",
        "5",
        "--from",
        "2040-01-01",
        "--draws",
        "0",
    )
    said = ask(*asked)
    assert said.exit_code == 0
    assert "no price is recorded for 2040-01" in said.stdout
    assert "all money is counted at base-year prices" in " ".join(said.stdout.split())
    assert ask(*asked, "--base-prices").exit_code == 0


@pytest.mark.slow
def test_incident_is_one_page(ask, two_routes):
    asked = ("incident", two_routes, "--lose", "A", "--days", "10", "--from", "2025-03-01", "--draws", "2")
    said = ask(*asked)
    assert said.exit_code == 0
    for heading in (
        "A lost for 10 days from 2025-03-01",
        "limits that bind",
        "under whose control",
        "past events",
    ):
        assert heading in said.stdout
    card = json.loads(ask(*asked, "--json").stdout)["result"]
    assert card["course"]["shut_in_mt"] == pytest.approx(40 * 10 / 365)
    assert ask("incident", two_routes, "--lose", "NOWHERE", "--days", "5").exit_code == 3


def test_hindcast_of_a_model_without_events_is_empty(ask, two_routes):
    said = ask("hindcast", two_routes)
    assert said.exit_code == 0
    assert "0 rows" in said.stdout
