"""Every sentence of the brief on a seller, a buyer, a mixed state, a transit state and one that trades nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from kopir.core.codes import LANGUAGES, Language
from kopir.model.bundled import bundled_path
from kopir.model.folder.opening import open_model
from kopir.report.brief import tell
from kopir.report.content import Brief, Items, Number, Prose, Table
from kopir.report.messages import Messages, _flat
from kopir.report.numbers import MARK, printed
from kopir.report.results import Results, compute
from kopir.strategy.value.setup import prepare
from tests.report.test_front import lines, trading_model

pytestmark = pytest.mark.slow

KINDS: Mapping[str, Mapping[str, bool]] = {
    "seller": {"sells": True},
    "buyer": {"buys": True},
    "mixed": {"sells": True, "buys": True},
    "transit": {"crosses": True},
    "nothing": {},
}
BOUGHT = {
    "en": r"bought|not received|go missing|goes missing",
    "ru": r"купл|покупа|недополуч|не получен",
    "kk": r"сатып ал|кейін алынба|алынбаған көлем",
    "tr": r"satın al|gelmeyen",
}
SOLD = {
    "en": r"sold abroad|not produced|sells abroad",
    "ru": r"прода|недобы|не добыт",
    "kk": r"сатылады|сатты|өндірілме",
    "tr": r"satılır|sattı|üretilme",
}
UNTRUE = {"seller": (BOUGHT,), "buyer": (SOLD,), "mixed": (), "transit": (BOUGHT,), "nothing": (BOUGHT,)}
"""What no sentence about a state of the kind may say, by language; both are said of a mixed state."""

ABOUT_ANY = frozenset({"method", "limits", "fairness", "notes", "own_cost", "reverse"})
"""Sections that tell how kopir reckons, or what others do, not what this state does."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Results]:
    root = tmp_path_factory.mktemp("kinds")
    made = {kind: prepare(open_model(trading_model(root / kind, **given))) for kind, given in KINDS.items()}
    return {kind: compute(setup, seed=1, draws=4) for kind, setup in made.items()}


@pytest.fixture(scope="module")
def bundled() -> dict[str, Results]:
    paths = {name: bundled_path(name) for name in ("kazakhstan", "azerbaijan", "uzbekistan")}
    day = date(2026, 11, 27)
    return {
        name: compute(prepare(open_model(path, as_of=day)), seed=1, draws=3)
        for name, path in paths.items()
        if path
    }


def told(brief: Brief) -> Iterator[str]:
    for section in brief.sections:
        if section.key not in ABOUT_ANY:
            yield from (line.replace(MARK, "") for line in lines(section, brief))
            heads = (head for block in section.blocks if isinstance(block, Table) for head in block.columns)
            yield from heads


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_speaks_of_what_the_state_does_not_do(
    results: dict[str, Results], kind: str, language: Language
) -> None:
    sentences = list(told(tell(results[kind], language)))
    assert sentences
    for sentence in sentences:
        assert not re.search(r"\{|\}|None|\bnan\b|  ", sentence), sentence
        for words in UNTRUE[kind]:
            assert not re.search(words[language], sentence, re.IGNORECASE), f"{kind} {language}: {sentence}"


def test_every_message_is_said_by_one_of_them(
    results: dict[str, Results], bundled: dict[str, Results], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each language: a message that no state is told would be one that nobody has read in a page."""
    said: set[tuple[Language, str]] = set()
    for name in ("text", "prose"):
        own = getattr(Messages, name)

        def noted(self: Messages, key: str, own=own, **words: object) -> object:
            said.add((self.language, self.texts[key]))
            return own(self, key, **words)

        monkeypatch.setattr(Messages, name, noted)
    for found in (*results.values(), *bundled.values()):
        for language in LANGUAGES:
            tell(found, language)
    for language in LANGUAGES:
        text = files("kopir.report").joinpath(f"texts/{language}.toml").read_text(encoding="utf-8")
        unsaid = {key for key, message in _flat(tomllib.loads(text), "") if (language, message) not in said}
        unsaid = {key for key in unsaid if not key.startswith((*OTHERWISE_READ, *RARE))}
        assert unsaid == set(), language


OTHERWISE_READ = (
    "annex",
    "page.",
    "notes.",
    "code.",
    "unit.",
    "fact.",
    "goods.",
    "rate.",
    "kind.",
    "function.",
    "cell.",
    "horizon.",
    "refusing.",
    "importing.refusing.",
    "importing.shapley.",
)
"""Messages that forms and tables of units read directly, or that stand for one good, cell or horizon each."""

RARE = (
    "changed.",  # one for each way in which a clause can come or go: test_front has them
    "finding.buys_safe",
    "finding.crosses_safe",
    "finding.sells_safe",
    "finding.unsure",
    "importing.dependence.remainder",
    "losses.refused.",
    "moves.always",
    "moves.never",
    "portfolio.verdict.",
    "reverse.account.",
    "volumes.more",
)
"""Beginnings of messages that only some numbers bring out."""


@pytest.mark.parametrize("kind", [*KINDS, "kazakhstan", "azerbaijan", "uzbekistan"])
def test_printed_parts_sum_to_printed_wholes(
    results: dict[str, Results], bundled: dict[str, Results], kind: str
) -> None:
    brief = tell({**results, **bundled}[kind], "en")
    numbers = {number.id: number for number in brief.numbers()}
    parts = {name: f"{name}_musd" for name in ("budget", "firms", "consumers", "foreign", "others", "partners")}
    partners = {name.split(":")[1] for name in numbers if name.startswith("leverage:")}
    for partner in partners:
        row = {
            name: numbers.get(f"leverage:{partner}:{name}_musd")
            for name in (*parts, "carriers", "income", "whole")
        }
        if row["whole"] is not None:
            assert_sum(row["whole"], [one for name, one in row.items() if name not in {"income", "whole"}])
            assert_sum(row["income"], [row[name] for name in ("budget", "firms", "consumers")])
        for hit, whole in (
            (name, one) for name, one in numbers.items() if f"leverage:{partner}:sensitivity" in name
        ):
            if hit.endswith("_mt"):
                names = [hit.replace("sensitivity", part) for part in ("stranded", "rerouted")]
                assert_sum(whole, [numbers[name] for name in names])
    for name, whole in numbers.items():
        if name.startswith("traded:") and name.endswith(":before_mt"):
            assert_sum(whole, [numbers[name.replace("before_mt", part)] for part in ("after_mt", "lost_mt") if
                               name.replace("before_mt", part) in numbers])  # fmt: skip
    weights = [
        number for name, number in numbers.items() if name.startswith("coalitions:") and name.endswith(":weight")
    ]
    if weights:
        assert sum(number.value or 0.0 for number in weights) == pytest.approx(100, abs=1e-6)


def assert_sum(whole: Number | None, parts: list[Number | None]) -> None:
    """Check a sum as computed and, to half of the last printed digit of each, as printed."""
    assert whole is not None
    assert whole.value is not None
    known = [part for part in parts if part is not None and part.value is not None]
    if len(known) < 2:
        return
    assert sum(part.value or 0.0 for part in known) == pytest.approx(whole.value, abs=1e-6)
    shown, steps = zip(*(as_printed(number) for number in (whole, *known)), strict=True)
    assert abs(shown[0] - sum(shown[1:])) <= sum(steps) / 2 + 1e-9, (whole.id, shown)


def as_printed(number: Number) -> tuple[float, float]:
    """Return what stands on the page for a number, and the step of its last digit.

    Of a number whose interval spans nought only the ends stand there, the finer of which sets the step.
    """
    if "…" in printed(number, "en").split("(")[0]:
        return number.value or 0.0, (number.high or 0.0) - (number.low or 0.0)
    text = printed(number, "en").split("(")[0].replace(MARK, "").replace(",", "").replace("−", "-").strip()
    value = float(text)
    digits = text.lstrip("-")
    if "." in digits:
        return value, 10.0 ** -len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0"))
    return value, 10.0 ** (zeros if value else 0)


def test_items_are_sentences(results: dict[str, Results]) -> None:
    for found in results.values():
        for language in LANGUAGES:
            for section in tell(found, language).sections:
                items = [item for block in section.blocks if isinstance(block, Items) for item in block.items]
                for item in items:
                    assert isinstance(item, Prose)
                    last = item.parts[-1]
                    assert isinstance(last, str), section.key
                    assert last.rstrip().endswith((".", "!", "?")), (section.key, last)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, "kazakhstan", "azerbaijan", "uzbekistan"])
def test_what_an_editor_strikes_out(
    results: dict[str, Results], bundled: dict[str, Results], kind: str, language: Language
) -> None:
    """No sentence, item or row begins small, no code of a unit or a column stands in it, no hyphen for a minus."""
    brief = tell({**results, **bundled}[kind], language)
    begun = [block for section in brief.sections for block in section.blocks if isinstance(block, Prose)]
    begun += [
        item
        for section in brief.sections
        for block in section.blocks
        if isinstance(block, Items)
        for item in block.items
    ]
    first = [str(one.parts[0]) for one in begun if one.parts and isinstance(one.parts[0], str)]
    tables = [block for section in brief.sections for block in section.blocks if isinstance(block, Table)]
    first += [row[0] for table in tables for row in table.rows if isinstance(row[0], str)]
    first += [text for table in tables for text in (table.caption, *table.columns)]
    assert [text for text in first if text[:1].islower()] == []
    shown = [*told(brief), *(one.text for one in brief.assumptions)]
    shown += [cell for table in tables for row in table.rows for cell in row[:-1] if isinstance(cell, str)]
    codes = r"\b(?:USD/t|USD/bbl|Mt/yr|million USD/yr|bcm/yr|kt/yr)\b|\b[a-z]+_[a-z_]+\b|(?:^|[\s(…])-\d"
    assert [text for text in shown if re.search(codes, text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_may_be_a_gain_or_a_loss_is_printed_by_its_ends(language: Language) -> None:
    spanning = Number("x", -22.7, "million USD/yr", "g", low=-148.9, high=136.7)
    assert printed(spanning, language) in {"−150…140", "−149…137"}
    assert "(" in printed(replace(spanning, low=-148.9, high=-3.0), language)
    assert "(" in printed(replace(spanning, value=900.0, low=-1.0, high=1800.0), language)
