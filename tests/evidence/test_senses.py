"""When, how meant and of what measure a figure is: kinds that newswire and programmes taught, on swapped words."""

import pytest

from kopir.evidence import read_text
from tests.evidence.twins import twins


def one(text, language="en", date="2024-06-01"):
    (claim,) = read_text(text, language=language, date=date).claims
    return claim


def told(text, slot, language="en", date="2024-06-01"):
    return [getattr(claim, slot) for claim in read_text(text, language=language, date=date).claims]


@pytest.mark.parametrize(
    ("language", "text", "modality"),
    [
        ("en", "{A.gen} exports will reach {n} million tonnes of wheat in 2030.", "forecast"),
        ("en", "{A.gen} copper exports would rise to {n} million tonnes in 2030.", "forecast"),
        ("en", "Work on the railway in {A.nom} will cost ${n} million.", "plan"),
        ("ru", "Экспорт {A.gen} в 2030 году составит {n} млн долларов.", "forecast"),
        ("ru", "Объем финансирования программы составит {n} млн рублей.", "plan"),
        ("ru", "Стоимость строительства дороги составила {n} млн рублей.", "actual"),
        ("kk", "Бағдарламаға {n} млн теңге қаржы қажет.", "plan"),
        ("tr", "{A.gen} ihracatı 2030'da {n} milyon dolara ulaşacak.", "forecast"),
    ],
)
def test_a_plain_future_is_a_forecast_of_goods_and_a_plan_of_money(language, text, modality):
    for twin in twins(language, text, "export A> -"):
        assert told(twin.text, "modality", language) == [modality], twin.text


@pytest.mark.parametrize("record", ["highest", "lowest", "largest"])
def test_the_time_of_a_record_dates_nothing(record):
    for twin in twins(
        "en", f"In {{y}} {{A.nom}} exported {{n}} tonnes of coal, the {record} level since 1999.", "export A> -"
    ):
        assert told(twin.text, "period")[0] != "1999/", twin.text
        assert told(twin.text, "period")[0].isdigit()


def test_the_day_of_an_agreement_is_not_that_of_a_price():
    for month in ("December", "March"):
        (price,) = read_text(
            f"Oil prices are 18 dlrs a barrel, as agreed by OPEC last {month}.", date="1987-04-01"
        ).claims
        assert price.period is None
    (dated,) = read_text("Oil prices were 18 dlrs a barrel last March.", date="1987-04-01").claims
    assert dated.period == "1987-03"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Building the terminal, which opened in {y}, cost ${n} million."),
        ("ru", "Строительство терминала, который открылся в {y} году, обошлось в {n} млн долларов."),
    ],
)
def test_a_relative_clause_dates_its_own_verb(language, text):
    for twin in twins(language, text, "project_value A> -"):
        assert told(twin.text, "period", language) == [None], twin.text


def test_the_date_of_a_paper_is_no_period():
    assert one("По договору от 2009 года Перу экспортировало уголь на 5 млн долларов.", "ru").period is None


def test_a_month_beside_the_same_month_last_year_is_of_this_year():
    rise = "Exports rose to 1.27 bn dlrs in February from 1.12 bn in February last year."
    text = f"In 1986 exports of Peru were 9 bn dlrs. {rise}"
    assert told(text, "period", date="1987-03-10") == ["1986", "1987-02", "1986-02"]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("The World Bank granted {A.nom} a {n} mln dlr trade adjustment loan.", "financing_pledged"),
        ("The bank gave {A.nom} {n} mln dlrs in credit guarantees for sales of wheat.", "financing_pledged"),
        ("{A.gen} trade with {B.nom} was {n} mln dlrs in {y}.", "trade_turnover"),
    ],
)
def test_a_compound_measures_its_last_noun(text, indicator):
    for twin in twins("en", text, "export A> -"):
        assert told(twin.text, "indicator")[0] == indicator, twin.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The mill has an annual output of {n} tonnes of steel."),
        ("kk", "Зауыттың жылдық өндірістік қуаты {n} тонна."),
    ],
)
def test_an_adjective_of_time_makes_a_rate(language, text):
    for twin in twins(language, text, "export A> -"):
        assert told(twin.text, "rate", language) == ["yr"], twin.text


def test_a_price_is_of_the_measure_said_before():
    text = "Crude prices rose to 66 dollars per barrel. A year ago the price of crude was 50 dollars."
    assert told(text, "unit") == ["USD/bbl", "USD/bbl"]
    assert told("The price of bread was 2 dollars.", "unit") == ["USD"]


def test_a_cost_of_a_measure_is_a_price():
    assert one("Diesel costs 1.3 euros per litre.").indicator == "price"


@pytest.mark.parametrize("good", ["wheat", "copper", "coal"])
def test_a_good_said_before_is_of_the_next_amount(good):
    text = f"Exports of {good} from Peru fell in 2020. Production was 5 million tonnes."
    (claim,) = read_text(text).claims
    assert claim.commodity == good
    (mixed,) = read_text(f"Peru sells {good} and gold. Production was 5 million tonnes in 2020.").claims
    assert mixed.commodity is None
    assert not mixed.published


def test_a_penalty_has_a_ceiling():
    assert one("Нарушителям грозит штраф до 100 тыс. рублей.", "ru").comparator == "le"


def test_below_the_level_of_a_period_states_that_level():
    text = "The surplus of Peru was well below the 628 mln dlrs of February last year."
    assert told(text, "comparator", date="1987-03-10") == ["eq"]


def test_shares_bought_are_of_a_firm_and_shares_quoted_are_nothing():
    assert told("Компания приобрела 20% акций завода за 5 млн долларов.", "indicator", "ru") == [
        "ownership_share",
        "deals_value",
    ]
    assert told("Акции выросли на 5%.", "indicator", "ru") == [None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "{A.gen} steel exports to {B.nom} could not exceed {n} tonnes in {y} under the restraints."),
        ("en", "The export quota of {A.nom} is {n} tonnes of steel for {y}."),
    ],
)
def test_a_cap_is_actual_and_of_its_own_size(language, text):
    for twin in twins(language, text, "export A> -"):
        (claim,) = read_text(twin.text, language=language, date="2030-01-01").claims
        assert (claim.indicator, claim.modality, claim.comparator) == ("quota", "actual", "eq"), twin.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "Şirkete yüzde 25'lik payla ortak oldu, satışlar arttı."),
        ("ru", "Компания владеет 25-процентной долей в проекте."),
        ("en", "The company raised output and bought a 25 pct stake in the mine."),
    ],
)
def test_a_percentage_before_a_word_for_share_is_a_share(language, text):
    assert told(text, "kind", language) == ["share"]


def test_an_earlier_estimate_has_the_year_and_the_sense_of_the_later():
    for good in ("wheat", "corn", "rice"):
        text = f"Peru's {good} imports are forecast at 15 mln tonnes in 1986/87, vs 14 mln tonnes last month."
        found = read_text(text, language="en", date="1987-04-09").claims
        assert [(c.period, c.modality) for c in found] == [("1986/1987", "forecast")] * 2


def test_a_season_forecast_is_a_forecast_when_it_is_named_again():
    told_again = "Imports in 1986/87, at 15 mln tonnes, rose."
    text = f"Wheat imports of Peru are forecast at 15 mln tonnes in 1986/87. {told_again}"
    assert told(text, "modality", date="1987-04-09") == ["forecast", "forecast"]
    assert told(text, "modality", date="1990-04-09")[1] == "actual"


def test_a_plain_dollar_is_of_the_dollars_just_named():
    text = "Exports of Peru were 2 bn Canadian dlrs in 1986, down from 3 bn dlrs in 1985."
    assert told(text, "unit", date="1987-04-09") == ["CAD", "CAD"]
    text = "Exports of Peru were 2 bn Canadian dlrs in 1986, down from 3 bn US dlrs in 1985."
    assert told(text, "unit", date="1987-04-09") == ["CAD", "USD"]


def test_days_of_two_months_are_a_span():
    text = "Peru bought 5 mln tonnes of wheat from Norway between April 8 and August 31, 1987."
    assert told(text, "period", date="1987-12-01") == ["1987-04-08/1987-08-31"]


LISTS = [
    ("Общий объем финансирования программы составляет 90 млн рублей, в том числе:\n", "actual"),
    ("Общий объем финансирования программы составит 90 млн рублей. В том числе по годам:\n", "plan"),
]


@pytest.mark.parametrize(("head", "modality"), LISTS)
def test_parts_of_parts_take_what_they_do_not_say_from_the_part_above(head, modality):
    rows = (
        "2016 г. - 40 млн рублей, в т.ч.:\n- районный бюджет 30 млн рублей;\n- областной бюджет 10 млн рублей;\n"
    )
    rest = "2017 г. - 50 млн рублей;\n"
    total, *parts = read_text(head + rows + rest, language="ru").claims
    assert (total.period, total.modality) == ("2016/2017", modality)
    assert [(c.indicator, c.period, c.modality) for c in parts] == [
        ("project_value", year, modality) for year in ("2016", "2016", "2016", "2017")
    ]


def test_years_of_a_list_in_one_line_stay_with_their_figures():
    text = (
        "Объем финансирования программы составляет 9 млн рублей, в том числе: "
        "в 2015 г. – 2 млн рублей, в 2016 г. – 3 млн рублей, в 2017 г. – 4 млн рублей."
    )
    assert told(text, "period", "ru") == ["2015/2017", "2015", "2016", "2017"]


@pytest.mark.parametrize(
    ("language", "text", "indicator"),
    [
        ("ru", "Компания инвестировала {n} млн долларов в завод.", "investment_flow"),
        ("ru", "Всего привлечено инвестиций на {n} млн долларов.", "investment_stock"),
        ("kk", "Салаға {n} млн доллар инвестиция тартылды.", "investment_stock"),
        ("en", "The fund invested ${n} million in the plant.", "investment_flow"),
    ],
)
def test_money_put_in_is_a_flow_and_attracted_up_to_now_a_stock(language, text, indicator):
    for twin in twins(language, text, "export A> -"):
        assert told(twin.text, "indicator", language) == [indicator], twin.text
