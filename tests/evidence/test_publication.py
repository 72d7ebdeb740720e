"""What is published: whole claims bound by licensed constructions; whatever competes keeps a claim back."""

from importlib.resources import files

import pytest

from kopir.core.errors import InputError
from kopir.evidence import read_text
from kopir.evidence.frames._confidence import Counts, counts, doubted, floor
from kopir.evidence.frames._doubts import doubt_of
from tests.evidence.twins import PATTERNS, twins

COMPETING = [
    ("ru", "Экспорт {A.gen} составил {n} млн долларов."),
    ("ru", "По мнению {C.gen}, экспорт {A.gen} {B.to} в {y} году может составить {n} млн долларов."),
    ("ru", "В {y} году компания «Ромашка» вывезла {A.from} товаров на {n} млн долларов."),
    ("ru", "Экспорт {A.gen} в {y} году составил бы {n} млн долларов."),
    ("en", "If {A.gen} exports to {B.nom} reached ${n} million in {y}, Saxony would gain."),
    ("en", "{A.gen} exports to {B.nom} reached ${n} million."),
    ("en", "{A.nom} has inflation of {n}% and exports to {B.nom} in {y}."),
    ("en", "Exports of the Volga region to {B.nom} reached ${n} million in {y}."),
    ("tr", "{A.gen} {B.dat} ihracatı {n} milyon dolara ulaştı."),
    ("tr", "{A.gen} {B.dat} ihracatı {y} yılında {n} milyon dolara ulaşabilir."),
    ("kk", "{A.gen} {B.dat} экспорты {n} млн долларға жетті."),
    ("kk", "{A.gen} {B.dat} экспорты {y} жылы {n} млн долларға жетуі мүмкін."),
]


def _licensed(claim):
    """Tell whether nothing is open in a claim: what may keep it back is only how seldom such claims were met."""
    return all(why.startswith("confidence") for why in claim.withheld)


@pytest.mark.parametrize(("language", "pattern", "reading"), PATTERNS)
def test_bound_claims_are_licensed(language, pattern, reading):
    for twin in twins(language, pattern, reading):
        found = read_text(twin.text, language=language, date="2024-06-01").claims
        got = tuple((c.indicator, c.subject, c.partners, c.period) for c in found)
        assert got == twin.right, twin.text
        assert all(_licensed(c) for c in found), (twin.text, [c.withheld for c in found])
        assert all({"indicator", "subject", "partners", "period"} <= set(c.bound_by) for c in found)


@pytest.mark.parametrize(("language", "pattern"), COMPETING)
def test_what_competes_keeps_a_claim_back(language, pattern):
    for twin in twins(language, pattern, "export A> y"):
        found = read_text(twin.text, language=language, date="2024-06-01").claims
        assert not any(c.published for c in found), (twin.text, [c.bound_by for c in found])
        assert all(c.withheld for c in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Экспорт республики в {B.nom} вырос в {y} году на {n}%."),
        ("ru", "Министерство торговли сообщило: импорт вырос в {y} году на {n}%."),
        ("en", "In {y} exports of the republic to {B.nom} rose {n}%."),
        ("tr", "Ticaret Bakanı, {y} yılında ihracatın yüzde {n} arttığını söyledi."),
        ("kk", "Сауда министрлігі: {y} жылы экспорт {n} пайызға өсті."),
    ],
)
def test_the_home_state_of_a_text_is_told_not_guessed(language, text):
    for twin in twins(language, text.replace("{B.nom} вырос", "Перу вырос"), "export A> y"):
        (claim,) = read_text(twin.text, language=language, date="2024-06-01", about="KAZ").claims
        assert claim.subject == "KAZ", twin.text
        (claim,) = read_text(twin.text, language=language, date="2024-06-01").claims
        assert claim.subject is None or not claim.published


def test_a_named_state_is_never_the_home_state():
    (claim,) = read_text("Exports of Norway rose 5% in 2020.", about="KAZ").claims
    assert claim.subject == "NOR"


def test_a_home_that_is_no_state_is_refused():
    with pytest.raises(InputError, match="K2013"):
        read_text("Exports rose.", about="KAX")


def test_confidence_is_what_was_counted():
    (claim,) = read_text("Exports of Peru to Norway reached $300 million in 2020.").claims
    assert claim.confidence == {slot: counts().slot(slot, rule) for slot, rule in claim.bound_by.items()}
    assert counts().claim(claim.bound_by) >= floor("en", claim.bound_by)


def test_a_rule_is_shrunk_to_the_rate_of_its_kind():
    """Posterior means with a prior worth 2 cases: (6 + 2/2) / (8 + 2) = .7 above, (6 + 2 * .7) / (8 + 2) = .74."""
    table = Counts({("subject", "export:own"): (3, 0, 0), ("subject", "export:head"): (3, 2, 0)})
    assert table.rate("subject", "import:own") == pytest.approx(0.7)
    assert table.rate("subject", "export:beside") == pytest.approx(0.74)
    assert table.rate("subject", "export:own") == pytest.approx((3 + 2 * 0.74) / (3 + 2))


def test_a_slot_is_as_sure_as_its_worst_doubt():
    table = Counts({("subject", "export:own"): (20, 0, 0), ("subject", "?unknown name"): (1, 9, 0)})
    name = doubted("export:own", ["unknown name"])
    assert table.slot("subject", name) == round(table.rate("subject", "?unknown name"), 3)
    assert table.slot("subject", name) < 0.5 < table.slot("subject", "export:own")


def test_twins_alone_count_as_a_few_cases():
    table = Counts({("kind", "moved"): (0, 0, 400)})
    assert table.rate("kind", "moved") == pytest.approx((4 + 2 * 0.5) / (4 + 2))


def test_a_reason_of_no_table_forbids():
    assert doubt_of("something new").forbids
    assert not doubt_of("unknown name Ruritania").forbids
    assert doubt_of("no actor").forbids


def test_the_counts_are_those_that_the_command_makes():
    rows = files("kopir.evidence").joinpath("rules/counts.csv").read_text("utf-8").splitlines()
    keys = [tuple(row.split(",")[:2]) for row in rows[1:]]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))
    assert {slot for slot, _ in keys} == {
        "indicator",
        "kind",
        "modality",
        "partners",
        "period",
        "subject",
        "value",
    }


@pytest.mark.parametrize(
    ("language", "head", "indicator"),
    [
        ("ru", "Экспорт {A.gen} по странам в {y} году:", "export"),
        ("en", "Main buyers of {A.adj} goods in {y}:", "export"),
        ("en", "Imports of {A.nom} by country in {y}:", "import"),
        ("tr", "{A.gen} {y} ihracatı:", "export"),
        ("kk", "{A.gen} {y} жылғы экспорты:", "export"),
    ],
)
def test_items_take_from_the_heading_what_they_do_not_say(language, head, indicator):
    money = {"ru": "млн долларов", "en": "million dollars", "tr": "milyon dolar", "kk": "млн доллар"}[language]
    pattern = f"{head}\n- {{B.nom}}: {{n}} {money}\n- {{C.nom}}: {{m}} {money}\n"
    reading = f"{indicator} A>B y;{indicator} A>C y"
    for twin in twins(language, pattern, reading):
        found = read_text(twin.text, language=language, date="2024-06-01").claims
        assert tuple((c.indicator, c.subject, c.partners, c.period) for c in found) == twin.right, twin.text
        assert all(_licensed(c) for c in found), (twin.text, [c.withheld for c in found])


def test_a_line_after_the_list_is_no_item():
    text = "Exports of Peru by country in 2020:\n- China: $3 billion\nThe mill spent\n$2 billion on wages.\n"
    (first, *rest) = read_text(text).claims
    assert first.partners == ("CHN",)
    assert not any(c.published for c in rest)


def test_parts_of_a_total_are_dated_by_their_label():
    text = (
        "Общий объем финансирования программы составляет 226 млн рублей, в том числе:\n2015 год - 82 млн рублей;\n"
    )
    total, part = read_text(text, language="ru").claims
    assert (part.indicator, part.subject, part.period) == ("project_value", None, "2015")
    assert total.period is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "ru",
            "Экспорт {A.gen} {B.to} составил {n} млн долларов. Общий экспорт {A.gen} достиг {m} млрд долларов.",
        ),
        ("en", "{A.gen} exports to {B.nom} were ${n} million. {A.gen} total exports were ${m} billion."),
        ("tr", "{A.gen} {B.dat} ihracatı {n} milyon dolar oldu. Ülkenin toplam ihracatı {m} milyar doları aştı."),
        ("kk", "{A.gen} {B.dat} экспорты {n} млн доллар болды. {A.gen} жалпы экспорты {m} млрд долларға жетті."),
    ],
)
def test_a_total_has_no_partner(language, text):
    for twin in twins(language, text, "export A>B -;export A> -"):
        found = read_text(twin.text, language=language).claims
        assert [(c.subject, c.partners) for c in found] == [(r[1], r[2]) for r in twin.right], twin.text
