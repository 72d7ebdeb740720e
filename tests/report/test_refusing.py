"""Partners are switched off in the file itself: in a browser, without a network, and equal to Python's answers."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest

import kopir
from kopir.flow.value import Flow
from kopir.model.network.clauses import Denial
from kopir.model.network.goods import goods_of
from kopir.project import Project
from kopir.report.content import Brief, Number
from kopir.report.forms.page import as_html
from kopir.report.forms.solver import PackedSolver, packed_model, packed_solver
from kopir.report.messages import messages
from kopir.report.numbers import printed
from kopir.report.sections.refusing import refusing
from kopir.report.telling import Telling
from kopir.strategy.refusal.leverage import leverage, lost_by_bearer
from kopir.strategy.refusal.portable import residents
from kopir.strategy.refusal.responses import respond
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY
from tests.flow.test_apportionment import two_fields
from tests.flow.test_triggers import secondary_sanctions
from tests.folders import routes_model

SHARED = Path(__file__).parents[3] / "shared/cases/newcomer/mixed_goods"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SOLVER = packed_solver()
WEIGHT = 1_900_000
"""Bytes that the solver and a model of two hundred activities may add to a page of one million."""

in_browser = pytest.mark.skipif(
    CHROMIUM is None or SOLVER is None, reason="no Chromium, or the scripts are not built: make web"
)


def told(setup: Setup, language: str = "en", horizon: str = "short") -> Brief:
    """Return a brief of nothing but what switches partners off."""
    results = SimpleNamespace(setup=setup, horizon=horizon, leverage=leverage(setup, span=horizon))
    say = messages(language)
    labels = {
        key: text for key, text in say.texts.items() if key.startswith(("notes.", "page.", "refusing.", "annex"))
    }
    telling = Telling(results, None, say)
    return Brief(language, "t", "", "", (), (), (), (), labels, {}, refusing(telling))


def expected(
    setup: Setup, parties: frozenset[str], severity: float = 1.0, horizon: str = "short"
) -> dict[str, float]:
    """Return what Python says of a refusal, each asked of a value function that was asked nothing before."""
    valuation = setup.valuation(horizon)
    before = valuation.flow(NOBODY)
    response = respond(valuation, before, Denial(parties, severity))
    lost = lost_by_bearer(
        setup.focal_state, setup.ledger.booked(before.total).less(setup.ledger.booked(response.after.total))
    )
    goods = goods_of(setup.network, setup.focal_state)
    volumes = [response.stranded(setup.focal_state, one.commodities) for one in goods if one.commodities]
    return {
        "income_musd": lost["income_musd"],
        "leverage_musd": before.value - response.after.value,
        **{f"stranded_mt:{place}": amount for place, amount in enumerate(volumes)},
    }


@pytest.fixture
def two_ways(tmp_path: Path) -> Project:
    routes = [
        {"id": "NORTH", "capacity": 8, "netback": 300, "jurisdictions": ["RUS"]},
        {"id": "EAST", "capacity": 5, "netback": 200, "jurisdictions": ["CHN"]},
    ]
    return kopir.open(routes_model(tmp_path / "two_ways", routes, supply=10))


class Shown:
    """A brief opened from a file in a browser that fails where anything is asked of a network."""

    def __init__(self, browser, folder: Path, brief: Brief, **context: object) -> None:
        file = folder / "brief.html"
        file.write_text(as_html(brief, {}, SOLVER), "utf-8")
        self.context = browser.new_context(viewport={"width": 1280, "height": 1000}, **context)
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("pageerror", lambda one: self.broken.append(str(one)))
        self.page.on("console", lambda one: self.broken.append(one.text) if one.type == "error" else None)
        self.page.goto(file.as_uri())
        self.home = file.as_uri()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def ask(self, *parties: str, severity: int = 100) -> dict[str, float]:
        """Choose who refuses as a person does and return the exact figures that the page then shows."""
        self.page.locator("button[type=reset]").click()
        for party in parties:
            self.page.locator(f'#refusing-form input[value="{party}"]').check()
        self.page.locator("#refusing-severity").fill(str(severity))
        self.page.locator("#refusing-severity").dispatch_event("input")
        self.page.locator("#refusing-said:not([aria-busy])").wait_for(state="attached")
        shown = self.page.eval_on_selector_all(
            "#refusing-said dd", "all => all.map(one => [one.dataset.id, Number(one.dataset.value)])"
        )
        volumes = [value for name, value in shown if name == "stranded_mt"]
        money = {name: value for name, value in shown if name != "stranded_mt"}
        return money | {f"stranded_mt:{place}": value for place, value in enumerate(volumes)}

    def printed(self) -> list[str]:
        return self.page.locator("#refusing-said dd").all_inner_texts()


def as_printed(name: str, value: float, language: str) -> str:
    return printed(Number(name, value, "Mt/yr" if "_mt" in name else "million USD/yr", ""), language)


def agrees(
    project: Project, browser, folder: Path, severities: tuple[int, ...] = (100, 40), language: str = "en"
) -> int:
    """Compare every partner alone and every pair, as values and as printed; return how many were compared."""
    setup = project.setup
    brief = told(setup, language)
    parties = [party for party, _ in brief.refusing.parties]
    asked = [(party,) for party in parties] + list(combinations(parties, 2))
    compared = 0
    with Shown(browser, folder, brief) as shown:
        for chosen in asked:
            for severity in severities if len(chosen) == 1 else (100,):
                wanted = expected(setup, frozenset(chosen), severity / 100)
                found = shown.ask(*chosen, severity=severity)
                assert found == pytest.approx(wanted, rel=1e-6, abs=1e-5), (chosen, severity)
                assert shown.printed() == [
                    as_printed(name, value, brief.language) for name, value in found.items()
                ]
                compared += 1
        assert shown.asked == [shown.home]
        assert shown.broken == []
    return compared


def test_without_the_solver_the_page_has_no_script(two_ways):
    page = as_html(told(two_ways.setup), {})
    assert "<script" not in page
    assert "refusing" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "script-src" not in page


def test_the_policy_allows_this_script_and_the_solver_and_nothing_else(two_ways):
    solver = PackedSolver("1+1", "'sha256-x' 'wasm-unsafe-eval'", "AAAA")
    page = as_html(told(two_ways.setup), {}, solver)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.replace("&#39;", "'") == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "script-src 'sha256-x' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'"
    )
    assert "<noscript>" in page
    packed = re.search(r'id="refusing-model">([^<]*)<', page)[1]
    model = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert [sorted(clause["parties"]) for clause in model["model"]["clauses"]] == [["RUS"], ["CHN"]]


@pytest.mark.skipif(SOLVER is None, reason="the scripts are not built: make web")
def test_the_script_stands_in_a_page_as_it_is():
    """What a page may not carry (a closing tag, controls, other letters) is not in it, so its hash holds."""
    assert SOLVER.script.isascii()
    assert not re.search(r"</script|<!--|[\x00-\x08\x0b-\x1f\x7f]", SOLVER.script, re.IGNORECASE)
    digest = base64.b64encode(hashlib.sha256(SOLVER.script.encode()).digest()).decode()
    assert SOLVER.policy == f"'sha256-{digest}' 'wasm-unsafe-eval'"


@pytest.mark.skipif(SOLVER is None, reason="the scripts are not built: make web")
def test_weight_of_the_solver_and_of_the_largest_model():
    model = packed_model(told(kopir.open("kazakhstan").setup).refusing)
    assert len(SOLVER.script) + len(SOLVER.binary) + len(model) < WEIGHT


def test_no_script_where_nobody_can_close_anything(two_ways):
    brief = replace(told(two_ways.setup), refusing=None)
    page = as_html(brief, {}, PackedSolver("1+1", "'sha256-x'", "AAAA"))
    assert "<script" not in page
    assert "script-src" not in page


@pytest.mark.parametrize("name", ["azerbaijan", "uzbekistan"])
def test_rates_of_residents_are_those_of_the_ledger(name):
    """rate @ use + kept @ profit is budget, firms and consumers of the focal state."""
    setup = kopir.open(name).setup
    flow: Flow = setup.valuation("short").flow(NOBODY)
    booked, found = setup.ledger.booked(flow.total), residents(setup)
    wanted = sum(booked.all.get((setup.focal_state, account), 0.0) for account in ("budget", "firms", "consumers"))
    activities = setup.network.activities
    fetched = booked.fetched[activities.put] * activities.gain - activities.cost
    profit = flow.total * fetched
    assert sum(found["rate"] * flow.total) + sum(found["kept"] * profit) == pytest.approx(wanted)


@in_browser
@pytest.mark.slow
def test_a_model_by_hand(two_ways, browser, tmp_path):
    """10 Mt: 8 north at 300, 2 east at 200; without the north 5 go east, 5 stay: 2800 - 1000 million USD."""
    with Shown(browser, tmp_path, told(two_ways.setup)) as shown:
        assert shown.ask("RUS")["leverage_musd"] == pytest.approx(1800)
        assert shown.ask("RUS", "CHN")["stranded_mt:0"] == pytest.approx(10)
        assert shown.ask() == {}
        assert shown.page.locator("#refusing-routes").is_hidden()


@in_browser
@pytest.mark.slow
def test_every_partner_and_every_pair_of_the_largest_model(browser, tmp_path):
    assert agrees(kopir.open("kazakhstan"), browser, tmp_path) > 50


@in_browser
@pytest.mark.slow
@pytest.mark.parametrize(("name", "language"), [("azerbaijan", "tr"), ("uzbekistan", "kk")])
def test_every_partner_and_every_pair_of_other_models(name, language, browser, tmp_path):
    assert agrees(kopir.open(name), browser, tmp_path, language=language)


@in_browser
@pytest.mark.slow
def test_goods_of_several_kinds_and_what_is_bought(browser, tmp_path):
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not here")
    assert agrees(kopir.open(SHARED), browser, tmp_path, language="ru")


@in_browser
@pytest.mark.slow
def test_uses_that_close_others(browser, tmp_path):
    project = kopir.open(secondary_sanctions(tmp_path / "rule"))
    assert agrees(project, browser, tmp_path)


@in_browser
@pytest.mark.slow
def test_uses_that_close_others_beside_cuts_that_are_shared(browser, tmp_path):
    project = kopir.open(two_fields(tmp_path / "shared", road=4, trigger=10))
    assert agrees(project, browser, tmp_path)


@in_browser
@pytest.mark.slow
def test_without_scripts_the_page_says_so_and_stays(two_ways, browser, tmp_path):
    with Shown(browser, tmp_path, told(two_ways.setup), java_script_enabled=False) as shown:
        assert shown.page.locator("#refusing").is_hidden()
        assert shown.page.locator("noscript").inner_text().startswith("Where scripts may run")
