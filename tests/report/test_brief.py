import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import polars as pl
import pytest
from babel.numbers import format_decimal

from kopir.core.codes import LANGUAGES
from kopir.core.errors import InputError
from kopir.report.brief import build_brief, tell, write_brief
from kopir.report.content import FRONT, Figure, Number, Table
from kopir.report.forms.drawing import DARK, LIGHT, drawn, standalone
from kopir.report.forms.markdown import as_markdown, safe_address
from kopir.report.forms.page import as_html
from kopir.report.forms.record import as_record
from kopir.report.recall import trace_in_brief
from kopir.strategy.precedents.quality import stored_quality

ORDER = [
    "question",
    "finding",
    "confidence",
    "moves",
    "change",
    "pictures",
    "volumes",
    "curves",
    "losses",
    "bearers",
    "own_cost",
    "shapley",
    "dependence",
    "reverse",
    "portfolio",
    "options",
    "skill",
    "assumptions",
    "checks",
    "method",
    "limits",
    "fairness",
]


def table(brief, key):
    return next(
        block
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, Table) and block.key == key
    )


def page(brief):
    return as_html(brief, {figure.key: "<svg></svg>" for figure in brief.figures()})


class Tree(HTMLParser):
    """Open elements, ids, targets and addresses of a page."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.targets, self.tags, self.wrong = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        self.ids += [found["id"]] if "id" in found else []
        self.targets += [found["href"]] if "href" in found else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))


def parsed(text):
    tree = Tree()
    tree.feed(text)
    return tree


@pytest.mark.slow
def test_sections_stand_in_the_order_of_the_brief(briefs):
    for brief in briefs.values():
        assert [section.key for section in brief.sections] == ORDER


def test_physical_quantities_come_before_money(brief):
    units = [number.unit for section in brief.sections[len(FRONT) - 1 :] for number in _numbers_of(section)]
    assert units[0].startswith("Mt")
    assert next(index for index, unit in enumerate(units) if "USD" in unit) > 5


def _numbers_of(section):
    return [
        cell
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if isinstance(cell, Number)
    ]


def test_every_number_resolves_to_cells_of_the_model(brief, results):
    model = results.setup.model
    for number in brief.numbers():
        assert brief.cells[number.id], number.id
        found = trace_in_brief(model, number.id, brief)
        assert found.because, number.id


def test_every_number_has_a_footnote_and_every_footnote_is_used(brief):
    grounds = {number.ground for number in brief.numbers()}
    assert grounds == {note.ground for note in brief.notes}
    text = as_markdown(brief)
    marks = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert marks == set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))


def test_every_figure_has_a_table_with_the_same_numbers(brief):
    keys = {block.key for section in brief.sections for block in section.blocks if isinstance(block, Table)}
    figures = list(brief.figures())
    assert {figure.key for figure in figures} == {"exposure", "severity", "functions", "curves", "heatmap", "map"}
    assert {figure.twin for figure in figures} <= keys
    assert all(figure.description for figure in figures)


def test_losses_state_unit_horizon_severity_and_base_period(brief):
    for key in ("volumes", "losses", "bearers", "own_cost", "shapley"):
        caption = table(brief, key).caption
        assert "a year" in caption
        assert "months 1–12" in caption
        assert "severity 100 %" in caption
        assert "base period 2025" in caption


def test_numbers_of_the_page_are_those_of_the_results(brief, results):
    row = results.leverage.table.row(by_predicate=pl.col("partner") == "RUS", named=True)
    by_id = {number.id: number for number in brief.numbers()}
    assert by_id["leverage:RUS:stranded_mt"].value == pytest.approx(row["stranded_mt"])
    assert by_id["leverage:RUS:leverage_musd"].value == pytest.approx(row["leverage_musd"])
    assert by_id["exports:base_mt"].value == pytest.approx(45.0)
    assert by_id["traded:sells:RUS:oil:before_mt"].value == pytest.approx(45.0)
    lost = by_id["traded:sells:RUS:oil:before_mt"].value - by_id["traded:sells:RUS:oil:after_mt"].value
    assert by_id["traded:sells:RUS:oil:lost_mt"].value == pytest.approx(lost)
    low, high = results.interval("RUS", "leverage_musd")
    assert (by_id["leverage:RUS:leverage_musd"].low, by_id["leverage:RUS:leverage_musd"].high) == (low, high)


def test_unknown_is_a_dash_and_never_zero(brief):
    rows = {row[0]: row for row in table(brief, "own_cost").rows}
    unknown, known = rows["Türkiye"], rows["Russia"]
    assert (unknown[2].value, unknown[2].low, unknown[3].low) == (None, None, None)
    assert known[2].low is not None
    line = next(
        line for line in as_markdown(brief).splitlines() if line.startswith("| Türkiye") and "| – | – |" in line
    )
    assert "| – | – |" in line


def test_a_player_that_touches_nothing_is_left_out(brief, results):
    assert "USA" not in results.partners
    assert "United States" not in as_markdown(brief)


def test_checks_hold(briefs):
    for brief in briefs.values():
        rows = table(brief, "checks").rows
        assert len(rows) == 5
        assert len({row[-1] for row in rows}) == 1
    assert table(briefs["en"], "checks").rows[0][-1] == "holds"
    nobody = table(briefs["en"], "checks").rows[0][1]
    assert nobody.value == pytest.approx(0, abs=1e-6)


def test_moves_say_only_what_was_computed(brief, results):
    moves = results.moves.table
    text = as_markdown(brief).partition("## What to do next")[2].partition("## ")[0]
    better = moves.filter(
        (pl.col("option") != "*") & (pl.col("residual_after_musd") < pl.col("residual_before_musd") - 1e-3)
    )
    assert text.count("taken off") == min(3, better.height)
    assert "LATE" not in text


def test_html_is_well_formed_with_unique_ids_and_targets_that_exist(briefs):
    for brief in briefs.values():
        tree = parsed(page(brief))
        assert tree.wrong == []
        assert tree.open == []
        assert len(tree.ids) == len(set(tree.ids))
        assert {target[1:] for target in tree.targets if target.startswith("#")} <= set(tree.ids)


def test_html_asks_nothing_of_the_network_and_runs_no_script(brief):
    text = page(brief)
    tree = parsed(text)
    assert {tag for tag, _ in tree.tags} & {"script", "link", "img", "iframe", "object"} == set()
    assert not re.search(r"url\(|@import|src=", text)
    assert [name for _, attrs in tree.tags for name in attrs if name.startswith("on") or name == "src"] == []
    assert [target for target in tree.targets if not target.startswith("#")] == [
        "https://example.org/a?b=1&c=2"
    ] * 1
    policy = next(attrs for tag, attrs in tree.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy["content"]


def test_html_has_landmarks_headings_and_table_headers(brief):
    tree = parsed(page(brief))
    tags = [tag for tag, _ in tree.tags]
    assert (tags.count("main"), tags.count("h1"), tags.count("nav")) == (1, 1, 1)
    assert next(attrs["lang"] for tag, attrs in tree.tags if tag == "html") == "en"
    assert tags.count("caption") == tags.count("table")
    assert all(attrs.get("scope") in {"row", "col"} for tag, attrs in tree.tags if tag == "th")


def test_hostile_names_are_shown_and_never_obeyed(briefs):
    for brief in briefs.values():
        text = page(brief)
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert 'href="javascript' not in text
        markdown = as_markdown(brief)
        assert "<script" not in markdown.replace("\\<script", "")
        assert "](javascript" not in markdown.replace("\\]", "")


def test_markdown_tables_have_as_many_cells_as_columns(briefs):
    for brief in briefs.values():
        width = 0
        for line in as_markdown(brief).splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            width = width or cells
            assert cells == width, line


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ('https://x"onmouseover=', ""),
        ("https://x y", ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_become_links(url, address):
    assert safe_address(url) == address


@pytest.mark.slow
def test_same_results_give_the_same_bytes(briefs, results):
    for language in LANGUAGES:
        again = tell(results, language)
        assert as_markdown(again) == as_markdown(briefs[language])
        assert page(again) == page(briefs[language])


def test_json_holds_every_number_of_the_page(brief):
    text = json.dumps(as_record(brief))
    assert json.loads(text)["schema_version"] == 1
    for number in brief.numbers():
        assert json.dumps(number.id) in text


def test_the_map_says_who_drew_its_lines(briefs):
    for brief in briefs.values():
        text = as_markdown(brief)
        assert all(f"Drawer of {name}" in text.replace("\\", "") for name in ("countries", "pipelines"))


def test_languages_tell_the_same_numbers(briefs):
    ids = {language: sorted(number.id for number in brief.numbers()) for language, brief in briefs.items()}
    assert all(found == ids["en"] for found in ids.values())


def test_light_and_dark_name_the_same_colours():
    assert set(LIGHT) == set(DARK)


def test_a_table_with_a_ragged_row_is_refused():
    with pytest.raises(ValueError, match="not as many cells"):
        Table("t", "", ("a", "b"), (("x",),))


@pytest.mark.slow
def test_figures_are_drawn_alike_with_described_svg_that_names_no_address(brief):
    for figure in brief.figures():
        svg = drawn(figure)
        root = ElementTree.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert figure.caption in root.attrib["aria-label"]
        assert "<script" not in svg
        assert set(re.findall(r"var\(--([a-z0-9-]+)\)", svg)) <= set(LIGHT)
        alone = standalone(svg)
        assert "var(" not in alone
        ElementTree.fromstring(alone)
        addresses = set(re.findall(r"https?://[^\s\"']+", svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.slow
def test_a_brief_is_written_whole_and_the_same_twice(brief, tmp_path):
    written = write_brief(brief, tmp_path / "a" / "b")
    again = write_brief(brief, tmp_path / "c")
    names = [str(path.relative_to(tmp_path / "a" / "b")) for path in written]
    assert names == [
        "brief.html",
        "brief.json",
        "brief.md",
        "brief.pdf",
        *(f"figures/{key}.svg" for key in ("curves", "exposure", "functions", "heatmap", "map", "severity")),
    ]
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in again]
    tree = parsed(written[0].read_text("utf-8"))
    assert tree.wrong == []
    assert len(tree.ids) == len(set(tree.ids))


@pytest.mark.slow
def test_no_control_character_of_a_name_reaches_the_brief(brief, tmp_path):
    for path in write_brief(replace(brief, title="Oil \x1b[31m\u202e"), tmp_path):
        if path.suffix != ".pdf":
            text = path.read_text("utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_refused(brief, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="K0601"):
        write_brief(brief, tmp_path / "file" / "out")


def test_the_record_of_disruptions_is_told_as_it_is_stored(briefs):
    quality = stored_quality()
    for language, brief in briefs.items():
        section = next(one for one in brief.sections if one.key == "skill")
        said = "".join(str(part) for part in section.blocks[-1].parts)
        for value in (quality.seen.ratio, *(one.ratio for one in quality.unseen)):
            assert format_decimal(value, "0.00", locale=language) in said
        for count in (quality.seen.disruptions, sum(one.disruptions for one in quality.unseen)):
            assert str(count) in said


def test_the_portfolio_is_told_with_its_verdict(brief):
    (section,) = [section for section in brief.sections if section.key == "portfolio"]
    _, table, ties, verdict = section.blocks
    assert ties.key == "ties"
    assert [row[:3] for row in table.rows] == [
        ("Arms", "2024", "Russia"),
        ("Goods", "2024", "China"),
        ("Loans", "2024", "China"),
    ]
    assert [row[3].value for row in table.rows] == pytest.approx([90, 90, 90])
    assert "2019 to 2024: true." in "".join(part for part in verdict.parts if isinstance(part, str))


@pytest.mark.slow
def test_a_model_without_records_map_or_options_is_told_without_them(tmp_path):
    from kopir.model.folder.opening import open_model
    from kopir.strategy.value.setup import prepare
    from tests.folders import routes_model

    routes = [
        {"id": "A", "capacity": 60, "netback": 300, "jurisdictions": ["RUS"]},
        {"id": "B", "capacity": 30, "netback": 250, "jurisdictions": ["CHN"]},
    ]
    brief = build_brief(prepare(open_model(routes_model(tmp_path / "m", routes, supply=80))), seed=1)
    keys = [section.key for section in brief.sections]
    assert {"moves", "options", "dependence"} & set(keys) == set()
    assert not any(isinstance(block, Figure) and block.key == "map" for s in brief.sections for block in s.blocks)
    assert "No flows of the base year are recorded" in as_markdown(brief)
