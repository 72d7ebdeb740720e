"""Every measured figure is a claim, whether or not an indicator is there for it; idioms and formulae are none."""

import pytest

from kopir.evidence import read_text


def told(language, text, *slots, date="2024-06-01"):
    claims = read_text(text, language=language, date=date).claims
    return [tuple(getattr(claim, slot) for slot in slots) for claim in claims]


MEASURED = [
    ("en", "Inflation fell to {n} percent.", "pct"),
    ("en", "About {n} percent of respondents agreed.", "pct"),
    ("en", "The fields cover {n} hectares.", "ha"),
    ("ru", "Безработица составила {n} процентов.", "pct"),
    ("ru", "За него проголосовали {n} % избирателей.", "pct"),
    ("ru", "Билет стоит {n} рублей, место занимает {n} га.", None),
    ("tr", "Gençlerin yüzde {n}'i okuyor.", "pct"),
    ("kk", "Тұрғындардың {n} проценті келді.", "pct"),
]


@pytest.mark.parametrize(("language", "text", "unit"), MEASURED)
@pytest.mark.parametrize("n", [13, 41, 77])
def test_a_measured_figure_without_an_indicator_is_a_claim_and_not_published(language, text, unit, n):
    claims = read_text(text.format(n=n), language=language).claims
    assert claims
    for claim in claims:
        assert claim.value == n
        assert not claim.published
        assert unit is None or claim.unit == unit


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It was a fifty-fifty guess."),
        ("en", "Once bitten, twice shy."),
        ("ru", "Семь раз отмерь, один раз отрежь."),
        ("ru", "Значение равно S = (F / P) *100%."),
        ("ru", "2.3 Содержание мест захоронения"),
    ],
)
def test_idioms_formulae_and_numbers_of_headings_are_no_claims(language, text):
    assert told(language, text, "text") == []


@pytest.mark.parametrize(("word", "sign"), [("rise", 1), ("fall", -1), ("cut", -1), ("increase", 1), ("drop", -1)])
@pytest.mark.parametrize("n", [3, 12.5])
def test_a_noun_of_change_beside_a_figure_gives_its_sign(word, sign, n):
    assert told("en", f"Exports of Peru saw a {n} pct {word} in 2020.", "kind", "value") == [
        ("change_pct", sign * n)
    ]


@pytest.mark.parametrize(("low", "high"), [(15, 20), (3, 7)])
def test_both_ends_of_a_fall_are_negative(low, high):
    text = f"Peru's exports fell by {low} to {high} pct in 2020."
    assert told("en", text, "lo", "hi") == [(-high, -low)]


@pytest.mark.parametrize(("n", "per", "value"), [(0.42, "kilo", 420), (3, "kg", 3000)])
def test_a_price_by_the_kilo_is_told_by_the_tonne(n, per, value):
    assert told("en", f"Wheat prices rose to {n} dollars per {per}.", "value", "unit") == [(value, "USD/t")]


@pytest.mark.parametrize("first", [1984, 2016])
def test_this_year_among_seasons_is_a_season(first):
    text = (
        f"Wheat output of Peru is put at 5 mln tonnes this year, up from 4 mln in {first - 1}/{first % 100:02d}."
    )
    dated = told("en", text, "period", date=f"{first + 1}-03-05")
    assert dated == [(f"{first}/{first + 1}",), (f"{first - 1}/{first}",)]


@pytest.mark.parametrize("year", [2016, 2021])
@pytest.mark.parametrize(
    ("money", "source"), [("тыс. рублей", "городской бюджет"), ("млн тенге", "внебюджетные источники")]
)
def test_parts_of_a_part_take_its_year(year, money, source):
    text = (
        f"Расходы на реализацию Программы составляют 90,5 {money}:\n- {source} – 60,5 {money};\n"
        f"в том числе по годам:\nв {year} году – 40,5 {money}:\n- {source} – 30,5 {money};\n"
        f"в {year + 1} году – 50,0 {money}:\n- {source} – 30,0 {money}.\n"
    )
    found = told("ru", text, "indicator", "period")
    whole = f"{year}/{year + 1}"
    assert found == [("project_value", p) for p in (whole, whole, *2 * [str(year)], *2 * [str(year + 1)])]


@pytest.mark.parametrize("year", [2015, 2019])
def test_lines_of_years_in_a_text_of_a_programme_need_no_head(year):
    lines = "".join(f"в {y} году - {y - 2000},5 тыс. руб.;\n" for y in range(year, year + 4))
    text = f"{lines}Объемы бюджетных ассигнований подпрограммы подлежат уточнению."
    assert told("ru", text, "indicator", "period") == [("project_value", str(y)) for y in range(year, year + 4)]
    assert {row[0] for row in told("ru", lines, "indicator")} == {None}


@pytest.mark.parametrize("amount", ["400 мың теңге", "7 млн теңге", "20000 теңге"])
def test_dative_money_is_not_the_word_for_equal(amount):
    number, _, unit = amount.rpartition(" ")
    text = f"Кәсіпкерлерге {number} {unit}ге дейін несие беріледі."
    assert [row[0] for row in told("kk", text, "comparator")] == ["upto"]


@pytest.mark.parametrize("state", ["Kyrgyzstan", "Peru", "Ghana"])
def test_who_is_lent_money_without_a_preposition_takes_it(state):
    code = {"Kyrgyzstan": "KGZ", "Peru": "PER", "Ghana": "GHA"}[state]
    assert told("en", f"The World Bank lent {state} $50 million.", "partners") == [((code,),)]


@pytest.mark.parametrize(("a", "b"), [("China", "Algeria"), ("Peru", "Norway")])
def test_amounts_behind_names_take_the_unit_of_the_first(a, b):
    text = f"Egypt took 263,051 tonnes of wheat, {a} 87,259 wheat and {b} 64,896 wheat."
    assert told("en", text, "value", "unit") == [(263051, "t"), (87259, "t"), (64896, "t")]


@pytest.mark.parametrize(("n", "m"), [("17,000", "10,000"), ("9,500", "4,000")])
def test_a_bare_figure_that_was_left_has_the_unit_of_the_one_reached(n, m):
    text = f"Imports of Peru rose to {n} tonnes from {m} last month."
    assert [row[0] for row in told("en", text, "unit")] == ["t", "t"]


@pytest.mark.parametrize("per", ["bbl", "tonne", "bushel"])
def test_a_measure_behind_a_slash_is_that_of_a_price(per):
    unit = {"bbl": "USD/bbl", "tonne": "USD/t", "bushel": "USD/bushel"}[per]
    assert told("en", f"Wheat prices rose to 14.10 dlrs/{per}.", "unit") == [(unit,)]


@pytest.mark.parametrize(("state", "unit"), [("Yugoslavia", "YUD"), ("Kuwait", "KWD"), ("Jordan", "JOD")])
def test_money_of_several_states_is_of_the_state_that_the_text_is_of(state, unit):
    text = f"{state} published its figures. Exports totalled 87 million dinars in 1986."
    assert told("en", text, "unit") == [(unit,)]


@pytest.mark.parametrize("day", [5, 16])
def test_prices_hold_from_the_day_that_the_text_names(day):
    text = (
        f"The firm said that effective May {day} it raised its posted prices for crude oil 50 cts a barrel. "
        "The increase brings the price to 17.00 dlrs a barrel."
    )
    dated = f"2024-05-{day:02d}"
    assert told("en", text, "kind", "period") == [("change_abs", dated), ("level", dated)]


@pytest.mark.parametrize(("quarter", "months"), [("third", ("07", "09")), ("fourth", ("10", "12"))])
def test_a_quarter_to_come_is_of_this_year(quarter, months):
    text = f"Peru's copper exports are expected to reach 5 mln tonnes in the {quarter} quarter."
    assert told("en", text, "period") == [(f"2024-{months[0]}/2024-{months[1]}",)]


@pytest.mark.parametrize(("word", "value"), [("deficit", -3e9), ("surplus", 3e9)])
def test_a_deficit_of_any_kind_is_negative(word, value):
    assert told("en", f"The current account showed a {word} of 3 billion dlrs.", "value") == [(value,)]


@pytest.mark.parametrize(("seller", "buyers"), [("Peru", ("Norway", "NOR")), ("Chile", ("Japan", "JPN"))])
def test_the_buyers_of_a_list_are_not_the_seller(seller, buyers):
    code = {"Peru": "PER", "Chile": "CHL"}[seller]
    text = f"{seller}'s wheat exports fell to 4 mln tonnes in 1986. The buyers were {buyers[0]} with 2 mln tonnes."
    assert told("en", text, "subject", "partners") == [(code, ()), (code, (buyers[1],))]


@pytest.mark.parametrize(("state", "code"), [("Peru", "PER"), ("Norway", "NOR")])
def test_a_subject_goes_on_where_the_sentence_names_nobody_else(state, code):
    text = f"{state}'s wheat output rose to 5 mln tonnes in 1986. Output in 1985 was 4 mln tonnes."
    found = read_text(text, language="en", date="1988-06-01").claims
    assert [claim.subject for claim in found] == [code, code]
    assert found[1].bound_by["subject"].startswith("carried:own")
    other = read_text(text.replace("Output in", "Chile said output in"), language="en", date="1988-06-01").claims
    assert not other[1].bound_by["subject"].startswith("carried")


@pytest.mark.parametrize(("name", "hold"), [("Will Buttrose", "actual"), ("Anne Buttrose", "actual")])
def test_a_name_is_no_future(name, hold):
    text = f"Economist {name} said the trade surplus of Peru was 42 mln dlrs in 2020."
    assert told("en", text, "modality") == [(hold,)]


PARTIES = [("России", "Казахстана", "RUS", "KAZ"), ("Индии", "Узбекистана", "IND", "UZB")]


@pytest.mark.parametrize(("whole", "part", "code", "other"), PARTIES)
@pytest.mark.parametrize("n", [18, 28])
def test_a_part_of_the_trade_with_a_region_is_trade_of_the_same_state(whole, part, code, other, n):
    text = (
        f"Торговля {whole} с Центральной Азией превысила 50 млрд долларов в 2024 году, "
        f"из которых на долю {part} приходится {n} млрд долларов."
    )
    assert told("ru", text, "subject", "partners") == [(code, ("C_ASIA",)), (code, (other,))]


@pytest.mark.parametrize(("buyer", "code"), [("China", "CHN"), ("Japan", "JPN")])
def test_who_takes_the_level_takes_the_share(buyer, code):
    text = f"In 2020 Peru exported 42 mln tonnes of copper to {buyer}, which is 70% of its total exports."
    assert told("en", text, "kind", "subject", "partners") == [
        ("level", "PER", (code,)),
        ("share", "PER", (code,)),
    ]


@pytest.mark.parametrize(("state", "code"), [("Kazakhstan", "KAZ"), ("Azerbaijan", "AZE")])
@pytest.mark.parametrize(("route", "by"), [("the CPC pipeline", "CPC"), ("the BTC pipeline", "BTC")])
def test_a_route_that_goods_are_exported_through_is_a_party(state, code, route, by):
    text = f"In 2023 {state} exported 64.8 million tonnes of oil through {route}."
    assert told("en", text, "subject", "partners") == [(code, (by,))]
