"""Conflicts: which figures are none, what is folded into one, and what a reader is told to do."""

import pytest

from kopir.facts import reconcile
from kopir.facts.claimed._loading import note_comparator
from tests.facts.claims import TURNOVER, claim, claims

PARTNERS = ("AZE", "CHN", "DEU", "GEO", "ITA", "KGZ", "RUS", "TUR", "UZB")


def flagged(*rows, kind):
    return [row for row in reconcile(claims(*rows)).conflicts.iter_rows(named=True) if row["class"] == kind]


def with_kin(partner, value, text, doc="d1", **slots):
    """Return a figure with one partner among nine others of about two billion."""
    kin = [
        claim(2e9 + 1e8 * number, f"{2 + number / 10:.1f} bn", "table", about={**TURNOVER, "partners": [one]})
        for number, one in enumerate(PARTNERS)
    ]
    return [*kin, claim(value, text, doc, about={**TURNOVER, "partners": [partner]}, **slots)]


def test_a_told_figure_out_of_all_proportion_is_flagged_by_name():
    (row,) = flagged(*with_kin("IRN", 5e6, "5 mn USD"), kind="unit_scale")
    assert row["claims"] == ["c10"]
    assert row["mend"].startswith("check the unit or scale of 5 mn USD")


@pytest.mark.parametrize("told", [{"class": "statistics"}, {"class": "dataset"}])
def test_a_small_cell_of_a_table_is_no_slip(told):
    assert flagged(*with_kin("IRN", 5e6, "5 mn USD", **told), kind="unit_scale") == []


def test_a_group_of_states_is_larger_than_a_state():
    assert flagged(*with_kin("EU", 90e9, "90 bn USD"), kind="unit_scale") == []


def test_what_another_document_bears_out_is_no_slip():
    other = claim(4e6, "4 mn", "d3", about={**TURNOVER, "partners": ["IRN"], "period": "2023"})
    assert flagged(*with_kin("IRN", 5e6, "5 mn USD"), other, kind="unit_scale") == []


def test_what_a_group_sells_to_the_world_leaves_out_trade_among_its_members():
    sold = {"indicator": "oil_export", "unit": "t", "period": "2024", "partners": []}
    rows = [
        claim(1.78e6, "1.78 Mt", about={**sold, "subject": "EU"}),
        claim(1.65e6, "1.65 Mt", "d2", about={**sold, "subject": "ITA"}),
        claim(0.19e6, "0.19 Mt", "d3", about={**sold, "subject": "POL"}),
    ]
    assert reconcile(claims(*rows)).conflicts.is_empty()


def capacity(value, text, doc, period, modality="capacity"):
    about = {"indicator": "capacity", "subject": "BTK", "partners": [], "unit": "t/yr", "period": period}
    return claim(value, text, doc, about=about, modality=modality)


def test_a_capacity_before_and_after_works_is_no_conflict():
    assert reconcile(
        claims(capacity(1e6, "1 Mt", "a", "2023"), capacity(5e6, "5 Mt", "a", "2024"))
    ).conflicts.is_empty()
    assert reconcile(
        claims(capacity(1e6, "1 Mt", "a", "2020"), capacity(5e6, "5 Mt", "b", "2024"))
    ).conflicts.is_empty()
    assert (
        len(reconcile(claims(capacity(1e6, "1 Mt", "a", "2023"), capacity(5e6, "5 Mt", "b", "2024"))).conflicts)
        == 1
    )


def test_nobody_takes_a_small_part_for_the_whole():
    part = claim(1e9, "1 bn", "d2", perimeter="intra_group")
    assert reconcile(claims(claim(9e9, "9 bn"), part)).conflicts.is_empty()
    assert len(reconcile(claims(claim(3e9, "3 bn"), part)).conflicts) == 1


def test_mirror_statistics_of_several_years_are_one_conflict_that_says_what_to_do():
    rows = [
        claim(value, f"{value / 1e9:.1f} bn", f"{side} {year}", perimeter=f"customs_{side}_side", period=year)
        for year, own, partner in (("2022", 20e9, 25e9), ("2023", 22e9, 28e9))
        for side, value in (("own", own), ("partner", partner))
    ]
    (row,) = reconcile(claims(*rows)).conflicts.iter_rows(named=True)
    assert (row["class"], row["claims"]) == ("mirror", ["c1", "c2", "c3", "c4"])
    assert row["mend"].startswith("name whose statistics are meant")
    assert "22.0 bn (customs own side, 2023)" in row["mend"]


def test_promises_that_differ_are_left_to_their_outcome():
    rows = [
        claim(10e9, "10 bn", "a", modality="plan"),
        claim(15e9, "15 bn", "b", modality="plan"),
        claim(12e9, "12.0 bn", "c"),
    ]
    (row,) = reconcile(claims(*rows)).conflicts.iter_rows(named=True)
    assert row["class"] == "forecast_vs_outcome"
    assert row["mend"] == "quote the outcome, 12.0 bn; keep 10 bn and 15 bn as what was promised"


@pytest.mark.parametrize(
    ("dates", "kind"),
    [(("2024", "2024-11"), "dispute"), (("2023-06", "2024-11"), "stale"), (("", "2024"), "dispute")],
)
def test_a_promise_is_stale_beside_one_told_months_later(dates, kind):
    rows = [
        claim(value, text, doc, modality="target", period="2030", published=date or None)
        for (value, text, doc), date in zip(((10e9, "10 bn", "a"), (15e9, "15 bn", "b")), dates, strict=True)
    ]
    assert reconcile(claims(*rows)).conflicts["class"].to_list() == [kind]


@pytest.mark.parametrize(
    ("note", "comparator"),
    [
        ("CPC, exports: 55 Mt/year; at least", "ge"),
        ("CPC, capacity: 60 Mt/year; around; Russian oil about 10 percent", "approx"),
        ("containers: 430 thousand; others about 380", "eq"),
    ],
)
def test_a_comparator_may_stand_alone_in_a_clause_of_a_note(note, comparator):
    value = {"55": 55e6, "60": 60e6, "43": 430e3}[note.partition(": ")[2][:2]]
    assert note_comparator(note, value) == comparator
