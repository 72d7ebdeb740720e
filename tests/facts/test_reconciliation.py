"""Reconciliation: worlds small enough to work by hand, and what must hold in any."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kopir.facts import given_identities, reconcile
from kopir.facts.claimed._loading import with_open_slot
from kopir.facts.settled._settling import REACH_95, REACH_DERIVED, _reach
from tests.facts.claims import TURNOVER, claim, claims

EXPORT = {**TURNOVER, "indicator": "export"}
KEY = "trade_turnover|KAZ|TUR|2024|-|-|-|USD"


def test_a_dispute_is_held_at_what_a_source_said_and_not_between():
    rows = [claim(60e9, "60 bn", "speech"), claim(51e9, "51 bn", "customs", **{"class": "statistics"})]
    fact = reconcile(claims(*rows)).facts.row(0, named=True)
    assert (fact["value"], fact["basis"]) == (pytest.approx(51e9), "disputed")
    assert fact["low"] < 51e9
    assert fact["high"] >= 60e9


@pytest.mark.parametrize(
    "sentence",
    [
        "According to Kazakh customs, trade reached 51 bn.",
        "По данным таможенной службы, товарооборот составил 51 млрд.",
        "Gümrük Bakanlığı verilerine göre ticaret 51 milyar dolar oldu.",
        "Кеден комитетінің мәліметінше, тауар айналымы 51 млрд болды.",
    ],
)
def test_who_stands_behind_a_figure_in_its_sentence_decides_between_two_papers(sentence):
    rows = [
        claim(60e9, "60 bn", "paper", **{"class": "press"}, sentence="Trade reached 60 bn."),
        claim(51e9, "51 bn", "tabloid", **{"class": "press"}, sentence=sentence),
    ]
    for ordered in (rows, rows[::-1]):
        assert reconcile(claims(*ordered)).facts.row(0, named=True)["value"] == pytest.approx(51e9)


@pytest.mark.parametrize("unknown", [["unknown name larnaca", "confidence 0.4 below 1.0"], "unknown name larnaca"])
def test_a_name_that_nobody_knows_is_an_open_slot(unknown):
    export = {"indicator": "oil_export", "subject": "AZE", "partners": [], "period": "2031", "unit": "t"}
    part = claim(6e6, "6 Mt", "a", about=export)
    assert with_open_slot({**part, "withheld": ["confidence 0.4 below 1.0"]}) == {
        **part,
        "withheld": ["confidence 0.4 below 1.0"],
    }
    part = with_open_slot({**part, "withheld": unknown})
    assert part["route"] == "?larnaca"
    whole = claim(20e6, "20 Mt", "b", about=export)
    book = reconcile(claims(part, whole))
    assert book.conflicts.is_empty()
    assert sorted(book.facts["value"]) == pytest.approx([6e6, 20e6])


def test_figures_that_cannot_hold_together_stay_what_was_said():
    export = {**TURNOVER, "indicator": "export"}
    rows = [
        claim(3.1e9, "3.1 bn", "a"),
        claim(0.56e9, "560 million", "a", about=export),
        claim(3e9, "3 bn", "b", comparator="almost"),
        claim(2.9e9, "2.9 bn", "b", about={**TURNOVER, "indicator": "import"}),
    ]
    facts = {row["indicator"]: row["value"] for row in reconcile(claims(*rows)).facts.iter_rows(named=True)}
    assert facts["export"] == pytest.approx(0.56e9)
    assert facts["import"] == pytest.approx(2.9e9)
    assert facts["trade_turnover"] == pytest.approx(3.1e9)


@pytest.mark.parametrize("right", [["statistics"], ["agency", "agency"]])
@pytest.mark.parametrize("growth", [["statistics"], ["agency", "agency"]])
def test_last_years_figure_told_twice_under_the_new_year_does_not_outvote_growth(right, growth):
    before = {"period": "2023"}
    said = [(100.1e9, "statistics", before), (99.9e9, "agency", before)]
    said += [(100.0e9, "ministry", {}), (100.1e9, "ministry", {})]
    said += [((150 + 0.1 * number) * 1e9, one, {}) for number, one in enumerate(right)]
    change = {"kind": "change_pct", "unit": "pct", "base": "trade_turnover|KAZ|TUR|2023|-|-|-|USD"}
    said += [(50 + 0.1 * number, one, change) for number, one in enumerate(growth)]
    rows = [
        claim(value, f"{value:.1f} %" if slots is change else f"{value / 1e9:.1f} bn", f"d{number}", **slots)
        for number, (value, _, slots) in enumerate(said)
    ]
    classes = {f"d{number}": one for number, (_, one, _) in enumerate(said)}
    book = reconcile(claims(*rows, classes=classes), implied=False, compare=False)
    assert book.ask(KEY).value == pytest.approx(150.05e9, rel=1e-3)
    assert not {"c1", "c2", "c5"} & {one for row in book.conflicts["blamed"] for one in row}


def test_almost_thirty_and_twenty_eight_meet():
    book = reconcile(claims(claim(30e9, "30 млрд", comparator="almost"), claim(28e9, "28 млрд", "d2")))
    fact = book.ask(KEY)
    assert (fact.low, fact.high) == pytest.approx((27.5e9, 28.5e9))
    assert fact.low <= fact.value <= fact.high
    assert book.conflicts.is_empty()


def test_more_than_five_and_a_rounded_five_meet_above_five():
    book = reconcile(claims(claim(5e9, "5 bn", comparator="gt"), claim(5e9, "5 bn", "d2")))
    fact = book.ask(KEY)
    assert (fact.low, fact.high) == pytest.approx((5e9, 5.5e9))


def test_imports_follow_from_turnover_and_exports():
    book = reconcile(claims(claim(48.8e9, "48,8 млрд"), claim(38.1e9, "38,1 млрд", about=EXPORT)))
    fact = book.ask("import|KAZ|TUR|2024|-|-|-|USD")
    assert (fact.low, fact.high) == pytest.approx((10.6e9, 10.8e9), rel=1e-6)
    assert fact.value == pytest.approx(10.7e9, rel=1e-3)
    assert any("trade_turnover" in identity for identity in fact.identities)


def test_an_interval_reaches_further_where_no_claim_states_the_fact():
    keys = ("turnover", "exports", "imports")
    levels = SimpleNamespace(fact=np.array([0, 1, 2]), base=np.array([-1, -1, 1]))  # imports only as a multiple
    reach = _reach(SimpleNamespace(keys=keys, observations=levels))
    assert list(reach) == [REACH_95, REACH_95, REACH_DERIVED]
    assert REACH_DERIVED > REACH_95 > 1.96


def test_a_part_and_its_share_give_the_whole():
    oil = {"indicator": "oil_export", "subject": "KAZ", "period": "2025-01/2025-06", "unit": "t"}
    level = claim(
        33e6, "33 млн тонн", about={**oil, "indicator": "oil_transit", "subject": "CPC", "partners": ["KAZ"]}
    )
    share = claim(83.0, "83 %", about={**oil, "subject": "CPC", "partners": ["KAZ"]}, kind="share", unit="pct")
    fact = reconcile(claims(level, share)).ask("oil_export|KAZ|-|2025-01/2025-06|-|-|-|t")
    assert (fact.low, fact.high) == pytest.approx((32.5e6 / 0.835, 33.5e6 / 0.825), rel=1e-6)


def test_a_multiple_and_a_level_give_the_base():
    freight = {"indicator": "freight_transit", "subject": "RUS", "partners": ["CHN"], "unit": "t"}
    level = claim(5e6, "5 млн тонн", about=freight, start=20, end=30)
    multiple = claim(3.0, "утроилась", about=freight, kind="mult", unit="x", period="3y_to_doc", start=5, end=14)
    fact = reconcile(claims(multiple, level)).ask("freight_transit|RUS|CHN|before 3y_to_doc|-|-|-|t")
    assert (fact.low, fact.high) == pytest.approx((4.5e6 / 3.5, 5.5e6 / 2.5), rel=1e-6)


def test_what_members_leave_of_a_group_is_bounded_from_below():
    group = claim(50e9, "50 bn", about={**TURNOVER, "subject": "RUS", "partners": ["C_ASIA"]}, comparator="gt")
    member = claim(28e9, "28 bn", about={**TURNOVER, "subject": "RUS", "partners": ["KAZ"]})
    fact = reconcile(claims(group, member)).ask("trade_turnover|RUS|C_ASIA|2024|-|-|-|USD|rest")
    assert fact.low == pytest.approx(21.5e9, rel=1e-6)
    assert fact.high == math.inf


def test_what_named_shares_leave_is_a_gap_and_no_conflict():
    oil = {"indicator": "oil_export", "subject": "AZE", "period": "2024", "unit": "pct", "kind": "share"}
    book = reconcile(
        claims(
            claim(72.0, "72 %", about=oil, part="west"),
            claim(17.0, "17 %", about=oil, part="rail"),
            claim(4.0, "4 %", "d2", about=oil, part="sea", comparator="lt"),
        )
    )
    fact = book.ask("oil_export|AZE|-|2024|-|-|-|pct|rest")
    assert (fact.low, fact.high) == pytest.approx((6.0, 12.0), abs=1e-3)
    assert book.conflicts.is_empty()


def test_figures_listed_in_one_breath_are_pieces_of_the_first():
    deal = {"indicator": "deals_value", "subject": "KGZ", "partners": ["KOR"], "unit": "USD"}
    rows = [
        claim(v, f"${v / 1e9} billion", about=deal, start=30 * n + 5, end=30 * n + 17)
        for n, v in enumerate((9.6e9, 3.1e9, 2.4e9))
    ]
    book = reconcile(claims(*rows))
    assert book.ask("deals_value|KGZ|KOR|-|-|-|-|USD").value == pytest.approx(9.6e9, rel=1e-3)
    assert book.ask("deals_value|KGZ|KOR|-|-|-|-|USD|rest").value == pytest.approx(4.1e9, rel=1e-2)
    assert book.conflicts.is_empty()


def test_plans_never_merge_with_outcomes_and_perimeters_are_not_averaged():
    book = reconcile(
        claims(
            claim(10e9, "10 bn"),
            claim(15e9, "15 bn", "d2", modality="plan"),
            claim(20e9, "20 bn", "d3", perimeter="goods_and_services"),
        )
    )
    levels = dict(book.facts.select("key", "value").iter_rows())
    assert levels[KEY] == pytest.approx(10e9)
    assert levels[f"{KEY}|plan"] == pytest.approx(15e9)
    assert sorted(book.conflicts["class"]) == ["forecast_vs_outcome", "perimeter"]


def test_the_claim_that_most_documents_speak_against_gives_way():
    rows = [claim(v * 1e9, f"{v} bn", f"d{n}") for n, v in enumerate((28.1, 28.2, 28.1, 281.0))]
    book = reconcile(claims(*rows))
    (conflict,) = book.conflicts.iter_rows(named=True)
    assert conflict["class"] == "unit_scale"
    assert conflict["blamed"] == ["c4"]
    assert book.ask(KEY).value == pytest.approx(28.13e9, rel=0.005)


def test_a_document_that_says_more_outweighs_one_that_says_less():
    export = {"indicator": "export", "subject": "TKM", "period": "2030", "unit": "t"}
    book = reconcile(
        claims(
            claim(42e6, "42 млн", "a", about={**export, "partners": ["CHN"]}),
            claim(70.0, "70", "a", about={**export, "partners": ["CHN"]}, kind="share", unit="pct"),
            claim(66e6, "66 million", "b", about=export),
        )
    )
    (conflict,) = book.conflicts.iter_rows(named=True)
    assert conflict["blamed"] == ["c3"]
    assert sorted(conflict["claims"]) == ["c1", "c2", "c3"]
    assert book.ask("export|TKM|-|2030|-|-|-|t").value == pytest.approx(60e6, rel=0.01)


def test_two_documents_that_nothing_tells_apart_stay_side_by_side():
    book = reconcile(claims(claim(10e9, "10 bn"), claim(15e9, "15 bn", "d2")))
    (conflict,) = book.conflicts.iter_rows(named=True)
    assert conflict["blamed"] == []
    fact = book.ask(KEY)
    assert fact.basis == "disputed"
    assert fact.low <= 9.5e9 < 15.5e9 <= fact.high


def test_removing_the_claim_found_restores_consistency():
    rows = [claim(v * 1e9, f"{v} bn", f"d{n}") for n, v in enumerate((28.1, 28.15, 28.1, 35.0))]
    (conflict,) = reconcile(claims(*rows)).conflicts.iter_rows(named=True)
    left = [row for number, row in enumerate(rows, 1) if f"c{number}" not in conflict["blamed"]]
    again = reconcile(claims(*left))
    assert set(again.conflicts["class"]) <= {"rounding"}


def world(draw, count=4):
    """A consistent trade block told by ``count`` documents, each with its own precision."""
    export, into = draw(st.integers(20, 900)), draw(st.integers(20, 900))
    truth = {"trade_turnover": export + into, "export": export, "import": into}
    rows = []
    for number in range(count):
        indicator = draw(st.sampled_from(sorted(truth)))
        comparator = draw(st.sampled_from(["eq", "eq", "approx", "gt", "almost"]))
        value = truth[indicator]
        stated = {"gt": math.floor(value / 10) * 10, "almost": math.ceil(value / 10) * 10}.get(comparator, value)
        rows.append(
            claim(
                stated * 1e6,
                f"{stated} mn",
                f"d{number}",
                about={**TURNOVER, "indicator": indicator},
                comparator=comparator,
            )
        )
    return rows


worlds = st.composite(world)
few = settings(max_examples=25, deadline=None)


def held(book):
    return {row[0]: row[1:] for row in book.facts.select("key", "value", "low", "high").iter_rows()}


def close(one, other):
    return all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-6))
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.slow
@few
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(rows, random):
    numbered = [{"id": f"c{number}", **row} for number, row in enumerate(rows)]
    before = held(reconcile(claims(*numbered)))
    random.shuffle(numbered)
    after = held(reconcile(claims(*numbered)))
    assert before.keys() == after.keys()
    assert all(close(before[key], after[key]) for key in before)


@pytest.mark.slow
@few
@given(worlds(), st.integers(0, 3))
def test_a_copy_changes_nothing(rows, which):
    before = held(reconcile(claims(*rows)))
    after = held(reconcile(claims(*rows, rows[which])))
    assert before.keys() == after.keys()
    assert all(close(before[key], after[key]) for key in before)


@pytest.mark.slow
@few
@given(worlds())
def test_a_claim_equal_to_the_estimate_never_widens_the_interval(rows):
    before = reconcile(claims(*rows))
    for key, (value, low, high) in held(before).items():
        if "rest" in key:
            continue
        indicator = key.split("|")[0]
        more = claim(
            round(value, -3), f"{value / 1e6:.3f} mn", "another", about={**TURNOVER, "indicator": indicator}
        )
        fact = reconcile(claims(*rows, more)).ask(key)
        assert fact.low >= (-math.inf if low is None else low * (1 - 1e-6))
        assert fact.high <= (math.inf if high is None else high * (1 + 1e-6))


@pytest.mark.slow
@few
@given(worlds())
def test_identities_hold_to_one_in_a_billion(rows):
    value = {key.split("|")[0]: row[0] for key, row in held(reconcile(claims(*rows))).items()}
    if len(value) == 3:
        assert math.isclose(value["trade_turnover"], value["export"] + value["import"], rel_tol=1e-9)


@pytest.mark.slow
@few
@given(worlds())
def test_units_do_not_matter(rows):
    before = held(reconcile(claims(*rows)))
    after = held(reconcile(claims(*({**row, "value": row["value"] / 1e6, "unit": "million USD"} for row in rows))))
    assert before.keys() == after.keys()
    assert all(close(before[key], after[key]) for key in before)


def test_given_identities_bind():
    identity = {
        "type": "sum",
        "total": "export|XAA|-|2024|-|-|-|t",
        "parts": ["export|XAB|-|2024|-|-|-|t", "export|XAC|-|2024|-|-|-|t"],
    }
    about = {"indicator": "export", "period": "2024", "unit": "t"}
    rows = [
        claim(100.0, "100", about={**about, "subject": "XAA"}),
        claim(30.0, "30", "d2", about={**about, "subject": "XAB"}),
    ]
    fact = reconcile(claims(*rows), given_identities([identity])).ask("export|XAC|-|2024|-|-|-|t")
    assert (fact.low, fact.high) == pytest.approx((69.0, 71.0), abs=1e-3)


@pytest.mark.parametrize(
    ("unit", "rate", "value", "a_year"),
    [("bbl", "d", 61_000, 61_000 * 365), ("m3", "d", 4e6, 4e6 * 365), ("t", "mo", 130_000, 130_000 * 12)],
)
def test_a_figure_a_day_is_not_that_of_a_year(unit, rate, value, a_year):
    about = {"indicator": "production", "subject": "JOR", "period": "2025", "commodity": "gas", "unit": unit}
    rows = [
        claim(value, f"{value:.0f}", rate=rate, about=about),
        claim(a_year, "", "d2", about={**about, "unit": f"{unit}/yr"}),
    ]
    found = reconcile(claims(*rows))
    (fact,) = found.facts.to_dicts()
    assert (fact["unit"], fact["value"]) == (f"{unit}/yr", pytest.approx(a_year, rel=1e-3))
    assert found.conflicts.is_empty()
