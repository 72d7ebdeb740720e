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


@pytest.mark.parametrize("words", ["year on year", "year-on-year", "yoy"])
@pytest.mark.parametrize(
    ("when", "period"), [("in January-September 2023", "2023-01/2023-09"), ("in May 2023", "2023-05")]
)
def test_year_on_year_says_nothing_of_the_period_behind_it(words, when, period):
    assert told(f"Peru's exports to Japan rose 14% {words} {when}.", "period", "published") == [(period, True)]


# ── what is measured ─────────────────────────────────────────────────────────────────────────────

RISES = ("recovered", "swelled", "skyrocketed", "spiked", "ballooned", "strengthened", "rallied", "edged up")
FALLS = ("plummeted", "dwindled", "weakened", "retreated", "collapsed", "shed", "narrowed", "edged lower")


@pytest.mark.parametrize(("verb", "sign"), [*((v, 1) for v in RISES), *((v, -1) for v in FALLS)])
@pytest.mark.parametrize(("state", "code"), STATES)
def test_verbs_of_rise_and_fall(verb, sign, state, code):
    assert told(f"{state}'s copper exports {verb} 4.2% in 2022.", "value", "kind", "subject") == [
        (4.2 * sign, "change_pct", code)
    ]
    assert told(f"{state}'s exports {verb} by $200 million in 2022.", "value", "kind") == [
        (2e8 * sign, "change_abs")
    ]


@pytest.mark.parametrize(("noun", "sign"), [("slump", -1), ("plunge", -1), ("uptick", 1), ("rebound", 1)])
def test_nouns_of_rise_and_fall(noun, sign):
    for words in (f"a {noun} of 4%", f"a 4% {noun}"):
        found = told(f"Chile reported {words} in wheat output in 2021.", "value", "kind", "indicator")
        assert found == [(4 * sign, "change_pct", "production")]


@pytest.mark.parametrize("verb", ["flimmered", "zoggled"])
@pytest.mark.parametrize("led", ["by ", "to ", ""])
def test_what_a_verb_that_no_table_knows_did_is_not_published(verb, led):
    assert told(f"Peru's copper exports {verb} {led}$200 million in 2022.", "published") == [(False,)]


@pytest.mark.parametrize("word", ["could", "may", "will", "should"])
@pytest.mark.parametrize("verb", ["jump", "fall"])
def test_what_a_price_may_move_by_is_a_change(word, verb):
    assert told(f"Soybean oil prices {word} {verb} three to five cents a pound.", "kind") == [("change_abs",)]


@pytest.mark.parametrize(
    ("words", "indicator", "parties"),
    [
        ("Egypt sourced 30,000 tonnes of tea from Kenya", "import", ("EGY", ("KEN",))),
        ("Egypt procured 30,000 tonnes of tea from Kenya", "import", ("EGY", ("KEN",))),
        ("Kenya dispatched 30,000 tonnes of tea to Egypt", "export", ("KEN", ("EGY",))),
        ("Peru churned out 3 mln tonnes of steel", "production", ("PER", ())),
        ("Coal use in Peru came to 3 mln tonnes", "consumption", ("PER", ())),
        ("Germany poured 3 billion euros into Ghana", "investment_flow", ("DEU", ("GHA",))),
        ("Germany pumped 3 billion euros into Ghana", "investment_flow", ("DEU", ("GHA",))),
        ("Japan gave Nepal $200 million in aid", "financing_pledged", ("JPN", ("NPL",))),
        ("Japan gave Nepal a $200 million bailout", "financing_pledged", ("JPN", ("NPL",))),
        ("Peru ran a goods deficit of $3 billion", "trade_balance", ("PER", ())),
        ("Peru's fiscal revenue came to $3 billion", "budget_revenue", ("PER", ())),
    ],
)
def test_words_of_measures(words, indicator, parties):
    assert told(f"{words} in 2021.", "indicator", "subject", "partners") == [(indicator, *parties)]


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("verb", ["grew", "expanded"])
def test_a_state_grows_by_its_economy(state, code, verb):
    assert told(f"{state} {verb} 3% in 2021.", "indicator", "subject", "kind") == [("gdp", code, "change_pct")]
    slowed = told(f"Growth in {state} slowed to 3% in 2021.", "indicator", "subject", "kind")
    assert slowed == [("gdp", code, "change_pct")]


@pytest.mark.parametrize("report", ["monthly report", "daily bulletin"])
def test_how_often_a_report_comes_is_no_rate(report):
    assert told(f"Its {report} said 9 mln tonnes of goods passed through the port last year.", "rate") == [(None,)]


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("comma", ["", ","])
@pytest.mark.parametrize(
    ("one", "two", "codes"), [("Chile", "Togo", ("CHL", "TGO")), ("Japan", "Nepal", ("JPN", "NPL"))]
)
def test_respectively_gives_each_figure_its_partner(comma, one, two, codes):
    text = f"Peru's exports to {one} and {two} grew by 4% and 11%{comma} respectively{comma} in 2022."
    assert told(text, "value", "subject", "partners", "period") == [
        (4, "PER", codes[:1], "2022"),
        (11, "PER", codes[1:], "2022"),
    ]


def test_respectively_gives_each_figure_its_measure_and_its_year():
    text = "Exports and imports of Norway fell 3% and 5% respectively in 2021."
    assert told(text, "indicator", "value", "subject") == [("export", -3, "NOR"), ("import", -5, "NOR")]
    text = "Output of copper in Peru was 2.2 mln tonnes and 2.4 mln tonnes in 2021 and 2022 respectively."
    assert told(text, "value", "period") == [(2.2e6, "2021"), (2.4e6, "2022")]


@pytest.mark.parametrize("n", [2, 3])
def test_percentages_of_a_list_are_of_one_kind(n):
    states = ["Ghana", "Togo", "Benin"][:n]
    sizes = [f"{3 + k}%" for k in range(n)]
    text = f"GDP in {', '.join(states[:-1])} and {states[-1]} rose by {', '.join(sizes[:-1])} and {sizes[-1]}"
    codes = ["GHA", "TGO", "BEN"]
    assert told(f"{text} respectively in 2021.", "kind", "value", "subject") == [
        ("change_pct", 3 + k, codes[k]) for k in range(n)
    ]


def test_the_year_before_of_what_is_doubled():
    text = (
        "Mongolia exported 69 mln tonnes of coal in 2023, more than double the 31 mln tonnes of the previous year."
    )
    assert ("2022", 31e6) in told(text, "period", "value")


@pytest.mark.parametrize("words", ["a third month", "a third year", "a fifth session", "a tenth time"])
def test_a_place_in_an_order_is_no_part(words):
    text = f"Exports of Peru fell for {words} in April 2023, down 3.4% from a year earlier."
    assert told(text, "value", "period") == [(-3.4, "2023-04")]


@pytest.mark.parametrize(("words", "value"), [("a third", 100 / 3), ("two fifths", 40), ("one-eighth", 12.5)])
@pytest.mark.parametrize("behind", ["since 2021", "in 2022", "year on year"])
def test_parts_are_shares_and_changes(words, value, behind):
    (found,) = read_text(f"Wheat prices fell by {words} {behind}.", language="en", date=DATE).claims
    assert found.value == pytest.approx(-value, abs=1e-9)
    assert found.kind == "change_pct"


@pytest.mark.parametrize(("words", "period"), [("since January", "2024-01/"), ("since March", "2024-03/")])
def test_a_month_since_which_is_open(words, period):
    assert told(f"Wheat prices have fallen by 20% {words}.", "period") == [(period,)]


@pytest.mark.parametrize(
    ("words", "period"),
    [("the last quarter of 2023", "2023-10/2023-12"), ("the fourth quarter of 2023", "2023-10/2023-12")],
)
def test_the_last_quarter_of_a_year(words, period):
    assert told(f"Kenya exported 4 mln tonnes of tea in {words}.", "period") == [(period,)]


@pytest.mark.parametrize(("state", "code"), STATES)
def test_a_level_that_a_change_over_years_led_to_is_of_the_last(state, code):
    text = f"Between 2015 and 2020 {state}'s wine exports doubled to 92 million litres."
    assert (code, 92e3, "2020") in [(s, v, p) for s, v, p in told(text, "subject", "value", "period") if v > 2]
    text = f"Between 2015 and 2020 {state}'s coal exports rose from 5 mln tonnes to 7 mln tonnes."
    assert told(text, "value", "period") == [(5e6, "2015"), (7e6, "2020")]


# ── what is published ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("state", "code"), STATES)
def test_words_that_take_up_a_period_bind_it(state, code):
    text = (
        f"{state}'s trade grew 9% in the first quarter of 2023. "
        f"Exports of {state} over the period rose by 8% to 12 billion dollars."
    )
    assert told(text, "subject", "period", "published") == [(code, "2023-01/2023-03", True)] * 3


@pytest.mark.parametrize("against", ["against", "from", "compared with"])
def test_what_another_figure_is_set_against_is_no_figure_of_another_time(against):
    text = f"Imports of Kenya in May 2023 totalled 1.8 billion dollars {against} 1.4 billion a year earlier."
    assert told(text, "period", "published") == [("2023-05", True), ("2022-05", True)]


@pytest.mark.parametrize("name", ["Trade Minister Ola Brekk", "Treasury Secretary Imre Vad", "Jo Tamm"])
def test_who_speaks_is_no_unknown_party(name):
    text = f"{name} said Norway's trade surplus rose by 3 billion dollars in 2022."
    assert told(text, "subject", "published") == [("NOR", True)]


def test_a_period_behind_another_figure_does_not_date_the_one_before_it():
    text = "Norwegian firms imported more than 26 mln tonnes of wheat, of which 4 mln tonnes in 2022."
    assert told(text, "published")[0] == (False,)


@pytest.mark.parametrize("way", ["was made with Peru", "was bought from Peru", "was sold to Peru"])
def test_the_other_side_of_a_trade_is_not_whose_the_text_is(way):
    text = f"The largest cargo of wheat {way} in 1960. For 1961, our exports are estimated at 4.5 billion dollars."
    assert told(text, "published", date=None)[-1] == (False,)


# ── messages, fact books, long ago ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize(
    ("words", "period"), [("ended June 30, 1899,", "1898/1899"), ("ending June 30, 1874,", "1873/1874")]
)
def test_a_fiscal_year_of_long_ago(state, code, words, period):
    text = f"The exports of {state} for the fiscal year {words} amounted to $1,227,023,302."
    assert told(text, "subject", "period", "value", date=None) == [(code, period, 1227023302)]


@pytest.mark.parametrize("year", ["1889", "1790"])
def test_a_year_before_1900_behind_in(year):
    assert told(f"Coal exports of Japan were 5 million tons in {year}.", "period", date=None) == [(year,)]
    assert told(f"Japan exported coal in {year} wagons.", "value", date=None) == [(float(year),)]


@pytest.mark.parametrize(
    ("words", "period"), [("(2022 est.)", "2022"), ("(2021)", "2021"), ("(2020: 1.5 billion)", None)]
)
def test_a_year_alone_in_the_bracket_behind_a_figure_dates_it(words, period):
    assert told(f"Exports of Togo were $1.7 billion {words}.", "period", date=None)[0] == (period,)


def test_bids_and_licences_are_plans():
    for words in ("accepted bids for the sale of", "granted export licences for", "awarded export licences for"):
        assert told(f"Brazil {words} 40,000 tonnes of maize to Zambia.", "modality") == [("plan",)]


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("word", ["from", "against"])
def test_last_year_beside_a_part_of_this_year_is_the_same_part(state, code, word):
    text = f"Exports of {state} in March rose to 6 billion dollars {word} 5 billion last year."
    assert told(text, "subject", "period") == [(code, "2024-03"), (code, "2023-03")]
    text = f"Exports of {state} in March rose to 6 billion dollars {word} 5 billion in 2021."
    assert told(text, "period")[1] == ("2021",)


@pytest.mark.parametrize("verb", ["up", "down"])
def test_a_level_set_against_another_is_bound_with_it(verb):
    text = f"Kenya imported 4 mln tonnes of maize in 2022, {verb} from 3 mln tonnes in 2021."
    first, second = read_text(text, language="en", date=DATE).claims
    assert [(one.kind, one.period) for one in (first, second)] == [("level", "2022"), ("level", "2021")]
    assert first.published
    assert not [why for why in second.withheld if not why.startswith("confidence")]


@pytest.mark.parametrize(("good", "state"), [("lithium", "Chile"), ("coffee", "Kenya")])
def test_what_the_world_makes_is_not_of_the_only_state_named(good, state):
    text = f"World production of {good} reached 180,000 tonnes in 2023. {state} makes much of it."
    assert told(text, "published") == [(False,)]


@pytest.mark.parametrize("n", [5, 10])
def test_a_level_reached_in_so_many_years_is_of_none_of_them(n):
    text = f"In the last {n} years Ethiopian coffee exports have doubled to 240,000 tons."
    assert told(text, "value", "period", "published")[-1] == (240e3, None, False)


@pytest.mark.parametrize(
    ("words", "period"), [("the year to June 2023", "2022/2023"), ("the year to December 2022", "2022")]
)
def test_the_year_to_a_month(words, period):
    assert told(f"Kenya imported 480,000 tons of maize in {words}.", "period") == [(period,)]


@pytest.mark.parametrize(("word", "sign"), [("greater", 1), ("larger", 1), ("smaller", -1)])
def test_how_much_greater_is_a_change(word, sign):
    text = f"Exports of Peru in 2022 were 115 million dollars {word} than in 2021."
    assert told(text, "kind", "value") == [("change_abs", 115e6 * sign)]


@pytest.mark.parametrize("done", ["completed in 1973", "opened in 1988", "built in 2004"])
@pytest.mark.parametrize("work", ["dam", "bridge"])
def test_when_works_were_done_does_not_date_what_they_cost(done, work):
    text = f"The {work} near Oruro, {done} at a cost of $520 million, is long."
    assert told(text, "indicator", "period") == [("project_value", None)]


@pytest.mark.parametrize(
    "text",
    [
        "The fire burned 300 homes and 4,000 hectares of forest.",
        "Data usage rose 40% last year, the operator said.",
        "Chile expanded its park by 3% in 2019.",
        "The company's internal revenue was $40 million.",
        "Shares firmed 3% on Monday.",
        "The dollar weakened 2% against the yen.",
        "Peru's population grew 3% in 2021.",
    ],
)
def test_words_in_another_sense_measure_nothing(text):
    assert not any(indicator for (indicator,) in told(text, "indicator"))


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("passed", ["went through", "goes through"])
def test_the_way_of_a_part_leaves_the_trade_that_it_is_of(state, code, passed):
    text = f"Of the gas {state} exported in 2019, 60 percent {passed} the northern pipeline and 12 percent by sea."
    assert told(text, "kind", "indicator", "subject") == [("share", "export", code)] * 2


@pytest.mark.parametrize(("state", "code"), STATES)
@pytest.mark.parametrize("speaker", ["railway reported", "port said"])
def test_what_a_state_carries_to_another_is_transit_whoever_tells_it(state, code, speaker):
    text = f"In 2019 {state} carried 3 million tonnes of cargo to Ghana, the {speaker}."
    assert told(text, "indicator", "subject", "partners") == [("freight_transit", code, ("GHA",))]


def test_what_a_railway_says_that_it_carried_is_its_own():
    text = "The railway said it carried 3 million tonnes of grain in 2019."
    assert told(text, "indicator", "partners") == [("freight_carried", ())]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Peru's energy consumption rose to 20.4 million tonnes of oil equivalent in 2024."),
        ("en", "Chad spent 300 million dollars on energy imports in 2024."),
        ("ru", "Энергопотребление Перу в 2024 году составило 20,4 млн тонн нефтяного эквивалента."),
    ],
)
def test_energy_is_no_oil(language, text):
    (claim,) = read_text(text, language=language, date="2025-03-01").claims
    assert claim.commodity == "energy"


def test_what_an_analyst_sees_is_a_forecast_and_what_a_year_saw_is_not():
    (claim,) = read_text("Mr Lund sees the price of copper at 9,000 dollars a tonne.", date="2025-03-01").claims
    assert claim.modality == "forecast"
    (claim,) = read_text(
        "The year 2024 saw Peru export copper worth 20 billion dollars.", date="2025-03-01"
    ).claims
    assert claim.modality == "actual"
