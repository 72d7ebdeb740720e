"""Tables made from data: layouts, four languages, six kinds of file, each with the claims its cells must give.

``python -m tests.evidence.made_tables`` prints the totals. ``LOOK`` layouts were looked at while the reader was
made; of ``BLIND`` ones only totals are.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from kopir.evidence import read
from tests.evidence.papers import WIDE, docx, letters, paragraph, pdf, word_table, xlsx

KINDS = ("html", "docx", "pdf", "md", "xlsx", "csv")
LANGUAGES = ("en", "ru", "tr", "kk")
STATES = {
    "GEO": ("Georgia", "Грузия", "Gürcistan", "Грузия"),
    "UZB": ("Uzbekistan", "Узбекистан", "Özbekistan", "Өзбекстан"),
    "AZE": ("Azerbaijan", "Азербайджан", "Azerbaycan", "Әзербайжан"),
    "MNG": ("Mongolia", "Монголия", "Moğolistan", "Моңғолия"),
    "JPN": ("Japan", "Япония", "Japonya", "Жапония"),
    "DEU": ("Germany", "Германия", "Almanya", "Германия"),
    "CHN": ("China", "Китай", "Çin", "Қытай"),
    "ITA": ("Italy", "Италия", "İtalya", "Италия"),
    "BRA": ("Brazil", "Бразилия", "Brezilya", "Бразилия"),
    "POL": ("Poland", "Польша", "Polonya", "Польша"),
    "IND": ("India", "Индия", "Hindistan", "Үндістан"),
    "FRA": ("France", "Франция", "Fransa", "Франция"),
}
OF = {
    "GEO": ("Georgia", "Грузии", "Gürcistan'ın", "Грузияның"),
    "UZB": ("Uzbekistan", "Узбекистана", "Özbekistan'ın", "Өзбекстанның"),
    "AZE": ("Azerbaijan", "Азербайджана", "Azerbaycan'ın", "Әзербайжанның"),
    "MNG": ("Mongolia", "Монголии", "Moğolistan'ın", "Моңғолияның"),
}
GOODS = {
    "coal": ("Coal", "Уголь", "Kömür", "Көмір"),
    "gas": ("Natural gas", "Природный газ", "Doğal gaz", "Табиғи газ"),
    "wheat": ("Wheat", "Пшеница", "Buğday", "Бидай"),
    "copper": ("Copper", "Медь", "Bakır", "Мыс"),
}
WORDS = {
    "exports": ("Exports", "Экспорт", "İhracat", "Экспорт"),
    "imports": ("Imports", "Импорт", "İthalat", "Импорт"),
    "partner": ("Partner", "Партнёр", "Ortak ülke", "Серіктес ел"),
    "country": ("Country", "Страна", "Ülke", "Ел"),
    "good": ("Good", "Товар", "Ürün", "Тауар"),
    "year": ("Year", "Год", "Yıl", "Жыл"),
    "total": ("Total", "Всего", "Toplam", "Барлығы"),
    "others": ("Others", "Прочие", "Diğer", "Басқа"),
    "share": ("Share, %", "Доля, %", "Pay, %", "Үлесі, %"),
    "growth": ("Growth, %", "Прирост, %", "Artış, %", "Өсім, %"),
    "exporter": ("Exporter", "Экспортёр", "İhracatçı", "Экспорттаушы"),
    "importer": ("Importer", "Импортёр", "İthalatçı", "Импорттаушы"),
    "unit": ("Unit", "Единица измерения", "Birim", "Өлшем бірлігі"),
    "musd": ("million USD", "млн долл. США", "milyon ABD doları", "млн АҚШ доллары"),
    "kt": ("thousand tonnes", "тыс. тонн", "bin ton", "мың тонна"),
    "mt": ("million t", "млн т", "milyon ton", "млн тонна"),
    "source": ("Source: customs.", "Источник: таможня.", "Kaynak: gümrük.", "Дереккөз: кеден."),
    "firsthalf": ("January–June {}", "январь–июнь {} г.", "Ocak–Haziran {}", "{} жылғы қаңтар–маусым"),
    "port": ("Port", "Порт", "Liman", "Порт"),
}
CAPTIONS = {
    "exports by partner": (
        "Exports of {} by partner",
        "Экспорт {} по странам",
        "{} ülkelere göre ihracatı",
        "{} елдер бойынша экспорты",
    ),
    "imports by partner": (
        "Imports of {} by partner",
        "Импорт {} по странам",
        "{} ülkelere göre ithalatı",
        "{} елдер бойынша импорты",
    ),
    "exports by good": (
        "Exports of {} by commodity",
        "Экспорт {} по товарам",
        "{} ürünlere göre ihracatı",
        "{} тауарлар бойынша экспорты",
    ),
    "trade by partner": (
        "Foreign trade of {} by partner",
        "Внешняя торговля {} по странам",
        "{} ülkelere göre dış ticareti",
        "{} елдер бойынша сыртқы саудасы",
    ),
    "oil production": (
        "Oil production by country",
        "Добыча нефти по странам",
        "Ülkelere göre petrol üretimi",
        "Елдер бойынша мұнай өндіру",
    ),
    "oil exports": (
        "Oil exports by country",
        "Экспорт нефти по странам",
        "Ülkelere göre petrol ihracatı",
        "Елдер бойынша мұнай экспорты",
    ),
}
TABLE = ("Table {}. ", "Таблица {}. ", "Tablo {}. ", "{}-кесте. ")
Key = tuple[float, str, str, str, str, tuple[str, ...], str | None, str]


@dataclass
class Sheet:
    """A table as it will be set: rows of text or number and columns covered, the first ``heads`` of them heads."""

    caption: str
    rows: list[list[tuple[str | float | None, int]]]
    heads: int
    gold: set[Key]
    notes: list[str] = field(default_factory=list)


class Maker:
    """Makes tables of one language and one seed."""

    def __init__(self, language: str, seed: int) -> None:
        self.n, self.dice, self.seed = LANGUAGES.index(language), random.Random(f"{language} {seed}"), seed
        self.home = self.dice.choice(sorted(OF))
        self.partners = self.dice.sample(sorted(set(STATES) - {self.home}), 4)
        self.years = [str(y) for y in (lambda a: (a, a + 1))(self.dice.randint(2011, 2022))]
        self.goods = self.dice.sample(sorted(GOODS), 3)

    def w(self, key: str) -> str:
        return WORDS[key][self.n]

    def state(self, code: str) -> str:
        return STATES[code][self.n]

    def caption(self, key: str, unit: str = "", tail: str = "") -> str:
        text = CAPTIONS[key][self.n].format(OF[self.home][self.n])
        number = TABLE[self.n].format(self.seed % 9 + 1)
        return number + text + tail + (f", {self.w(unit)}" if unit else "")

    def amount(self, low: float = 20, high: float = 9000, digits: int = 1) -> float:
        return round(self.dice.uniform(low, high), digits)

    def grid(self, heads: list[list[tuple[str, int]]], stubs: list[str], values: list[list[float | None]]) -> list:
        rows: list[list[tuple[str | float | None, int]]] = [list(row) for row in heads]
        return rows + [[(stub, 1), *((v, 1) for v in line)] for stub, line in zip(stubs, values, strict=True)]


# ── layouts looked at ────────────────────────────────────────────────────────────────────────────────


def partner_rows(m: Maker) -> Sheet:
    values = [[m.amount() for _ in m.years] for _ in m.partners]
    gold = {
        (v * 1e6, "USD", "level", "export", m.home, (p,), None, y)
        for p, line in zip(m.partners, values, strict=True)
        for y, v in zip(m.years, line, strict=True)
    }
    heads = [[(m.w("partner"), 1), *((y, 1) for y in m.years)]]
    return Sheet(
        m.caption("exports by partner", "musd"), m.grid(heads, [m.state(p) for p in m.partners], values), 1, gold
    )


def years_as_rows(m: Maker) -> Sheet:
    values = [[m.amount() for _ in m.partners] for _ in m.years]
    gold = {
        (v * 1e6, "USD", "level", "import", m.home, (p,), None, y)
        for y, line in zip(m.years, values, strict=True)
        for p, v in zip(m.partners, line, strict=True)
    }
    heads = [[(m.w("year"), 1), *((m.state(p), 1) for p in m.partners)]]
    return Sheet(m.caption("imports by partner", "musd"), m.grid(heads, m.years, values), 1, gold)


def units_in_heads(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.caption = m.caption("exports by partner")
    sheet.rows[0] = [("", 1), *((f"{y}, {m.w('musd')}", 1) for y in m.years)]
    return sheet


def goods_rows(m: Maker) -> Sheet:
    values = [[m.amount(digits=0) for _ in m.years] for _ in m.goods]
    gold = {
        (v * 1e3, "t", "level", "export", m.home, (), g, y)
        for g, line in zip(m.goods, values, strict=True)
        for y, v in zip(m.years, line, strict=True)
    }
    heads = [[(m.w("good"), 1), *((y, 1) for y in m.years)]]
    return Sheet(
        m.caption("exports by good", "kt"), m.grid(heads, [GOODS[g][m.n] for g in m.goods], values), 1, gold
    )


def two_head_rows(m: Maker) -> Sheet:
    values = [[m.amount() for _ in range(4)] for _ in m.partners]
    flows = ("export", "import")
    gold = {
        (line[2 * i + j] * 1e6, "USD", "level", flow, m.home, (p,), None, y)
        for p, line in zip(m.partners, values, strict=True)
        for i, y in enumerate(m.years)
        for j, flow in enumerate(flows)
    }
    pair = [(m.w("exports"), 1), (m.w("imports"), 1)]
    heads = [[("", 1), *((y, 2) for y in m.years)], [(m.w("partner"), 1), *pair, *pair]]
    return Sheet(
        m.caption("trade by partner", "musd"), m.grid(heads, [m.state(p) for p in m.partners], values), 2, gold
    )


def with_shares(m: Maker) -> Sheet:
    values = [[m.amount(), m.amount(1, 40)] for _ in m.partners]
    y = m.years[-1]
    gold = {
        (v * 1e6, "USD", "level", "export", m.home, (p,), None, y)
        for p, (v, _) in zip(m.partners, values, strict=True)
    }
    gold |= {
        (s, "pct", "share", "export", m.home, (p,), None, y) for p, (_, s) in zip(m.partners, values, strict=True)
    }
    heads = [[(m.w("country"), 1), (f"{y}, {m.w('musd')}", 1), (m.w("share"), 1)]]
    sheet = Sheet(
        m.caption("exports by partner", tail=f", {y}"),
        m.grid(heads, [m.state(p) for p in m.partners], values),
        1,
        gold,
    )
    return sheet


def producers(m: Maker) -> Sheet:
    values = [[m.amount(2, 400) for _ in m.years] for _ in m.partners]
    gold = {
        (v * 1e6, "t", "level", "oil_production", p, (), "crude", y)
        for p, line in zip(m.partners, values, strict=True)
        for y, v in zip(m.years, line, strict=True)
    }
    heads = [[(m.w("country"), 1), *((y, 1) for y in m.years)]]
    return Sheet(
        m.caption("oil production", "mt"), m.grid(heads, [m.state(p) for p in m.partners], values), 1, gold
    )


def long_rows(m: Maker) -> Sheet:
    lines = [(m.home, p, y, m.amount()) for p in m.partners for y in m.years]
    gold = {(v * 1e6, "USD", "level", "export", a, (b,), None, y) for a, b, y, v in lines}
    head = [m.w("exporter"), m.w("importer"), m.w("year"), f"{m.w('exports')}, {m.w('musd')}"]
    rows: list = [[(h, 1) for h in head]]
    rows += [[(m.state(a), 1), (m.state(b), 1), (y, 1), (v, 1)] for a, b, y, v in lines]
    return Sheet("", rows, 1, gold)


def totals_and_marks(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    rest, whole = [m.amount() for _ in m.years], [m.amount(20000, 90000) for _ in m.years]
    stubs = [f"{m.state(m.partners[0])} 1)", f"{m.state(m.partners[1])}*"]
    for row, stub in zip(sheet.rows[1:3], stubs, strict=True):
        row[0] = (stub, 1)
    sheet.rows.append([(m.w("others"), 1), *((v, 1) for v in rest)])
    sheet.rows.append([(m.w("total"), 1), *((v, 1) for v in whole)])
    sheet.rows[3][1] = ("…", 1)
    lost = m.partners[2]
    sheet.gold = {g for g in sheet.gold if not (g[5] == (lost,) and g[7] == m.years[0])}
    sheet.gold |= {
        (v * 1e6, "USD", "level", "export", m.home, (), None, y) for y, v in zip(m.years, whole, strict=True)
    }
    sheet.notes = [f"1) {m.w('source')}"]
    return sheet


def ports(m: Maker) -> Sheet:
    """Rows that no slot can hold: nothing may be published."""
    sheet = partner_rows(m)
    sheet.rows[0][0] = (m.w("port"), 1)
    sheet.gold = set()
    return sheet


def unit_column(m: Maker) -> Sheet:
    values = [[m.amount() for _ in m.years] for _ in range(2)]
    gold = {
        (v * 1e6, "USD", "level", flow, m.home, (), None, y)
        for flow, line in zip(("export", "import"), values, strict=True)
        for y, v in zip(m.years, line, strict=True)
    }
    rows: list = [[(m.w("good"), 1), (m.w("unit"), 1), *((y, 1) for y in m.years)]]
    rows[0][0] = ("", 1)
    for key, line in zip(("exports", "imports"), values, strict=True):
        rows.append([(f"{m.w('total')}: {m.w(key).lower()}", 1), (m.w("musd"), 1), *((v, 1) for v in line)])
    return Sheet(m.caption("trade by partner"), rows, 1, gold)


def half_years(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows[0] = [(m.w("partner"), 1), *((m.w("firsthalf").format(y), 1) for y in m.years)]
    sheet.gold = {(*g[:7], f"{g[7]}-01/{g[7]}-06") for g in sheet.gold}
    return sheet


def sections(m: Maker) -> Sheet:
    values = [[m.amount() for _ in m.years] for _ in range(2 * len(m.partners))]
    gold: set[Key] = set()
    rows: list = [[(m.w("country"), 1), *((y, 1) for y in m.years)]]
    for i, (flow, key) in enumerate((("export", "exports"), ("import", "imports"))):
        rows.append([(m.w(key), 1 + len(m.years))])
        for p, line in zip(m.partners, values[i * len(m.partners) :], strict=False):
            rows.append([(m.state(p), 1), *((v, 1) for v in line)])
            gold |= {
                (v * 1e6, "USD", "level", flow, m.home, (p,), None, y) for y, v in zip(m.years, line, strict=True)
            }
    return Sheet(m.caption("trade by partner", "musd"), rows, 1, gold)


def with_growth(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows[0].append((m.w("growth"), 1))
    for p, row in zip(m.partners, sheet.rows[1:], strict=True):
        v = m.amount(-30, 60)
        row.append((v, 1))
        del p
    return sheet


def goods_by_partner(m: Maker) -> Sheet:
    values = [[m.amount(digits=0) for _ in m.partners] for _ in m.goods]
    y = m.years[0]
    gold = {
        (v * 1e3, "t", "level", "export", m.home, (p,), g, y)
        for g, line in zip(m.goods, values, strict=True)
        for p, v in zip(m.partners, line, strict=True)
    }
    heads = [[("", 1), *((m.state(p), 1) for p in m.partners)]]
    caption = m.caption("exports by good", "kt", tail=f", {y}")
    return Sheet(caption, m.grid(heads, [GOODS[g][m.n] for g in m.goods], values), 1, gold)


def grouped_stubs(m: Maker) -> Sheet:
    rows: list = [[(m.w("partner"), 1), (m.w("year"), 1), (m.w("exports"), 1), (m.w("imports"), 1)]]
    gold: set[Key] = set()
    for p in m.partners:
        for k, y in enumerate(m.years):
            pair = (m.amount(), m.amount())
            rows.append([(m.state(p) if k == 0 else "", 1), (y, 1), *((v, 1) for v in pair)])
            gold |= {
                (v * 1e6, "USD", "level", flow, m.home, (p,), None, y)
                for flow, v in zip(("export", "import"), pair, strict=True)
            }
    return Sheet(m.caption("trade by partner", "musd"), rows, 1, gold)


def numbered_rows(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows = [[(str(n) if n else "№", 1), *row] for n, row in enumerate(sheet.rows)]
    return sheet


def exporters_unnamed(m: Maker) -> Sheet:
    """Sellers or buyers: the table does not say, so nothing may be published."""
    sheet = producers(m)
    sheet.caption, sheet.gold = m.caption("oil exports", "mt"), set()
    return sheet


def one_year_in_caption(m: Maker) -> Sheet:
    values = [[m.amount()] for _ in m.partners]
    y = m.years[0]
    gold = {
        (v[0] * 1e6, "USD", "level", "import", m.home, (p,), None, y)
        for p, v in zip(m.partners, values, strict=True)
    }
    heads = [[(m.w("partner"), 1), (f"{m.w('imports')}, {m.w('musd')}", 1)]]
    caption = m.caption("trade by partner", tail=f", {y}")
    return Sheet(caption, m.grid(heads, [m.state(p) for p in m.partners], values), 1, gold)


def total_column(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows[0].append((m.w("total"), 1))
    for row in sheet.rows[1:]:
        row.append((m.amount(20000, 90000), 1))
    return sheet


def marked_heads(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows[0] = [(m.w("country"), 1), (f"{m.years[0]}¹", 1), (f"{m.years[1]}*", 1)]
    sheet.notes = [f"* {m.w('source')}"]
    return sheet


def quarters(m: Maker) -> Sheet:
    names = (("Q1", "Q2"), ("I квартал", "II квартал"), ("1. çeyrek", "2. çeyrek"), ("I тоқсан", "II тоқсан"))[m.n]
    values = [[m.amount() for _ in range(4)] for _ in m.partners]
    gold = {
        (
            line[2 * i + j] * 1e6,
            "USD",
            "level",
            "export",
            m.home,
            (p,),
            None,
            f"{y}-{3 * j + 1:02d}/{y}-{3 * j + 3:02d}",
        )
        for p, line in zip(m.partners, values, strict=True)
        for i, y in enumerate(m.years)
        for j in range(2)
    }
    heads = [[("", 1), *((y, 2) for y in m.years)], [(m.w("partner"), 1), *((n, 1) for n in (*names, *names))]]
    return Sheet(
        m.caption("exports by partner", "musd"), m.grid(heads, [m.state(p) for p in m.partners], values), 2, gold
    )


def oil_of_home(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    forms = (
        "Oil exports of {} by country",
        "Экспорт нефти {} по странам",
        "{} ülkelere göre petrol ihracatı",
        "{} елдер бойынша мұнай экспорты",
    )
    sheet.caption = f"{forms[m.n].format(OF[m.home][m.n])}, {m.w('kt')}"
    sheet.gold = {(g[0] / 1e3, "t", "level", "oil_export", *g[4:6], "crude", g[7]) for g in sheet.gold}
    return sheet


def with_a_group(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    names = ("European Union", "Европейский союз", "Avrupa Birliği", "Еуропалық одақ")
    pair = [m.amount() for _ in m.years]
    sheet.rows.append([(names[m.n], 1), *((v, 1) for v in pair)])
    sheet.gold |= {
        (v * 1e6, "USD", "level", "export", m.home, ("EU",), None, y) for y, v in zip(m.years, pair, strict=True)
    }
    return sheet


def indices(m: Maker) -> Sheet:
    """A column of index numbers: nothing of it may be published."""
    sheet = partner_rows(m)
    a, b = m.years
    heads = (f"{b} in % of {a}", f"{b} в % к {a}", f"{b}/{a}, %", f"{b} жыл {a} жылға, %")
    sheet.rows[0].append((heads[m.n], 1))
    for row in sheet.rows[1:]:
        row.append((m.amount(60, 160), 1))
    return sheet


def zeros_and_gaps(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    lost, none = m.partners[0], m.partners[1]
    sheet.rows[1][2], sheet.rows[2][1] = ("-", 1), (0.0, 1)
    sheet.gold = {g for g in sheet.gold if (g[5], g[7]) not in {((lost,), m.years[1]), ((none,), m.years[0])}}
    sheet.gold.add((0.0, "USD", "level", "export", m.home, (none,), None, m.years[0]))
    return sheet


# ── layouts of which only totals are looked at ───────────────────────────────────────────────────────


def heads_at_the_right(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.rows = [[*row[1:], row[0]] for row in sheet.rows]
    return sheet


def unit_line(m: Maker) -> Sheet:
    sheet = partner_rows(m)
    sheet.caption = m.caption("exports by partner")
    sheet.rows.insert(0, [(f"({m.w('musd')})", 1 + len(m.years))])
    sheet.heads = 2
    return sheet


def amount_and_value(m: Maker) -> Sheet:
    y = m.years[0]
    rows: list = [[(m.w("good"), 1), (m.w("kt"), 1), (m.w("musd"), 1)]]
    gold: set[Key] = set()
    for g in m.goods:
        t, v = m.amount(digits=0), m.amount()
        rows.append([(GOODS[g][m.n], 1), (t, 1), (v, 1)])
        gold.add((t * 1e3, "t", "level", "export", m.home, (), g, y))
        gold.add((v * 1e6, "USD", "level", "export", m.home, (), g, y))
    return Sheet(m.caption("exports by good", tail=f", {y}"), rows, 1, gold)


def months_as_rows(m: Maker) -> Sheet:
    y = m.years[0]
    names = (("January", "February"), ("Январь", "Февраль"), ("Ocak", "Şubat"), ("Қаңтар", "Ақпан"))[m.n]
    rows: list = [[("", 1), *((m.state(p), 1) for p in m.partners)]]
    gold: set[Key] = set()
    for n, name in enumerate(names, 1):
        values = [m.amount() for _ in m.partners]
        rows.append([(name, 1), *((v, 1) for v in values)])
        gold |= {
            (v * 1e6, "USD", "level", "import", m.home, (p,), None, f"{y}-{n:02d}")
            for p, v in zip(m.partners, values, strict=True)
        }
    return Sheet(m.caption("imports by partner", "musd", tail=f", {y}"), rows, 1, gold)


def cities(m: Maker) -> Sheet:
    """Cities of which some give a state its name in the news: nothing may be published."""
    sheet = partner_rows(m)
    names = (
        "Moscow Ankara Beijing Tokyo",
        "Москва Анкара Пекин Токио",
        "Moskova Ankara Pekin Tokyo",
        "Мәскеу Анкара Бейжің Токио",
    )
    for row, name in zip(sheet.rows[1:], names[m.n].split(), strict=True):
        row[0] = (name, 1)
    sheet.rows[0][0], sheet.gold = ("", 1), set()
    return sheet


LOOK = (
    *(partner_rows, years_as_rows, units_in_heads, goods_rows, two_head_rows, with_shares, producers, long_rows),
    *(totals_and_marks, ports, unit_column, half_years, sections, with_growth, goods_by_partner, grouped_stubs),
    *(numbered_rows, exporters_unnamed, one_year_in_caption, total_column, marked_heads, quarters, oil_of_home),
    *(with_a_group, indices, zeros_and_gaps),
)
BLIND = (heads_at_the_right, unit_line, amount_and_value, months_as_rows, cities)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────


def shown(value: str | float | None, language: str) -> str:
    """Write a value with the marks of a language."""
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    marks = {"en": (",", "."), "tr": (".", ","), "ru": ("\u00a0", ","), "kk": (" ", ",")}[language]
    return text.replace(",", "_").replace(".", marks[1]).replace("_", marks[0])


def write(path: Path, sheet: Sheet, kind: str, language: str) -> Path:
    """Write a table as a file of a kind."""
    texts = [[(shown(v, language), cols) for v, cols in row] for row in sheet.rows]
    return WRITERS[kind](path, sheet, texts)


def _html(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    rows = []
    for n, row in enumerate(texts):
        tag = "th" if n < sheet.heads else "td"
        rows.append("".join(f'<{tag} colspan="{cols}">{escape(text)}</{tag}>' for text, cols in row))
    caption = f"<caption>{escape(sheet.caption)}</caption>" if sheet.caption else ""
    body = f"<table>{caption}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    notes = "".join(f"<p>{escape(note)}</p>" for note in sheet.notes)
    path.write_text(f"<html><body><article>{body}{notes}</article></body></html>", encoding="utf-8")
    return path


def _docx(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    above = [paragraph(sheet.caption)] if sheet.caption else []
    return docx(path, *above, word_table(texts), *map(paragraph, sheet.notes))


def _pdf(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    size, y = 8.0, 740.0
    placed: list[tuple[float, float, float, str]] = []
    text = sheet.caption
    while text:
        cut = text if len(text) <= 110 else text[: text.rindex(" ", 0, 110)]
        placed.append((40, y, size, cut))
        text, y = text[len(cut) :].strip(), y - 12
    width = max(sum(cols for _, cols in row) for row in texts)
    first = max(len(row[0][0]) for row in texts if row[0][1] < width) * size * WIDE + 20
    step = min((530 - first) / max(1, width - 1), 140)
    y -= 8
    for row in texts:
        col = 0
        for text, cols in row:
            left = 40 if col == 0 else 40 + first + (col - 1) * step
            room = (step * cols) if col else first
            x = left if col == 0 else left + (room - len(text) * size * WIDE) / 2
            if text:
                placed.append((x, y, size, text))
            col += cols
        y -= 14
    placed += [(40, y - 14 - 12 * n, size, note) for n, note in enumerate(sheet.notes)]
    return pdf(path, placed)


def _md(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    flat = [[cell for text, cols in row for cell in (text, *[""] * (cols - 1))] for row in texts]
    lines = ["| " + " | ".join(row) + " |" for row in flat]
    lines.insert(1, "|" + "---|" * len(flat[0]))
    path.write_text("\n".join([sheet.caption, "", *lines, "", *sheet.notes, ""]), encoding="utf-8")
    return path


def _csv(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    flat = [[cell for text, cols in row for cell in (text, *[""] * (cols - 1))] for row in texts]
    above = [[sheet.caption]] if sheet.caption else []
    rows = [*above, *flat, *([note] for note in sheet.notes)]
    path.write_text(
        "\n".join(";".join(f'"{c}"' if ";" in c else c for c in row) for row in rows) + "\n", encoding="utf-8"
    )
    return path


def _xlsx(path: Path, sheet: Sheet, texts: list[list[tuple[str, int]]]) -> Path:
    rows: list[list[object]] = [[sheet.caption], []] if sheet.caption else []
    merged = []
    for row in sheet.rows:
        out: list[object] = []
        for value, cols in row:
            if cols > 1:
                merged.append(f"{letters(len(out))}{len(rows) + 1}:{letters(len(out) + cols - 1)}{len(rows) + 1}")
            plain = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 4 else value
            out += [plain or None, *[None] * (cols - 1)]
        rows.append(out)
    rows += [[], *([note] for note in sheet.notes)]
    return xlsx(path, rows, merged=tuple(merged))


Writer = Callable[[Path, Sheet, list[list[tuple[str, int]]]], Path]
WRITERS: dict[str, Writer] = {"html": _html, "docx": _docx, "pdf": _pdf, "md": _md, "xlsx": _xlsx, "csv": _csv}


# ── scores ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Made:
    """A made table: where it lies and what its cells must give."""

    path: Path
    layout: str
    kind: str
    language: str
    gold: frozenset[Key]


def make(
    folder: Path, layouts: Sequence[Callable[[Maker], Sheet]], seed: int, *, every: bool = False
) -> Iterator[Made]:
    """Make a table of each layout in each language, of one kind by turns or of every kind."""
    turn = seed
    for language in LANGUAGES:
        for layout in layouts:
            kinds = KINDS if every else (KINDS[turn % len(KINDS)],)
            turn += 1
            for kind in kinds:
                sheet = layout(Maker(language, seed))
                path = folder / f"{language}_{layout.__name__}_{seed}.{kind}"
                write(path, sheet, kind, language)
                yield Made(path, layout.__name__, kind, language, frozenset(sheet.gold))


def score(made: Made) -> tuple[int, int, int, list[Key], list[Key]]:
    """Return wanted, published, published and right; and what was wrong and what was missed."""
    claims = read([made.path], language=made.language).claims
    keys = [
        (round(c.value, 3), c.unit, c.kind, c.indicator, c.subject, c.partners, c.commodity, c.period)
        for c in claims
        if c.published
    ]
    gold = {(round(g[0], 3), *g[1:]) for g in made.gold}
    right = [key for key in keys if key in gold]
    return (
        len(gold),
        len(keys),
        len(set(right)),
        [k for k in keys if k not in gold],
        sorted(gold - set(keys), key=str),
    )


def totals(
    layouts: Sequence[Callable[[Maker], Sheet]], seeds: Sequence[int], *, every: bool = False
) -> dict[str, list[int]]:
    """Return wanted, published and right summed by layout, language and kind, and over all."""
    out: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            for made in make(Path(folder), layouts, seed, every=every):
                counts = score(made)[:3]
                for name in (made.layout, made.kind, made.language, "all"):
                    held = out.setdefault(name, [0, 0, 0])
                    out[name] = [a + b for a, b in zip(held, counts, strict=True)]
    return out


SETS = (
    ("seen", LOOK, (1,)),
    ("seen layouts, other names and figures", LOOK, (2, 3)),
    ("unseen layouts", BLIND, (9, 10)),
)


SETS = (
    ("seen layouts", LOOK, (1,)),
    ("seen layouts, other names and figures", LOOK, (2, 3)),
    ("unseen layouts", BLIND, (9, 10)),
)


def main() -> None:
    """Print the totals, seen and unseen."""
    for name, layouts, seeds in SETS:
        sys.stdout.write(f"{name}: wanted, published, right\n")
        for key, counts in totals(layouts, seeds, every=True).items():
            if layouts is LOOK or key in (*KINDS, *LANGUAGES, "all"):
                sys.stdout.write(f"  {key:20} {counts[0]:6} {counts[1]:6} {counts[2]:6}\n")


if __name__ == "__main__":
    main()
