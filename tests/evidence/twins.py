"""Swapped twins: one pattern of words, many states, goods, figures and years, in four languages.

A pattern names its parts by letter and form (``{A.gen}``); :func:`twins` fills it with different states, so that
no rule can know an actor. What must be read is told by the letters.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

FORMS = {
    "ru": ("nom", "gen", "to", "from", "ins", "adj", "adj_gen", "at"),
    "en": ("nom", "gen", "adj"),
    "tr": ("nom", "gen", "dat", "abl", "with"),
    "kk": ("nom", "gen", "dat", "abl", "with"),
}
STATES = {
    "ru": """
        PER Перу|Перу|в Перу|из Перу|Перу|перуанский|перуанской|в Перу
        VNM Вьетнам|Вьетнама|во Вьетнам|из Вьетнама|Вьетнамом|вьетнамский|вьетнамской|во Вьетнаме
        NOR Норвегия|Норвегии|в Норвегию|из Норвегии|Норвегией|норвежский|норвежской|в Норвегии
        BRA Бразилия|Бразилии|в Бразилию|из Бразилии|Бразилией|бразильский|бразильской|в Бразилии
        MNG Монголия|Монголии|в Монголию|из Монголии|Монголией|монгольский|монгольской|в Монголии
        UKR Украина|Украины|на Украину|с Украины|Украиной|украинский|украинской|на Украине
        CHN Китай|Китая|в Китай|из Китая|Китаем|китайский|китайской|в Китае
        USA США|США|в США|из США|США|американский|американской|в США
    """,
    "en": """
        PER Peru|Peru's|Peruvian
        VNM Vietnam|Vietnam's|Vietnamese
        NOR Norway|Norway's|Norwegian
        BRA Brazil|Brazil's|Brazilian
        MNG Mongolia|Mongolia's|Mongolian
        TUR Turkey|Turkey's|Turkish
        CHN China|China's|Chinese
    """,
    "tr": """
        PER Peru|Peru'nun|Peru'ya|Peru'dan|Peru ile
        VNM Vietnam|Vietnam'ın|Vietnam'a|Vietnam'dan|Vietnam ile
        NOR Norveç|Norveç'in|Norveç'e|Norveç'ten|Norveç ile
        BRA Brezilya|Brezilya'nın|Brezilya'ya|Brezilya'dan|Brezilya ile
        MNG Moğolistan|Moğolistan'ın|Moğolistan'a|Moğolistan'dan|Moğolistan ile
        CHN Çin|Çin'in|Çin'e|Çin'den|Çin ile
    """,
    "kk": """
        MNG Моңғолия|Моңғолияның|Моңғолияға|Моңғолиядан|Моңғолиямен
        BRA Бразилия|Бразилияның|Бразилияға|Бразилиядан|Бразилиямен
        NOR Норвегия|Норвегияның|Норвегияға|Норвегиядан|Норвегиямен
        CHN Қытай|Қытайдың|Қытайға|Қытайдан|Қытаймен
        UZB Өзбекстан|Өзбекстанның|Өзбекстанға|Өзбекстаннан|Өзбекстанмен
        TUR Түркия|Түркияның|Түркияға|Түркиядан|Түркиямен
    """,
}

PATTERNS = (
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
    ("ru", "{A.nom} в {y} году закупила {B.from} {n} млн кубометров газа.", "import A>B y"),
    (
        "ru",
        "Импорт {A.gen} из {B.gen} в {y} году сократился на {n}%, до {m} млн долларов.",
        "import A>B y;import A>B y",
    ),
    ("ru", "Общий экспорт {A.gen} в {y} году достиг {n} млрд долларов.", "export A> y"),
    ("ru", "Товарооборот между {A.ins} и {B.ins} в {y} году вырос на {n}%.", "trade_turnover A>B y"),
    ("ru", "В 2030 году {A.nom} планирует экспортировать {B.to} товаров на {n} млн долларов.", "export A>B 2030"),
    ("ru", "В {y} году {A.adj} бизнес инвестировал {B.to} {n} млн долларов.", "investment_flow A>B y"),
    ("ru", "Число туристов {A.from} {B.to} в {y} году составило {n} тысяч человек.", "tourists A>B y"),
    ("en", "{A.nom} received {n} million cubic meters of gas from {B.nom} in {y}.", "import A>B y"),
    ("en", "{A.gen} trade deficit with {B.nom} was ${n} million in {y}.", "trade_balance A>B y"),
    ("en", "Exports of {A.nom} to {B.nom} rose {n}% to ${m} million in {y}.", "export A>B y;export A>B y"),
    ("en", "{A.nom} exported goods worth ${n} million to {B.nom} in {y}.", "export A>B y"),
    ("en", "Imports rose {n}% in {y}, according to the ministry of {A.nom}.", "import A> y"),
    ("tr", "{A.nom}, {y} yılında {B.dat} {n} milyon dolarlık ürün ihraç etti.", "export A>B y"),
    (
        "tr",
        "{A.with} {B.nom} arasındaki ticaret hacmi {y} yılında {n} milyar dolara ulaştı.",
        "trade_turnover A>B y",
    ),
    ("tr", "{A.nom}, {y} yılında {B.abl} {n} milyon metreküp gaz aldı.", "import A>B y"),
    ("kk", "{A.nom} {y} жылы {B.dat} {n} млн долларға тауар экспорттады.", "export A>B y"),
    ("kk", "{A.with} {B.nom} арасындағы тауар айналымы {y} жылы {n} млн долларға жетті.", "trade_turnover A>B y"),
    ("kk", "{A.nom} {y} жылы {B.abl} {n} млн текше метр газ сатып алды.", "import A>B y"),
    ("tr", "{A.gen} ekonomisi {y} yılında yüzde 4 büyüdü.", "gdp A> y"),
    ("tr", "{A.nom}, {y} yılında {B.dat} {n} milyon dolar kredi verdi.", "financing_pledged A>B y"),
    ("tr", "{A.nom}, {y} yılında {B.dat} {n} milyon dolarlık yardım yaptı.", "financing_pledged A>B y"),
    ("tr", "{A.nom}, {y} yılında {B.dat} {n} milyon dolar yatırım yaptı.", "investment_flow A>B y"),
    (
        "tr",
        "{A.gen} {B.dat} ihracatı, {y} yılında bir önceki yıla göre yüzde {n} artarak {m} milyon dolar oldu.",
        "export A>B y;export A>B y",
    ),
    ("tr", "{A.gen} dış ticaret açığı {y} yılında {n} milyar dolara yükseldi.", "trade_balance A> y"),
    ("tr", "{A.nom}, {y} yılında {n} milyon ton bakır üretti.", "production A> y"),
    ("tr", "{A.gen} bakır üretimi {y} yılında {n} milyon tona geriledi.", "production A> y"),
    ("kk", "{A.gen} экономикасы {y} жылы 4 пайызға өсті.", "gdp A> y"),
    ("kk", "{A.nom} {y} жылы {B.dat} {n} млн доллар несие берді.", "financing_pledged A>B y"),
    ("kk", "{A.nom} {y} жылы {B.dat} {n} млн доллар көмек берді.", "financing_pledged A>B y"),
    ("kk", "{A.nom} {y} жылы {B.dat} {n} млн доллар инвестиция салды.", "investment_flow A>B y"),
    (
        "kk",
        "{A.gen} {B.dat} экспорты {y} жылы алдыңғы жылға қарағанда {n} пайызға артып, {m} млн доллар болды.",
        "export A>B y;export A>B y",
    ),
    ("kk", "{A.gen} сыртқы сауда тапшылығы {y} жылы {n} млрд долларға жетті.", "trade_balance A> y"),
    ("kk", "{A.nom} {y} жылы {n} млн тонна мыс өндірді.", "production A> y"),
    ("kk", "{A.gen} мыс өндірісі {y} жылы {n} млн тоннаны құрады.", "production A> y"),
    ("ru", "Взаимный товарооборот {A.gen} и {B.gen} за {y} год составил {n} млрд евро.", "trade_turnover A>B y"),
    (
        "ru",
        "Объём двусторонней торговли между {A.ins} и {B.ins} в {y} году достиг {n} млрд долларов.",
        "trade_turnover A>B y",
    ),
    ("ru", "Объём экспорта {A.gen} {B.to} за {y} год — {n} млрд долларов.", "export A>B y"),
    ("ru", "{A.nom} в {y} году отгрузила {B.to} {n} тыс. тонн угля.", "export A>B y"),
    ("ru", "{A.from} {B.to} за {y} год отправлено {n} млн тонн угля.", "export A>B y"),
    ("ru", "{A.nom} поставила {B.to} {n} млн тонн нефти в {y} году.", "oil_export A>B y"),
    ("ru", "Железные дороги {A.gen} в {y} году перевезли {n} млн тонн грузов.", "freight_carried A> y"),
    (
        "ru",
        "Грузооборот железнодорожного транспорта {A.gen} в {y} году составил {n} млрд тонно-километров.",
        "freight_turnover A> y",
    ),
    ("ru", "Доходы бюджета {A.gen} в {y} году составили {n} млрд евро.", "budget_revenue A> y"),
    ("ru", "Дефицит бюджета {A.gen} в {y} году достиг {n} млрд евро.", "budget_balance A> y"),
    ("ru", "Налоговые поступления {A.gen} в {y} году выросли на {n}%.", "tax_revenue A> y"),
    ("ru", "ВВП {A.gen} в {y} году вырос на {n}%.", "gdp A> y"),
    ("ru", "Темп прироста ВВП {A.gen} в {y} году составил {n}%.", "gdp A> y"),
    ("ru", "Добыча угля {A.at} в {y} году составила {n} млн тонн.", "production A> y"),
    ("ru", "Валовой сбор пшеницы {A.at} в {y} году составил {n} тыс. тонн.", "production A> y"),
    ("ru", "{A.nom} произвела {n} тыс. тонн меди в {y} году.", "production A> y"),
    ("ru", "Объём выпуска цемента {A.at} в {y} году снизился на {n}%.", "production A> y"),
    ("ru", "Потребление газа {A.at} в {y} году составило {n} млрд кубометров.", "consumption A> y"),
    ("ru", "Пассажирские перевозки {A.at} в {y} году выросли до {n} млн человек.", "passengers A> y"),
    (
        "ru",
        "Отрицательное сальдо внешней торговли {A.gen} в {y} году выросло до {n} млрд долларов.",
        "trade_balance A> y",
    ),
    (
        "ru",
        "Валютные поступления {A.gen} от экспорта какао в {y} году достигли {n} млн долларов.",
        "export_revenue A> y",
    ),
    ("ru", "{A.adj} импорт угля {B.from} в {y} году снизился до {n} млн тонн.", "import A>B y"),
    ("ru", "Поток туристов {A.from} {B.to} в {y} году вырос на {n}%.", "tourists A>B y"),
    ("ru", "Нефтедобыча {A.at} в {y} году упала на {n}%.", "oil_production A> y"),
)
"""Language, pattern and reading of claims that must be published."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A text and what its figures must be read as: indicator, subject, partners, period."""

    text: str
    language: str
    right: tuple[tuple[str, str, tuple[str, ...], str], ...]


def states(language: str) -> dict[str, dict[str, str]]:
    """Return the forms of each state's name in a language."""
    out = {}
    for line in STATES[language].split("\n"):
        code, _, forms = line.strip().partition(" ")
        if code:
            out[code] = dict(zip(FORMS[language], forms.split("|"), strict=True))
    return out


def twins(language: str, pattern: str, reading: str, count: int = 4, seed: int = 11) -> Iterator[Twin]:
    """Yield ``count`` fillings of a pattern.

    ``reading`` lists for each figure ``indicator subject>partners period`` with the letters of the pattern;
    ``{n}`` and ``{m}`` are figures, ``{y}`` is the year.
    """
    known = states(language)
    chance = random.Random(f"{seed}{language}{pattern}")
    for _ in range(count):
        chosen = dict(zip("ABC", chance.sample(sorted(known), 3), strict=True))
        year = str(chance.randint(2008, 2023))
        text = pattern.replace("{y}", year)
        for mark in ("{n}", "{m}"):
            text = text.replace(mark, str(chance.randint(2, 900)))
        for letter, code in chosen.items():
            for form, word in known[code].items():
                text = text.replace(f"{{{letter}.{form}}}", word)
        right = []
        for entry in reading.split(";"):
            indicator, who, period = entry.split()
            subject, _, partners = who.partition(">")
            names = tuple(chosen[p] for p in partners.split(",") if p)
            right.append((indicator, chosen[subject], names, year if period == "y" else period))
        yield Twin(text[0].upper() + text[1:], language, tuple(right))
