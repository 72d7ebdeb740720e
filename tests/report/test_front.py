"""The two pages: a sentence for what is sold, bought and sent across, few words, no codes, and a PDF of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kopir.core.codes import LANGUAGES
from kopir.model.bundled import bundled_path
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.report.brief import tell
from kopir.report.content import FRONT, Brief, Figure, Items, Number, Prose, Section, Table
from kopir.report.forms.drawing import drawn
from kopir.report.numbers import MARK, printed
from kopir.report.results import Results, compute
from kopir.report.sections.answer import _clause_key
from kopir.report.telling import _spoken
from kopir.strategy.value.setup import prepare
from tests.folders import states, veto, write_model

MOST_WORDS = 600
SHARED = Path(__file__).parents[2].parent / "shared"
B = {"basis": "miniature"}


def told(folder: Path, language: str = "en") -> Brief:
    return tell(compute(prepare(open_model(folder)), seed=1, draws=2), language)  # type: ignore[arg-type]


def words_of(brief: Brief) -> list[str]:
    """Return the words of the two pages: title, subtitle, legend, headings, sentences and captions."""
    front = [section for section in brief.sections if section.key in FRONT]
    texts = [brief.title, brief.subtitle, brief.legend, *(text for one in front for text in lines(one, brief))]
    return [word for text in texts for word in text.split() if re.search(r"\w", word)]


def lines(section: Section, brief: Brief) -> Iterator[str]:
    yield section.title
    for block in section.blocks:
        match block:
            case Prose():
                yield sentence(block, brief)
            case Items():
                yield from (sentence(item, brief) for item in block.items)
            case Figure() | Table():
                yield block.caption


def sentence(prose: Prose, brief: Brief) -> str:
    return "".join(printed(one, brief.language) if isinstance(one, Number) else one for one in prose.parts)


def section(brief: Brief, key: str) -> list[str]:
    """Return the lines of a section, without marks of assumption."""
    found = next(one for one in brief.sections if one.key == key)
    return [line.replace(MARK, "") for line in lines(found, brief)]


def trading_model(path: Path, *, sells: bool = False, buys: bool = False, crosses: bool = False) -> Path:
    """Write a model of coal sold by rail, fuel bought by road and peat that others send across by rail.

    Each is 10 Mt, of which RUS can close 6; all costs and prices are alike.
    """
    goods = {"coal": sells, "fuel": buys, "peat": crosses}
    chosen = [name for name, held in goods.items() if held]
    ways = [(name, way) for name in chosen for way in ("a", "b")]
    owner = {"coal": "KAZ", "fuel": "KAZ", "peat": "CHN"}
    kind = {"coal": "export", "fuel": "import", "peat": "export"}
    tables = {
        "jurisdictions": states("RUS", "CHN"),
        "functions": [{"function": f"{name}_trade", "kind": "network"} for name in chosen or ["nothing"]],
        "commodities": [{"commodity": name, "unit": "Mt"} for name in chosen or ["coal"]],
        "nodes": [{"node": "START_HERE", "kind": "field", "territory": "KAZ"}]
        + [{"node": f"END_{name}_{way}".upper(), "kind": "market", "territory": "KAZ"} for name, way in ways],
        "supplies": [
            {"supply": f"S_{name}".upper(), "node": "START_HERE", "commodity": name, "owner": owner[name]}
            | {"amount": 10, "cost": 10, **B}
            for name in chosen
        ],
        "links": [
            {"link": f"L_{name}_{way}".upper(), "from_node": "START_HERE", "to_node": f"END_{name}_{way}".upper()}
            | {"mode": "rail"}
            for name, way in ways
        ],
        "carries": [
            {
                "link": f"L_{name}_{way}".upper(),
                "commodity": name,
                "cost": 1,
                "nameplate": 6 if way == "a" else 4,
                **B,
            }
            for name, way in ways
        ],
        "markets": [
            {"market": f"M_{name}_{way}".upper(), "node": f"END_{name}_{way}".upper(), "commodity": name}
            | {"owner": owner[name], "kind": kind[name], "price": 0 if kind[name] == "import" else 100}
            | {"depth": 6 if way == "a" else 4, "unmet_penalty": 100 if kind[name] == "import" else "", **B}
            for name, way in ways
        ],
        "denial": [veto("link", f"L_{name}_a".upper(), "RUS", f"{name}_trade") for name in chosen],
    }
    return write_model(path, {name: rows for name, rows in tables.items() if rows}, players=("RUS", "CHN"))


def test_a_seller_is_told_what_still_gets_out(tmp_path: Path) -> None:
    brief = told(trading_model(tmp_path / "m", sells=True))
    assert section(brief, "question")[1].startswith("Who could squeeze the coal that Kazakhstan sells abroad")
    first = section(brief, "finding")[1]
    assert first.startswith(
        "Kazakhstan sold 10.0 Mt of coal abroad in 2025. If Russia refused everything, 4.0 Mt a year"
    )
    assert "6.0 Mt would not" in first


def test_a_buyer_is_told_what_still_arrives(tmp_path: Path) -> None:
    brief = told(trading_model(tmp_path / "m", buys=True))
    assert "the fuel that Kazakhstan buys abroad" in section(brief, "question")[1]
    first = section(brief, "finding")[1]
    assert first.startswith("Kazakhstan bought 10.0 Mt of fuel abroad")
    assert first.endswith("4.0 Mt a year would still arrive and 6.0 Mt would be missing.")


def test_a_state_that_sells_and_buys_gets_a_sentence_for_each(tmp_path: Path) -> None:
    brief = told(trading_model(tmp_path / "m", sells=True, buys=True, crosses=True))
    assert "the coal that Kazakhstan sells abroad and the fuel that it buys" in section(brief, "question")[1]
    finding = section(brief, "finding")
    assert ["sold" in finding[1], "bought" in finding[2], " peat " in " ".join(finding)] == [True, True, False]


def test_a_transit_state_is_told_what_still_passes(tmp_path: Path) -> None:
    brief = told(trading_model(tmp_path / "m", crosses=True))
    assert "that others send across Kazakhstan" in section(brief, "question")[1]
    assert section(brief, "finding")[1].startswith("Others sent 10.0 Mt of peat across Kazakhstan in 2025.")


def test_a_model_without_facts_says_so_and_one_with_facts_does_not(
    tmp_path: Path, briefs: dict[str, Brief]
) -> None:
    brief = told(trading_model(tmp_path / "m", sells=True))
    assert "No figure here comes from a source" in section(brief, "confidence")[1]
    assert "No figure here" not in " ".join(section(briefs["en"], "confidence"))


def test_a_refusal_that_holds_nothing_back_is_told_as_that(tmp_path: Path) -> None:
    folder = trading_model(tmp_path / "m", sells=True)
    (folder / "denial.csv").write_text(
        (folder / "denial.csv").read_text("utf-8").replace("L_COAL_A,RUS,1,1", "L_COAL_A,RUS,0,0"), "utf-8"
    )
    assert "no single refusal would hold any of it back" in section(told(folder), "finding")[1]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_of_the_model_stands_on_the_two_pages(tmp_path: Path, language: str) -> None:
    folder = trading_model(tmp_path / "m", sells=True, buys=True)
    brief = told(folder, language)
    assert codes_in(words_of(brief) + written_in_pictures(brief), open_model(folder)) == set()


def written_in_pictures(brief: Brief) -> list[str]:
    """Return the texts that stand in the pictures of the two pages."""
    figures = [
        block for one in brief.sections if one.key in FRONT for block in one.blocks if isinstance(block, Figure)
    ]
    return [text for figure in figures for text in re.findall(r">([^<>]+)</text>", drawn(figure))]


def codes_in(words: list[str], model: Model) -> set[str]:
    """Return ids with underscores and names of columns that stand among ``words``."""
    texts = {
        str(value)
        for table in model.folder.tables.values()
        for row in table.cells.iter_rows()
        for value in row
        if isinstance(value, str)
    }
    columns = {column for table in model.folder.tables.values() for column in table.cells.columns}
    known = {one for one in texts | columns if re.fullmatch(r"\w+_\w+", one)}
    return {part for word in words for part in re.findall(r"\w+", word)} & known


def test_codes_without_names_are_spoken_as_words() -> None:
    assert [_spoken(code, code) for code in ("TAVAN_TOLGOI", "BTC", "CPC_TERM", "RED_HILL", "coal_export")] == [
        "Tavan Tolgoi",
        "BTC",
        "CPC Term",
        "Red Hill",
        "coal export",
    ]


@pytest.mark.slow
def test_the_pdf_has_two_pages_and_then_the_annex(briefs: dict[str, Brief]) -> None:
    for brief in briefs.values():
        pages = pages_of(brief)
        assert brief.labels["annex"] in pages[2].split("\n")[0]
        assert not any(page.startswith(brief.labels["annex"]) for page in pages[:2])
        assert "https://example.org/a?b=1&c=2" in pages[-1].replace("\n", "").replace("\r", "")
        assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1)] == [True] * len(
            pages
        )


def pages_of(brief: Brief) -> list[str]:
    from pypdfium2 import PdfDocument

    from kopir.report.forms.typeset import as_pdf

    drawings = {figure.key: drawn(figure) for figure in brief.figures()}
    made = as_pdf(brief, drawings)
    assert made == as_pdf(brief, drawings)
    return [page.get_textpage().get_text_range() for page in PdfDocument(made)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kazakhstan", "azerbaijan", "uzbekistan"])
def test_two_pages_of_few_words_for_each_bundled_model(name: str) -> None:
    folder = bundled_path(name)
    assert folder is not None
    check_front(compute(prepare(open_model(folder)), seed=1, draws=2))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the reference data in ../shared, which this copy lacks")
def test_mongolia_sells_coal_and_copper_and_buys_fuel() -> None:
    found = compute(prepare(open_model(SHARED / "cases" / "newcomer" / "mixed_goods")), seed=1, draws=2)
    check_front(found)
    finding = section(tell(found, "en"), "finding")
    assert finding[1].startswith("Mongolia sold 83.0")
    assert "If China refused everything, 6.4" in finding[1]
    assert "copper" in finding[2]
    assert "bought 2.3" in finding[3]
    assert "If Russia refused everything, 0.74" in finding[3]


def check_front(found: Results) -> None:
    for language in LANGUAGES:
        brief = tell(found, language)
        words = words_of(brief)
        assert len(words) <= MOST_WORDS, language
        assert codes_in(words + written_in_pictures(brief), found.setup.model) == set(), language
        assert (
            sum(isinstance(block, Figure) for one in brief.sections if one.key in FRONT for block in one.blocks)
            <= 3
        )
        assert pages_of(brief)[2].startswith(brief.labels["annex"]), language


@pytest.mark.parametrize(
    ("in_force", "low", "gone", "key"),
    [
        (True, 1.0, False, "changed.shut"),
        (True, 0.3, False, "changed.limited"),
        (True, 1.0, True, "changed.opened"),
        (False, 1.0, False, "changed.closes"),
        (False, 1.0, True, "changed.ended"),
    ],
)
def test_what_is_closed_is_not_told_as_what_could_be(in_force: bool, low: float, gone: bool, key: str) -> None:
    assert _clause_key({"in_force": in_force, "effectiveness_low": low}, gone=gone) == key
