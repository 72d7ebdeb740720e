"""How news agencies write: weights, weeks, days, contracts, counts; twins swap states, goods and numbers."""

from __future__ import annotations

import pytest

from kopir.evidence import read_text
from kopir.evidence.figures._counting import singular

DATE = "1987-05-20"


def told(language, text, *slots, date=DATE):
    claims = read_text(text, language=language, date=date).claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


@pytest.mark.parametrize(("state", "code"), [("Chile", "CHL"), ("Peru", "PER")])
@pytest.mark.parametrize(
    ("words", "unit"), [("long tons", "long_ton"), ("short tons", "short_ton"), ("lbs", "pound"), ("tonnes", "t")]
)
def test_a_weight_that_is_not_metric_keeps_its_name(state, code, words, unit):
    text = f"{state} exported 27,000 {words} of barley to Japan in 1986."
    assert told("en", text, "value", "unit", "subject", "partners", "commodity") == [
        (27000, unit, code, ("JPN",), "barley")
    ]


@pytest.mark.parametrize("good", ["copper", "nickel"])
def test_pounds_of_a_good_are_a_weight_and_other_pounds_money(good):
    assert told("en", f"Zambia sold 265 mln pounds of {good} in 1986.", "unit") == [("pound",)]
    assert told("en", f"Zambia sold {good} worth 265 mln pounds in 1986.", "unit") == [("GBP",)]


@pytest.mark.parametrize(("n", "price"), [(27, 270), (42, 420)])
def test_a_price_of_a_hundred_kilos_is_told_by_the_tonne(n, price):
    text = f"Feed barley prices were {n} marks per 100 kilos."
    assert told("en", text, "value", "unit", "indicator") == [(price, "DEM/t", "price")]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("in the week ended May 8", "1987-05-02/1987-05-08"),
        ("for the week ending March 13", "1987-03-07/1987-03-13"),
        ("in the week ended Dec 31", "1986-12-25/1986-12-31"),
    ],
)
@pytest.mark.parametrize("good", ["crude", "gasoline"])
def test_a_week_is_told_by_the_day_that_ends_it(words, period, good):
    assert told("en", f"Mexico's {good} stocks fell by 3 mln barrels {words}.", "period") == [(period,)]


@pytest.mark.parametrize(("word", "day"), [("today", "1987-05-20"), ("yesterday", "1987-05-19")])
@pytest.mark.parametrize(("good", "price"), [("Brent crude", 18.01), ("Wheat", 21.5)])
def test_the_day_of_a_price_is_that_of_the_text_and_of_an_output_when_someone_spoke(word, day, good, price):
    assert told("en", f"{good} traded at {price} dlrs a barrel {word}.", "period") == [(day,)]
    assert told("en", f"Peru produced 3 mln tonnes of coal, it was announced {word}.", "period") == [(None,)]


@pytest.mark.parametrize(("state", "code"), [("Peru", "PER"), ("Kenya", "KEN")])
@pytest.mark.parametrize("verb", ["won", "received", "was awarded"])
def test_who_gets_a_contract_is_paid_for_it(state, code, verb):
    text = f"Acme Corp {verb} a 20 mln dlr contract from {state}."
    assert told("en", text, "indicator", "subject", "partners") == [("deals_value", code, ("Acme",))]


@pytest.mark.parametrize("lead", ["to around", "up to", "at", "to"])
@pytest.mark.parametrize("n", [2, 6])
def test_what_growth_comes_to_is_a_change(lead, n):
    text = f"Economists revised their forecasts of Peru's GNP growth {lead} {n} pct."
    assert told("en", text, "kind", "indicator") == [("change_pct", "gdp")]


@pytest.mark.parametrize(("noun", "unit"), [("tapioca", "tapioca"), ("millstones", "millstone")])
def test_a_good_that_no_table_names_stays_a_noun(noun, unit):
    text = f"Thailand exported 4.2 mln tonnes of {noun} to Japan in 1986."
    assert told("en", text, "commodity", "subject", "partners") == [(unit, "THA", ("JPN",))]


def test_a_pronoun_is_no_good():
    assert told("en", "Thailand exported 4.2 mln tonnes of these to Japan in 1986.", "commodity") == [(None,)]


@pytest.mark.parametrize(
    ("n", "things", "unit"), [(42, "federal lyceums", "lyceum"), (650, "beehives", "beehive")]
)
def test_things_that_no_table_names_are_counted(n, things, unit):
    assert told("en", f"The plan covers {n} {things}.", "value", "unit", "kind") == [(n, unit, "count")]
    assert told("en", f"It is told on page {n}, {things} aside.", "value") == []


@pytest.mark.parametrize("text", ["Page 30 belongs here.", "The 1986 works stand.", "He bought 3 beehives."])
def test_a_number_that_names_and_a_few_things_are_not_counted(text):
    assert told("en", text, "value") == []


@pytest.mark.parametrize(
    ("noun", "singular_"),
    [("accessories", "accessory"), ("wells", "well"), ("glass", "glass"), ("census", "census")],
)
def test_the_singular_of_a_noun(noun, singular_):
    assert singular(noun) == singular_


@pytest.mark.parametrize(("state", "case", "code"), [("Перу", "в Перу", "PER"), ("Чили", "в Чили", "CHL")])
def test_a_verb_is_no_steel(state, case, code):
    assert told("ru", f"Поставки {case} стали на 5 млн тонн больше в 2020 году.", "commodity") == [(None,)]
    text = f"{state} экспортировало 5 млн тонн стали в Японию в 2020 году."
    assert told("ru", text, "commodity", "subject") == [("steel", code)]


@pytest.mark.parametrize(("n", "good"), [(296, "жұмыртқаның ондығы"), (150, "қант")])
@pytest.mark.parametrize("verb", ["теңгеден сатылып жатыр", "теңгеге саудаланды"])
def test_what_goods_are_sold_at_is_a_price_in_kazakh(n, good, verb):
    assert told("kk", f"Қазір {good} {n} {verb}.", "value", "indicator") == [(n, "price")]


@pytest.mark.parametrize("n", [5, 9])
def test_an_amount_to_be_reached_is_no_delivery_in_kazakh(n):
    text = f"Транзиттен түскен пайданы {n} миллиард долларға жеткізу туралы тапсырма берілді."
    assert told("kk", text, "indicator", "modality") == [("transit_income", "target")]


@pytest.mark.parametrize(("place", "n"), [("Арыс қаласын", 34), ("ішкі жолдарын", 120)])
def test_money_for_repair_is_the_value_of_works_in_kazakh(place, n):
    text = f"{place} қалпына келтіруге {n} миллион теңге қаралған."
    assert told("kk", text, "indicator", "modality") == [("project_value", "plan")]


@pytest.mark.parametrize(("n", "good"), [(170, "ұн өңдеуге"), (80, "құрама жем өндіруге")])
def test_what_a_plant_is_able_to_make_is_its_capacity_in_kazakh(n, good):
    assert told("kk", f"Кешен тәулігіне {n} тонна {good} қауқарлы.", "indicator", "rate") == [("capacity", "d")]


@pytest.mark.parametrize(("n", "who"), [(92, "Ресеймен"), (15, "Қытаймен")])
def test_a_part_of_the_trade_is_a_share_in_kazakh(n, who):
    assert told("kk", f"Жалпы сауданың {n} проценті {who} болған.", "indicator", "kind") == [
        ("other_share", "share")
    ]


@pytest.mark.parametrize(("actor", "code"), [("Peru", "PER"), ("Tosker Corp", "Tosker"), ("OPEC", "OPEC")])
@pytest.mark.parametrize("what", ["Gas output was 3 mln tonnes in 1986.", "It set aside a loan of 5 mln dlrs."])
def test_a_report_is_about_whom_it_opens_with(actor, code, what):
    assert told("en", f"{actor} met the press.\n{what}", "subject") == [(code,)]
    assert told("en", f"The press met.\n{what}", "subject") == [(None,)]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("in the week ended April three", "1987-03-28/1987-04-03"),
        ("in the four weeks ended March six", "1987-02-07/1987-03-06"),
    ],
)
@pytest.mark.parametrize("state", ["Canadian", "Mexican"])
def test_a_report_of_weeks_is_of_them_throughout(words, period, state):
    text = f"{state} crude stocks were 106 mln barrels {words}.\nGasoline stocks rose 6 mln barrels to 335 mln."
    assert told("en", text, "period") == [(period,)] * 3


@pytest.mark.parametrize("before", ["from a revised 245 mln", "from 245 mln the previous week"])
def test_what_a_week_is_compared_with_is_the_week_before(before):
    text = f"Peru's gasoline stocks rose to 247 mln barrels in the week ended April 3 {before}."
    assert told("en", text, "period") == [("1987-03-28/1987-04-03",), ("1987-03-21/1987-03-27",)]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("for the period July 1-March 13", "1986-07-01/1987-03-13"),
        ("between July 1 last year and January 31", "1986-07-01/1987-01-31"),
        ("for the period January 1-March 13", "1987-01-01/1987-03-13"),
    ],
)
def test_a_span_of_days_may_pass_the_end_of_a_year(words, period):
    assert told("en", f"Danish wheat exports {words} were 3 mln tonnes.", "period") == [(period,)]


@pytest.mark.parametrize(("thing", "year"), [("agreement", 1986), ("contract", 1979)])
def test_what_is_of_a_year_is_not_so_many(thing, year):
    assert told("en", f"Chad broke a {year} {thing} with Peru.", "value") == []


@pytest.mark.parametrize(("words", "low"), [("500,000 to two mln", 5e5), ("20,000 to 1.5 mln", 2e4)])
def test_a_figure_written_out_has_no_scale_of_the_next(words, low):
    text = f"Peru's gasoline stocks rose {words} barrels."
    assert told("en", text, "value")[0] == (low,)


@pytest.mark.parametrize(("of", "other"), [("imports", "exports"), ("exports", "imports")])
def test_what_is_set_against_another_measure_is_of_the_same_time(of, other):
    text = f"Swiss February {of} were 6.00 billion francs against {other} of 5.37 billion."
    assert told("en", text, "indicator", "period") == [(of[:-1], "1987-02"), (other[:-1], "1987-02")]


@pytest.mark.parametrize(("a", "b", "code"), [("Korea", "Chile", "CHL"), ("Norway", "Peru", "PER")])
def test_a_figure_compared_with_has_the_same_parties(a, b, code):
    text = f"{a} had a trade surplus of 7.2 billion dlrs with {b} in 1986, against 4.1 billion in 1985."
    assert told("en", text, "partners", "period") == [((code,), "1986"), ((code,), "1985")]


@pytest.mark.parametrize(("owner", "code"), [("Taiwan", "TWN"), ("Brazil", "BRA")])
def test_a_balance_is_not_one_with_itself(owner, code):
    text = f"{owner} cut tariffs.\nThe U.S. wants it to cut its 5 billion dlr trade surplus with the U.S."
    assert told("en", text, "subject", "partners") == [(code, ("USA",))]


@pytest.mark.parametrize("name", ["Mitchell Energy and Development", "Pacific Gas and Electric"])
def test_a_name_may_go_on_behind_and(name):
    assert told("en", f"{name} Corp produced 10 mln tonnes of coal in 1986.", "subject") == [
        (name.replace(" ", "_"),)
    ]


@pytest.mark.parametrize("name", ["EC", "European Community", "EEC"])
def test_the_community_of_1987_is_the_union(name):
    assert told("en", f"The {name} exported 3 mln tonnes of wheat to Peru in 1986.", "subject") == [("EU",)]


def test_a_partner_of_the_sentence_before_is_none_of_this_one():
    text = "Malta met Peru.\nFiji exported 5,000 tonnes of sugar in 1986."
    assert told("en", text, "subject", "partners") == [("FJI", ())]


@pytest.mark.parametrize(("mark", "code"), [("N.Z.", "NZD"), ("H.K.", "HKD"), ("U.S.", "USD")])
def test_dollars_of_a_state_by_its_letters(mark, code):
    assert told("en", f"Exports were 119 mln {mark} Dlrs in 1986, imports 100 mln.", "unit") == [(code,), (code,)]


@pytest.mark.parametrize(("sum_", "indicator"), [("402 mln dlrs", None), ("18 dlrs a barrel", "price")])
def test_a_sum_of_no_measure_is_no_price(sum_, indicator):
    assert told("en", f"As oil prices fell, Japan lost {sum_}.", "indicator") == [(indicator,)]


def test_an_undated_figure_beside_one_compared_with_is_of_the_report():
    text = (
        "Canadian oil demand as measured by products supplied was 6 mln bpd in the four weeks ended March 13.\n"
        "Gasoline demand averaged 6.93 mln bpd, up 4.0 pct from 6.67 mln last year."
    )
    weeks, before = "1987-02-14/1987-03-13", "1986-02-14/1986-03-13"
    assert told("en", text, "indicator", "period") == [
        ("consumption", weeks), ("consumption", weeks), ("consumption", weeks), ("consumption", before)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "indicator"),
    [
        ("kk", "Екі қала тұрғынына {} миллион теңгеден несие берілді.", "financing_pledged"),
        ("kk", "Той жасаған тұрғынға {} миллион теңге айыппұл салынды.", "penalty"),
        ("ru", "Жителям города выдали кредит на {} млн рублей.", "financing_pledged"),
    ],
)
@pytest.mark.parametrize("n", [5, 26])
def test_money_for_inhabitants_is_no_count_of_them(language, text, indicator, n):
    assert told(language, text.format(n), "value", "indicator") == [(n * 1e6, indicator)]


@pytest.mark.parametrize("works", ["Мектеп салуға", "Ферма құрылысына", "Құбырды ауыстыру құны"])
def test_money_for_building_is_the_value_of_works_in_kazakh(works):
    assert told("kk", f"{works} 900 миллион теңге бөлінді.", "indicator") == [("project_value",)]


@pytest.mark.parametrize(("a", "b", "code"), [("Chad", "Peru", "PER"), ("Malta", "Chile", "CHL")])
def test_who_took_what_a_report_of_exports_tells_of_is_its_buyer(a, b, code):
    text = "French cereals exports rose to 751,563 tonnes in March.\n"
    text += f"{b} took 263,051 tonnes of wheat, {a} 9,000 tonnes."
    got = told("en", text, "indicator", "subject", "partners")
    assert got[:2] == [("export", "FRA", ()), ("export", "FRA", (code,))]


@pytest.mark.parametrize(("first", "second"), [("trade", "exports"), ("imports", "exports")])
def test_the_period_is_the_one_that_was_told(first, second):
    text = (
        f"Peru's {first} fell in the first two months of this year.\nIts {first} came to 9 billion dlrs in 1985."
    )
    text += f"\n{second.capitalize()} totalled 3 billion dlrs in the period."
    assert told("en", text, "period")[-1] == ("1985",)


@pytest.mark.parametrize("good", ["crude", "gasoline"])
def test_a_daily_rate_without_a_period_is_not_published(good):
    claims = read_text(f"Mexico produced 3 mln barrels per day of {good}.", language="en", date=DATE).claims
    assert [(claim.published, "no period" in claim.withheld) for claim in claims] == [(False, True)]
