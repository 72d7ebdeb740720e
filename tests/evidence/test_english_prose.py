"""How English tells of trade, output and prices; twins swap states, goods, units and years."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text

DATE = "2024-05-20"
STATES = [("Peru", "PER"), ("Denmark", "DNK")]


def told(text, *slots, date=DATE):
    claims = read_text(text, language="en", date=date).claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


# ── when ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "day"), [("on Monday", "2024-05-20"), ("on Friday", "2024-05-17"), ("last Monday", "2024-05-13")]
)
@pytest.mark.parametrize("good", ["Copper", "Wheat"])
def test_a_day_of_the_week_dates_a_price_by_the_document(words, day, good):
    assert told(f"{good} prices rose 2% to 84 dollars a tonne {words}.", "period") == [(day,), (day,)]


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("said", ["the ministry said on Monday", "the ministry told reporters Friday"])
def test_the_day_on_which_somebody_spoke_dates_no_flow(state, code, said):
    assert told(f"{state}'s exports rose 5% in 2022, {said}.", "subject", "period") == [(code, "2022")]


@pytest.mark.parametrize("day", ["Tuesday, April 30", "Friday, May 3"])
def test_a_date_behind_a_day_of_the_week_is_the_date(day):
    found = told(f"Copper closed at 9,000 dollars a tonne on {day}.", "period")
    assert found[0][0] in ("2024-04-30", "2024-05-03")


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("word", ["previous", "preceding", "prior"])
def test_a_quarter_before_is_told_from_the_other(state, code, word):
    text = f"{state}'s exports grew 6% in the first quarter of 2023, against 2% in the {word} quarter."
    assert told(text, "subject", "kind", "period") == [
        (code, "change_pct", "2023-01/2023-03"),
        (code, "change_pct", "2022-10/2022-12"),
    ]


@pytest.mark.parametrize(
    ("words", "month"), [("the previous month", "2022-04"), ("the preceding month", "2022-04")]
)
def test_a_month_before_is_told_from_the_other(words, month):
    text = f"Output of cement in Peru rose 4% in May 2022 after a 2% drop {words}."
    assert told(text, "value", "period") == [(4, "2022-05"), (-2, month)]


@pytest.mark.parametrize(
    ("words", "period"), [("last quarter", "2024-01/2024-03"), ("this quarter", "2024-04/2024-06")]
)
def test_a_quarter_is_told_from_the_document(words, period):
    assert told(f"Denmark exported 4 mln tonnes of barley {words}.", "period") == [(period,)]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("in the first 78 days of the year", "2024-01-01/2024-03-18"),
        ("in the first 100 days of 2023", "2023-01-01/2023-04-10"),
        ("during the eight days ending last Sunday", "2024-05-12/2024-05-19"),
        ("in the ten days ended Friday", "2024-05-08/2024-05-17"),
    ],
)
def test_a_number_of_days_is_a_span(words, period):
    assert told(f"Kenya exported 4 mln tonnes of tea {words}.", "period") == [(period,)]


@pytest.mark.parametrize(
    ("word", "year"), [("year-earlier", "2023-04"), ("year earlier", "2023-04"), ("year-ago", "2023-04")]
)
@pytest.mark.parametrize(("state", "code"), STATES)
def test_a_sentence_that_compares_is_dated_by_the_one_before(word, year, state, code):
    text = (
        f"{state}'s trade surplus fell to 1.2 bn dollars in April. This compares with a {word} surplus of 1.9 bn."
    )
    assert told(text, "subject", "period") == [(code, "2024-04"), (code, year)]


def test_the_same_days_of_another_month():
    text = (
        "Peru's trade surplus was 5 bn dollars in the first 20 days of May, up from 4 bn in the same April period."
    )
    assert told(text, "period")[1] == ("2024-04-01/2024-04-20",)


@pytest.mark.parametrize("good", ["copper", "wheat"])
def test_for_the_year_means_that_of_the_document(good):
    text = f"Analysts forecast {good} prices to average 900 dollars a tonne for the year."
    assert told(text, "period", "modality") == [("2024", "forecast")]


@pytest.mark.parametrize("text", ["November soybeans closed at", "July wheat futures ended at", "March closed at"])
def test_the_month_of_a_contract_dates_no_price(text):
    assert told(f"{text} 6.10 dollars a bushel.", "period") == [(None,)]


@pytest.mark.parametrize("verb", ["closed at", "rose 2% to", "settled at"])
def test_prices_of_one_market_are_of_one_day(verb):
    text = f"Soybean prices rose today to 6.10 dollars a bushel. Wheat {verb} 5.20 dollars a bushel."
    assert {period for (period,) in told(text, "period")} == {DATE}
