"""What is published: whole claims bound by licensed constructions; whatever competes keeps a claim back."""

import pytest

from kopir.core.errors import InputError
from kopir.evidence import read_text
from tests.evidence.twins import twins

BOUND = [
    ("ru", "Экспорт {A.gen} {B.to} в {y} году составил {n} млн долларов.", "export A>B y"),
    ("ru", "В {y} году {A.nom} экспортировала {B.to} пшеницы на {n} млн долларов.", "export A>B y"),
    ("ru", "Товарооборот {A.gen} с {B.ins} в {y} году достиг {n} млрд долларов.", "trade_turnover A>B y"),
    ("ru", "В {y} году {A.adj} экспорт вырос на {n}%.", "export A> y"),
    ("ru", "Поставки {B.to} {A.from} в {y} году выросли на {n}%.", "export A>B y"),
    ("ru", "В {y} году {A.nom} импортировала {B.from} товаров на {n} млн долларов.", "import A>B y"),
    ("en", "{A.gen} exports to {B.nom} reached ${n} million in {y}.", "export A>B y"),
    ("en", "In {y} {A.nom} imported goods worth ${n} million from {B.nom}.", "import A>B y"),
    ("en", "Trade between {A.nom} and {B.nom} rose {n}% in {y}.", "trade_turnover A>B y"),
    ("en", "Exports from {A.nom} to {B.nom} fell by {n}% in {y}.", "export A>B y"),
    ("en", "{A.gen} total imports reached ${n} billion in {y}.", "import A> y"),
    ("tr", "{A.gen} {B.dat} ihracatı {y} yılında {n} milyon dolara ulaştı.", "export A>B y"),
    ("tr", "{A.gen} {B.abl} ithalatı {y} yılında yüzde {n} arttı.", "import A>B y"),
    ("tr", "{A.gen} toplam ihracatı {y} yılında {n} milyar dolara ulaştı.", "export A> y"),
    ("kk", "{A.gen} {B.dat} экспорты {y} жылы {n} млн долларға жетті.", "export A>B y"),
    ("kk", "{y} жылы {A.gen} жалпы импорты {n} млн долларға жетті.", "import A> y"),
]
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


@pytest.mark.parametrize(("language", "pattern", "reading"), BOUND)
def test_bound_claims_are_published(language, pattern, reading):
    for twin in twins(language, pattern, reading):
        found = read_text(twin.text, language=language, date="2024-06-01").claims
        got = tuple((c.indicator, c.subject, c.partners, c.period) for c in found)
        assert got == twin.right, twin.text
        assert all(c.published for c in found), (twin.text, [c.withheld for c in found])
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
