"""Tables: cells are claims with their heads as slots; what is not understood is named or stays unpublished."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kopir.cli.application import application
from kopir.evidence import read, read_text
from tests.evidence.made_tables import BLIND, KINDS, LANGUAGES, LOOK, make, score, totals
from tests.evidence.papers import docx, paragraph, word_table, xlsx

HEAD = "Exports of Georgia by partner, million USD"
GOLD = [(3.5e6, "USD", "export", "GEO", ("JPN",), "2021"), (4e6, "USD", "export", "GEO", ("BRA",), "2021")]


def facts(claims, *, published=True):
    return [
        (c.value, c.unit, c.indicator, c.subject, c.partners, c.period)
        for c in claims
        if c.published or not published
    ]


def md(*rows: str, above: str = HEAD, below: str = "") -> str:
    return "\n".join([above, "", rows[0], "|" + "---|" * rows[0].count("|"), *rows[1:], "", below])


def of(tmp_path: Path, text: str, suffix: str = ".md"):
    (tmp_path / f"a{suffix}").write_text(text, encoding="utf-8")
    return read([tmp_path])


TWO = ("| Partner | 2021 |", "| Japan | 3.5 |", "| Brazil | 4.0 |")


def test_forty_tables_of_six_kinds_in_four_languages(tmp_path):
    made = list(make(tmp_path, LOOK[:10], 1))
    assert (len(made), {m.kind for m in made}, {m.language for m in made}) == (40, set(KINDS), set(LANGUAGES))
    counts = [score(m)[:3] for m in made]
    wanted, published, right = (sum(c[n] for c in counts) for n in range(3))
    assert right >= 0.95 * published
    assert published >= 0.9 * wanted > 200


@pytest.mark.slow
def test_seen_and_unseen_layouts_hold_the_same_bar():
    figures = {}
    for name, layouts, seeds in (("seen", LOOK, (1,)), ("twins", LOOK, (2,)), ("unseen", BLIND, (7,))):
        wanted, published, right = totals(layouts, seeds, every=True)["all"]
        figures[name] = (right / published, right / wanted)
    assert all(precision >= 0.95 for precision, _ in figures.values()), figures
    assert all(recall >= 0.7 for _, recall in figures.values()), figures


def test_every_cell_leads_back_to_its_place(tmp_path):
    text = md(*TWO)
    claims = of(tmp_path, text).claims
    assert facts(claims) == GOLD
    assert [text[c.start : c.end] for c in claims] == ["3.5", "4.0"]
    assert [text[slice(*vars_of(c.inherited_from["partners"]))].strip() for c in claims] == ["Japan", "Brazil"]


def vars_of(span):
    return span.start, span.end


def test_a_sentence_after_a_table_takes_nothing_from_it(tmp_path):
    claims = of(tmp_path, md(*TWO, below="Imports were $2.9 billion.")).claims
    (last,) = [c for c in claims if c.value == 2.9e9]
    assert (last.subject, last.partners, last.published) == (None, (), False) or not last.published


def test_a_unit_in_a_caption_is_no_figure(tmp_path):
    assert [c.text for c in of(tmp_path, md(*TWO)).claims] == ["3.5", "4.0"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (("| Port | 2021 |", "| Poti | 3.5 |"), "place or firm"),
        (("| Partner | 2021 |", "| Japan by rail | 3.5 |"), "words not understood or narrowed"),
        (("| Partner | Preliminary view |", "| Japan | 3.5 |"), "no period"),
        (("| Partner | 2021 | 2021 to 2020, % |", "| Japan | x | 103.5 |"), "an index"),
        (("| Partner | 2021 |", "| Japan | 1.234 |", "| Brazil | 5.678 |"), "thousands or decimals, not told"),
        (("| Partner | 2021 |", "| Japan and Brazil | 3.5 |"), "two partners in one head"),
        (("| Partner | 2021 |", "| Baku | 3.5 |"), "a city"),
        (("| Exporter | 2021 |", "| Japan | 3.5 |"), "whose exports: caption and head disagree"),
    ],
)
def test_what_is_not_settled_is_not_published(tmp_path, rows, why):
    assert facts(of(tmp_path, md(*rows)).claims) == [], why


@pytest.mark.slow
def test_a_table_that_is_not_understood_is_named(tmp_path):
    rows = ("| Item | A | B |", "| x1 | 5 | 7 |", "| x2 | 6 | 8 |")
    path = tmp_path / "a.md"
    path.write_text(md(*TWO) + md(*rows, above="Results of the survey"), encoding="utf-8")
    (unread,) = read([path]).unread
    assert str(unread) == "table 2: not read, no unit"
    runner = CliRunner()
    shown = runner.invoke(application, ["read", str(path), "-q"])
    assert "table 2: not read, no unit (Results of the survey)" in shown.stdout
    result = json.loads(runner.invoke(application, ["read", str(path), "--json", "-q"]).stdout)["result"]
    assert [r["kind"] for r in (*result["claims"], *result["not_read"])] == ["level", "level", "not_read"]
    assert set(result["claims"][0]) == set(result["not_read"][0])
    runner.invoke(application, ["read", str(path), "--csv", str(tmp_path / "out.csv"), "-q"])
    assert "table 2: not read, no unit" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_months_of_a_caption_hold_for_the_years_of_the_heads(tmp_path):
    claims = of(tmp_path, md(*TWO, above="Exports of Georgia by partner, January–September, million USD")).claims
    assert [c.period for c in claims] == ["2021-01/2021-09"] * 2


def test_plans_and_routes_of_heads(tmp_path):
    rows = ("| Route | 2021 | 2025 (plan) |", "| CPC | 3.5 | 4.5 |", "| Total | 5.5 | 6.5 |")
    claims = of(tmp_path, md(*rows, above="Oil exports of Kazakhstan by route, million tonnes")).claims
    assert [(c.value, c.partners, c.route, c.modality, c.published) for c in claims] == [
        (3.5e6, ("CPC",), "CPC", "actual", True),
        (4.5e6, ("CPC",), "CPC", "plan", True),
        (5.5e6, (), None, "actual", True),
        (6.5e6, (), None, "plan", True),
    ]


def test_a_head_that_says_it_all_is_read_as_a_caption(tmp_path):
    rows = (
        "| Market | Exports of oil by Azerbaijan in 2021, million tonnes |",
        "| Japan | 3.5 |",
        "| Brazil | 4 |",
    )
    claims = of(tmp_path, md(*rows, above="Table of exports.")).claims
    assert facts(claims) == [
        (v, "t", "oil_export", "AZE", (p,), "2021") for v, p in ((3.5e6, "JPN"), (4e6, "BRA"))
    ]


def test_a_balance_or_a_re_export_is_no_export(tmp_path):
    rows = ("| | Exports | Re-exports | Non-oil exports | Balance |", "| 2021 | 3.5 | 1.5 | 2.5 | 4.5 |")
    claims = of(tmp_path, md(*rows, above="Trade of Georgia with Japan, million USD")).claims
    assert [(c.value, c.indicator) for c in claims if c.published] == [(3.5e6, "export")]


def test_cells_of_words_and_figures_are_named(tmp_path):
    rows = ("| Partner | 2021 |", "| Japan | near 3.5 million tonnes |", "| Brazil | up to 4 million tonnes |")
    result = of(tmp_path, md(*rows))
    assert [str(table) for table in result.unread] == ["table 1: not read, its cells hold words beside figures"]


def test_units_may_stand_in_the_cells(tmp_path):
    rows = ("| Partner | 2021 |", "| Japan | $3.5 million |", "| Brazil | 4 mln USD |")
    assert facts(of(tmp_path, md(*rows, above="Exports of Georgia by partner")).claims) == GOLD


def test_blanks_set_cells_under_one_another():
    text = f"{HEAD}\n\nPartner      2021\nJapan         3.5\nBrazil        4.0\n\nNothing else was said."
    claims = read_text(text).claims
    assert facts(claims) == GOLD
    assert [text[c.start : c.end] for c in claims] == ["3.5", "4.0"]


def test_a_rank_is_no_amount(tmp_path):
    rows = ("| Partner | 2021 | Rank in 2021 |", "| Japan | 3.5 | 7 |", "| Brazil | 4 | 6 |")
    assert facts(of(tmp_path, md(*rows)).claims) == GOLD


def test_quarters_under_their_year(tmp_path):
    rows = (
        "| | 2021 | | 2022 | |",
        "| Partner | Q1 | 2Q | III quarter | 4Q2022 |",
        "| Japan | 1.5 | 2.5 | 3.5 | 4.5 |",
    )
    claims = of(tmp_path, md(rows[0], *rows[1:])).claims
    assert [c.period for c in claims] == [
        "2021-01/2021-03",
        "2021-04/2021-06",
        "2022-07/2022-09",
        "2022-10/2022-12",
    ]


def test_months_in_figures(tmp_path):
    rows = ("| Partner | 2021-02 | 03.2021 | 2021-02-17 |", "| Japan | 1.5 | 2.5 | 3.5 |")
    assert [c.period for c in of(tmp_path, md(*rows)).claims if c.published] == ["2021-02", "2021-03"]


def test_dates_of_a_workbook(tmp_path):
    styles = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    styles += '<xf numFmtId="0"/><xf numFmtId="17"/></cellXfs></styleSheet>'
    path = xlsx(tmp_path / "a.xlsx", [[HEAD], [], ["Partner", 44228], ["Japan", 3.5]], **{"xl/styles.xml": styles})
    shelf = {name: data.replace(b'<c r="B3">', b'<c r="B3" s="1">') for name, data in parts(path).items()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in shelf.items():
            package.writestr(name, data)
    assert [(c.period, c.published) for c in read([path]).claims] == [("2021-02", True)]


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_heads_set_once_more_are_no_figures(tmp_path):
    rows = (
        "| Partner | 2020 | 2021 |",
        "| Japan | 1.5 | 3.5 |",
        "| Partner | 2022 | 2023 |",
        "| Brazil | 4.5 | 5.5 |",
    )
    claims = of(tmp_path, md(*rows)).claims
    assert [(c.value, c.period) for c in claims] == [
        (1.5e6, "2020"),
        (3.5e6, "2021"),
        (4.5e6, "2022"),
        (5.5e6, "2023"),
    ]


@pytest.mark.parametrize(
    ("caption", "indicator"),
    [
        ("Imports from Georgia by country, million USD", "import"),
        ("Приток прямых инвестиций в Грузию по странам, млн долл. США", "investment_flow"),
    ],
)
def test_rows_are_the_side_that_a_preposition_leaves(tmp_path, caption, indicator):
    names = ("Japan", "Brazil") if caption.isascii() else ("Япония", "Бразилия")
    rows = ("| | 2021 |", f"| {names[0]} | 3.5 |", f"| {names[1]} | 4.2 |")
    claims = of(tmp_path, md(*rows, above=caption)).claims
    assert facts(claims) == [
        (v, "USD", indicator, state, ("GEO",), "2021") for v, state in ((3.5e6, "JPN"), (4.2e6, "BRA"))
    ]


def test_a_group_with_a_preposition_leaves_the_rows_open(tmp_path):
    rows = ("| | 2021 |", "| Poland | 3.5 |", "| Italy | 4.0 |")
    assert (
        facts(of(tmp_path, md(*rows, above="Exports to the European Union by country, million USD")).claims) == []
    )


def test_the_heading_of_a_section_does_not_qualify_a_captioned_table(tmp_path):
    assert facts(of(tmp_path, md(*TWO, above=f"## News and views\n\n{HEAD}")).claims) == GOLD


def test_a_page_of_a_ministry(tmp_path):
    rows = "<tr><td>Япония</td><td>3,5</td></tr><tr><td>Бразилия</td><td>4,0</td></tr>"
    table = f"<table><thead><tr><th>Страна</th><th>2021 г.</th></tr></thead><tbody>{rows}</tbody></table>"
    page = f"""<html><body><header><a href="/">Главная</a></header><nav><ul><li>12 новостей</li></ul></nav><main>
    <h1>Итоги года</h1><div><p>Товарооборот рос весь год.</p></div>
    <div><p><strong>Таблица 1.</strong> Экспорт Грузии по странам</p><p align="right">млн&nbsp;долл. США</p>{table}
    <p>Источник: таможня, 7 марта.</p></div></main><footer>Тел. 555-12-34</footer></body></html>"""
    assert facts(of(tmp_path, page, ".html").claims) == GOLD


def test_a_journal_keeps_tables_not_read(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(md("| Item | A |", "| x1 | 5 |", "| x2 | 6 |", above="Survey"), encoding="utf-8")
    first = read([path], journal=tmp_path / "j.jsonl")
    assert read([path], journal=tmp_path / "j.jsonl").unread == first.unread != ()


def test_merged_cells_of_a_workbook(tmp_path):
    rows = [
        [HEAD],
        [],
        [None, 2021, None],
        ["Partner", "Exports", "Imports"],
        ["Japan", 3.5, 9.25],
        ["Brazil", 4, 1],
    ]
    xlsx(tmp_path / "a.xlsx", rows, merged=("B3:C3",))
    claims = read([tmp_path]).claims
    assert facts(claims)[::2] == GOLD
    assert [c.indicator for c in claims] == ["export", "import", "export", "import"]


def test_hidden_columns_and_sheets_are_not_read(tmp_path):
    rows = [[HEAD], [], ["Partner", 2021, 2020], ["Japan", 3.5, 9.0], ["Brazil", 4, 9.0]]
    xlsx(tmp_path / "a.xlsx", rows, sheet='<cols><col min="3" max="3" hidden="1"/></cols>')
    assert facts(read([tmp_path]).claims) == GOLD


def test_a_table_inside_a_table(tmp_path):
    rows = "<tr><td>Japan</td><td>3.5</td></tr><tr><td>Brazil</td><td>4.0</td></tr>"
    inner = f"<table><caption>{HEAD}</caption><tr><th>Partner</th><th>2021</th></tr>{rows}</table>"
    outer = f"<table><tr><td>5</td><td>6</td></tr><tr><td>7</td><td>{inner}</td></tr></table>"
    result = of(tmp_path, f"<html><body><article>{outer}</article></body></html>", ".html")
    assert facts(result.claims) == GOLD
    assert [str(table) for table in result.unread] == ["table 1: not read, a table stands inside it"]


def test_a_page_laid_out_by_tables_is_text(tmp_path):
    prose = "Georgia exported 3.5 million tonnes of coal to Japan in 2021."
    page = f"<html><body><table><tr><td>{prose}</td></tr></table></body></html>"
    (claim,) = of(tmp_path, page, ".html").claims
    assert (claim.value, claim.subject) == (3.5e6, "GEO")


def test_words_and_marks_of_the_page_do_not_enter_cells(tmp_path):
    cells = "<tr><th>Partner</th><th>2021<sup>1</sup></th></tr>"
    cells += "<tr><td><b>Japan</b></td><td>3<span>.5</span><sup>2</sup></td></tr>"
    cells += "<tr><td>Bra&shy;zil&nbsp;</td><td>&#8206;4.0*</td></tr><tr hidden><td>China</td><td>9</td></tr>"
    page = f"<html><body><table><caption>{HEAD}</caption>{cells}</table></body></html>"
    assert facts(of(tmp_path, page, ".html").claims)[0] == GOLD[0]


@pytest.mark.slow
def test_tables_beyond_the_limit_are_named_in_bounded_time(tmp_path):
    (tmp_path / "a.csv").write_text("\n".join(";".join("7" * 1000) for _ in range(300)), encoding="utf-8")
    cell = "<w:tc><w:tcPr><w:gridSpan w:val='1000'/></w:tcPr><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc>"
    docx(tmp_path / "b.docx", f"<w:tbl>{f'<w:tr>{cell * 40}</w:tr>' * 40}</w:tbl>")
    rows = f"<tr>{'<td rowspan=1000 colspan=1000>7</td>' * 50}</tr>" * 50
    (tmp_path / "c.html").write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")
    xlsx(tmp_path / "d.xlsx", [[7.5] * 300 for _ in range(300)])
    unread = read([tmp_path]).unread
    assert [table.doc for table in unread] == ["a.csv", "b.docx", "c.html", "d.xlsx"]
    assert all("cells" in table.why for table in unread)


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path):
    xlsx(tmp_path / "a.xlsx", [[1]], **{"xl/sharedStrings.xml": "<sst>" + " " * 30_000_000 + "</sst>"})
    assert [fault.code for fault in read([tmp_path]).faults] == ["K2007"]


def test_a_word_caption_and_its_table(tmp_path):
    rows = [[("Partner", 1), ("2021", 1)], [("Japan", 1), ("3.5", 1)], [("Brazil", 1), ("4.0", 1)]]
    docx(
        tmp_path / "a.docx",
        paragraph("Exports of Georgia by partner"),
        paragraph("(million USD)"),
        word_table(rows),
    )
    assert facts(read([tmp_path]).claims) == GOLD


@pytest.mark.parametrize(
    ("language", "caption", "heads"),
    [
        (
            "tr",
            "Kenya'nın ürünlere göre ihracatı, 2019",
            "| Ürün | bin ton | milyon ABD doları |\n|---|---|---|\n| Çay",
        ),
        (
            "kk",
            "Кенияның тауарлар бойынша экспорты, 2019",
            "| Тауар | мың тонна | млн АҚШ доллары |\n|---|---|---|\n| Шай",
        ),
    ],
)
def test_a_caption_that_tells_goods_narrows_nothing(tmp_path, language, caption, heads):
    (tmp_path / "a.md").write_text(f"{caption}\n\n{heads} | 4 | 9 |\n", encoding="utf-8")
    found = [
        (c.value, c.unit, c.subject, c.commodity)
        for c in read([tmp_path], language=language).claims
        if c.published
    ]
    assert found == [(4e3, "t", "KEN", "tea"), (9e6, "USD", "KEN", "tea")]


def test_tabs_make_a_table_of_plain_text():
    text = f"{HEAD}\n\nPartner\t2021\nJapan\t3.5\nBrazil\t4.0\n"
    assert facts(read_text(text).claims) == GOLD


def test_a_unit_that_stands_before_a_head_is_none_of_it(tmp_path):
    (tmp_path / "a.csv").write_text("0e\n$64024$ K,6toOil expgpts of K,7ton expgpts of K6,74.et", "utf-8")
    assert read([tmp_path / "a.csv"]).faults == ()
