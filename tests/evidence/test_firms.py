"""Who: firms that no table knows, the side that receives, "the company", and whom a document is about."""

from itertools import pairwise

import pytest

from kopir.evidence import read_text
from kopir.evidence.words._firms import code_of, firms_of
from kopir.facts import claims_of_readings, reviewed

NAMES = ("Brelvan", "Tosku", "Marquist")
"""Made-up names, so that nothing can know them."""
STATES = {
    "en": (("Peruvian", "PER"), ("Norwegian", "NOR"), ("Mongolian", "MNG")),
    "ru": (("перуанская", "PER"), ("норвежская", "NOR"), ("монгольская", "MNG")),
}


def claims(language, text, **options):
    return read_text(text, language=language, date="2024-06-01", **options).claims


NAMED = [
    ("en", "{0} Corp said its output fell.", "{0}"),
    ("en", "Yesterday {0} Resources Ltd fell.", "{0}_Resources"),
    ("en", "The {0} Group rose.", "{0}_Group"),
    ("en", "{0} <BRX> rose.", "{0}"),
    ("ru", "Компания «{0}» выросла.", "{0}"),
    ("ru", "Представители АО «{0}» молчат.", "{0}"),
    ("ru", "{0} Plc молчит.", "{0}"),
    ("tr", "{0} Holding'in payı arttı.", "{0}_Holding"),
    ("tr", "{0} şirketi büyüdü.", "{0}"),
    ("kk", "«{0}» АҚ өсті.", "{0}"),
    ("kk", "{0} әуекомпаниясы өсті.", "{0}"),
]


@pytest.mark.parametrize(("language", "pattern", "code"), NAMED)
@pytest.mark.parametrize("name", NAMES)
def test_a_legal_form_or_a_noun_of_firms_makes_a_name_a_firm(language, pattern, code, name):
    found = firms_of(pattern.format(name), language)
    assert code.format(name) in {firm.code for held in found.by_letters.values() for firm in held}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The house of Windsor stood. On Monday it rained in South Haven."),
        ("ru", "Глава компании Иван Петров приехал в Тверь."),
        ("ru", "Предприятие Программы получит средства."),
        ("tr", "Dün Ayşe ile Mehmet geldi."),
        ("kk", "Кеше Айгүл келді."),
    ],
)
def test_capitals_alone_make_no_firm(language, text):
    assert not firms_of(text, language).by_letters


def test_letters_of_a_name_become_latin_ones_and_legal_forms_go():
    assert code_of(["Өнер", "Құрылыс"], "kk") == "Oner_Qurylys"
    assert code_of(["Şişecam", "A.Ş."], "tr") == "Sisecam"
    assert code_of(["Brelvan", "Inc."], "en") == "Brelvan"


ACTING = [
    ("en", "{0} Corp said in 2023. {0} owns 40 pct of {1} Ltd.", "{0}", ("{1}",)),
    ("en", "{0} Corp bought {1} Ltd for 300 mln dlrs.", "{0}", ("{1}",)),
    ("en", "{1} Ltd was bought by {0} Corp for 300 mln dlrs.", "{0}", ("{1}",)),
    ("en", "The Peruvian company {0} Corp bought {1} Ltd for 300 mln dlrs.", "{0}", ("{1}",)),
    ("ru", "Компания «{0}» купила {1} Plc за 300 млн долларов.", "{0}", ("{1}",)),
    ("ru", "Компания «{0}» владеет 40% акций {1} Plc.", "{0}", ("{1}",)),
    ("tr", "{0} Holding {1} şirketinin yüzde 40 hissesine sahip.", "{0}_Holding", ("{1}",)),
    ("tr", "Dün {1} 300 milyon dolara {0} Holding tarafından satın alındı.", "{0}_Holding", ("{1}",)),
    ("ru", "«{0}» инвестировал 300 млн долларов в перуанскую компанию {1}.", None, ("{1}",)),
]


@pytest.mark.parametrize(("language", "pattern", "subject", "partners"), ACTING)
@pytest.mark.parametrize("names", [NAMES[:2], NAMES[1:], NAMES[::2]])
def test_who_holds_and_who_buys(language, pattern, subject, partners, names):
    (claim,) = claims(language, pattern.format(*names))
    if subject is not None:
        assert claim.subject == subject.format(*names)
    assert claim.partners == tuple(one.format(*names) for one in partners)


RECEIVED = [
    ("en", "In 2023 {0} Corp raised investment of 300 mln dlrs.", None, ("{0}",)),
    ("ru", "В 2023 году компания «{0}» получила инвестиции на 300 млн долларов.", None, ("{0}",)),
    ("tr", "{0} Holding 2023'te 300 milyon dolarlık yatırım aldı.", None, ("{0}_Holding",)),
    ("kk", "2023 жылы {0} компаниясы 300 млн доллар инвестиция тартты.", None, ("{0}",)),
]


@pytest.mark.parametrize(("language", "pattern", "subject", "partners"), RECEIVED)
@pytest.mark.parametrize("name", NAMES)
def test_money_told_of_by_the_side_that_receives_it(language, pattern, subject, partners, name):
    (claim,) = claims(language, pattern.format(name))
    assert (claim.subject, claim.partners) == (subject, tuple(one.format(name) for one in partners))
    assert not claim.published


COMPANY = [
    ("en", "{0} Corp published its report. The company's oil output rose to 2 mln tonnes in 2023."),
    ("ru", "Компания «{0}» опубликовала отчет. Компания увеличила добычу нефти до 2 млн тонн в 2023 году."),
    ("tr", "{0} Holding raporunu yayımladı. Şirketin petrol üretimi 2023'te 2 milyon tona ulaştı."),
    ("kk", "{0} компаниясы есебін жариялады. Компанияның мұнай өндірісі 2023 жылы 2 млн тоннаға жетті."),
]


@pytest.mark.parametrize(("language", "pattern"), COMPANY)
@pytest.mark.parametrize("name", NAMES)
def test_the_company_is_the_firm_that_was_named(language, pattern, name):
    (claim,) = claims(language, pattern.format(name))
    assert claim.subject in (name, f"{name}_Holding")


def test_the_sentence_after_a_purchase_tells_its_price():
    for name, other in pairwise(NAMES):
        text = f"{name} Corp agreed to buy {other} Ltd. The acquisition is worth 300 mln dlrs."
        (claim,) = claims("en", text)
        assert (claim.subject, claim.partners) == (name, (other,))


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "Soviet grain imports rose to 3 mln tonnes in 1986.", "SUN"),
        ("en", "Yugoslav exports rose to 300 mln dlrs in 1986.", "YUG"),
        ("ru", "Экспорт СССР составил в 1986 году 300 млн долларов.", "SUN"),
        ("tr", "Sovyetler Birliği'nin ihracatı 1986'da 300 milyon dolara ulaştı.", "SUN"),
        ("kk", "КСРО экспорты 1986 жылы 300 млн долларға жетті.", "SUN"),
    ],
)
def test_former_states_have_their_former_codes(language, text, code):
    (claim,) = read_text(text, language=language, date="1987-06-01").claims
    assert claim.subject == code


def test_a_sea_and_a_double_name_are_no_state():
    (claim,) = claims("en", "Oil output in the Gulf of Mexico rose to 2 mln tonnes in 2023.")
    assert claim.subject is None
    (claim,) = claims("ru", "Стоимость программы района Сосново-Польский составит 5 млн рублей.")
    assert claim.subject is None


SPOKEN = [
    ("en", "Minister Ola Nord spoke. He said exports rose 4 pct in 2023.", False),
    ("en", "Minister Ola Nord said trade grew. He said exports rose 4 pct in 2023.", True),
    ("en", "Minister Ola Nord said trade grew. Nord said exports rose 4 pct in 2023.", True),
    ("en", "{0} Corp said trade grew. The company said exports rose 4 pct in 2023.", True),
    ("en", "{0} Corp said trade grew. Exports rose 4 pct in 2023.", False),
    ("ru", "Министр Олаф Норд сообщил о росте. Он отметил, что экспорт в 2023 году вырос на 4%.", True),
]


@pytest.mark.parametrize(("language", "pattern", "told"), SPOKEN)
def test_who_spoke_last_is_he_and_the_company(language, pattern, told):
    claim = claims(language, pattern.format(NAMES[0]))[-1]
    assert bool(claim.attribution) == told


@pytest.mark.parametrize(
    "code", ["The Kelvan Petroleum Institute said crude stocks rose to 300 mln barrels in {y}."]
)
def test_who_counts_is_not_who_owns(code):
    for year in (1987, 2019, 2023):
        found = claims("en", code.format(y=year))
        assert all(claim.subject is None and not claim.published for claim in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Общий объем финансирования программы в {y} году составил {n} млн рублей."),
        ("ru", "Стоимость программы в {y} году составила {n} млн рублей."),
        ("kk", "{y} жылы бағдарламаның құны {n} млн теңгені құрады."),
    ],
)
def test_what_a_programme_of_nobody_named_costs_is_right_of_its_text_and_no_fact(language, text):
    """As a fact it would be one with the cost of anybody's programme."""
    for year, amount in ((2019, 12), (2022, 345)):
        reading = read_text(text.format(y=year, n=amount), language=language, date="2024-06-01")
        assert reading.claims
        for claim in reading.claims:
            assert claim.subject is None
            assert "no actor" not in claim.withheld
        assert reviewed(claims_of_readings([reading])).is_empty()


@pytest.mark.parametrize("name", ["Бревлан", "Тоску", "Маркист"])
def test_a_name_set_in_quotation_marks_twice_is_a_firm(name):
    text = f"«{name}» вложил 300 млн долларов в перуанскую компанию Tosk. Потом «{name}» молчал."
    claim = claims("ru", text)[0]
    assert (claim.subject, claim.partners) == (code_of([name], "ru"), ("Tosk",))


@pytest.mark.parametrize("names", [NAMES[:2], NAMES[1:], NAMES[::2]])
def test_a_deal_told_by_the_seller_is_paid_by_the_other(names):
    text = f"{names[0]} Plc объявила о сделке с инвестфондом {names[1]} о продаже доли за 300 млн долларов."
    (claim,) = claims("ru", text)
    assert (claim.subject, claim.partners) == (names[1], (names[0],))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_that_opens_with_a_firm_goes_on_about_it(name):
    text = f"{name} Corp reported on 2023. Oil output is up in Europe. Gas production was 3 mln tonnes."
    (claim,) = claims("en", text)
    assert claim.subject == name
    text = f"{name} Corp reported on 2023. Gas production of the country was 3 mln tonnes."
    (claim,) = claims("en", text)
    assert claim.subject != name


@pytest.mark.parametrize(
    ("text", "subject", "partners"),
    [
        ("{0} has raised investment of 300 mln dlrs.", None, ("{0}",)),
        ("{0} owns 40 pct of {1} Ltd.", "{0}", ("{1}",)),
        ("Opec's March output was 15 mln bpd, with Norway's output at 2 mln bpd.", "OPEC", ()),
    ],
)
@pytest.mark.parametrize("names", [NAMES[:2], NAMES[1:]])
def test_a_verb_of_business_makes_a_name_a_firm(text, subject, partners, names):
    claim = claims("en", text.format(*names))[0]
    assert claim.subject == (subject and subject.format(*names))
    assert claim.partners == tuple(one.format(*names) for one in partners)


@pytest.mark.parametrize("text", ["He bought it. We sold it.", "John Smith bought it.", "Japan bought it."])
def test_pronouns_persons_and_states_are_no_firms_by_what_they_do(text):
    assert not firms_of(text, "en").by_letters


@pytest.mark.parametrize(("owner", "code"), [("Norway", "NOR"), ("Peru", "PER"), ("Mongolia", "MNG")])
def test_an_owner_behind_with_is_an_owner(owner, code):
    found = claims("en", f"Output of Brazil was 15 mln tonnes in 2023, with {owner}'s output at 2 mln tonnes.")
    assert found[-1].subject == code


@pytest.mark.parametrize("names", [NAMES[:2], NAMES[1:]])
def test_the_company_that_buys_is_not_the_one_bought(names):
    text = f"{names[0]} Plc молчит. Компания согласилась выкупить 27% акций {names[1]} Plc в 2023 году."
    claim = claims("ru", text)[0]
    assert (claim.subject, claim.partners) == (names[0], (names[1],))


@pytest.mark.parametrize("word", ["Olası", "Sıradan", "Küçük"])
def test_the_first_word_of_a_sentence_is_no_name_before_a_state(word):
    claim = claims("tr", f"{word} Peru fonu 300 milyon dolarlık kredi verdi.")[0]
    assert claim.subject != word
    assert word.lower() not in {str(code).lower() for code in (claim.subject, *claim.partners)}


@pytest.mark.parametrize("short", ["НМГ", "ТРК", "КБТ"])
def test_an_abbreviation_holds_a_share(short):
    claim = claims("ru", f"В 2023 году {short} владела 68% акций {NAMES[0]} Plc.")[0]
    assert (claim.subject, claim.partners) == (code_of([short], "ru"), (NAMES[0],))


@pytest.mark.parametrize("language", ["en", "ru", "tr", "kk"])
@pytest.mark.parametrize("unit", ["A-", "Aa ", "Aa and ", "« ", "А"])
def test_long_chains_of_capitals_end(language, unit):
    assert len(firms_of("Inc компания " + unit * 3000, language).by_letters) < 10
