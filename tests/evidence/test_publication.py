"""What is published: whole claims bound by licensed constructions; whatever competes keeps a claim back."""

import pytest

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
