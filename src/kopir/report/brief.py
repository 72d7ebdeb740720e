"""The brief: two pages of answer first, then an annex; written as HTML, PDF, Markdown and JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal

from kopir.core.codes import Language
from kopir.core.folders.folder import Folder
from kopir.core.folders.lock import WAIT
from kopir.core.folders.together import write_together
from kopir.core.outward import without_controls
from kopir.core.runs import folder_hashes
from kopir.model.contents.model import Model
from kopir.model.contents.names import name_of, said_in
from kopir.model.contents.quantities import Quantity
from kopir.model.network.capacity import Horizon
from kopir.report.content import (
    FORMS,
    Assumed,
    Block,
    Brief,
    Cell,
    Figure,
    Form,
    Items,
    Note,
    Number,
    Prose,
    Section,
    Table,
)
from kopir.report.forms.drawing import drawn, standalone
from kopir.report.forms.markdown import as_markdown
from kopir.report.forms.page import as_html
from kopir.report.forms.record import as_json
from kopir.report.forms.solver import packed_solver
from kopir.report.grounds import Grounds
from kopir.report.messages import Messages, messages
from kopir.report.numbers import MINUS
from kopir.report.results import Results, compute
from kopir.report.sections.answer import answer
from kopir.report.sections.exchange import options, reverse
from kopir.report.sections.money import bearers, losses, own_cost, shares
from kopir.report.sections.portfolio import portfolio
from kopir.report.sections.refusing import refusing
from kopir.report.sections.trust import assumptions, checks, skill, statements
from kopir.report.sections.volumes import curves, dependence, volumes
from kopir.report.telling import Telling, begun, quantity_name
from kopir.strategy.value.setup import Setup

_LABELS = ("notes.", "page.", "refusing.", "annex")


def build_brief(setup: Setup, *, language: Language = "en", seed: int = 0, horizon: Horizon = "short") -> Brief:
    """Return the brief of a model made ready.

    Raises :class:`kopir.core.errors.ModelError` where the model has no optimum.
    """
    return tell(compute(setup, seed=seed, horizon=horizon), language)


def tell(results: Results, language: Language) -> Brief:
    """Return the brief that tells ``results`` in ``language``."""
    telling = Telling(results, Grounds(results), messages(language, importing=_only_imports(results.setup.model)))
    say = telling.messages
    found = (
        *answer(telling),
        volumes(telling),
        curves(telling),
        losses(telling),
        bearers(telling),
        own_cost(telling),
        shares(telling),
        dependence(telling),
        reverse(telling),
        portfolio(telling),
        options(telling),
        skill(telling),
        assumptions(telling),
        checks(telling),
        *statements(telling),
    )
    sections = tuple(_begun(section, language) for section in found if section is not None)
    notes = _notes(telling, sections)
    return Brief(
        language=language,
        title=say.text("title", focal=telling.focal),
        subtitle=_subtitle(telling),
        legend=say.text("legend"),
        sections=sections,
        notes=notes,
        facts=telling.grounds.cited((code for note in notes for code in note.facts), telling.messages),
        assumptions=_assumed(telling, notes),
        labels={key: text for key, text in say.texts.items() if key.startswith(_LABELS)},
        cells={number.id: telling.grounds.cells(number.ground) for number in _numbers(sections)},
        refusing=refusing(telling),
    )


def write_brief(
    brief: Brief,
    out: Path,
    *,
    formats: Collection[Form] = FORMS,
    wait: float = WAIT,
    interactive: bool = True,
) -> tuple[Path, ...]:
    """Write brief.json and the ``formats`` named into the folder ``out``; return what was written.

    They are brief.html, brief.pdf and brief.md, the last with figures/*.svg, and appear together or not at all.
    In an ``interactive`` brief.html partners can be switched off, where the solver of pages is built.
    Raises :class:`InputError` when the folder cannot be written and
    :class:`kopir.core.errors.Locked` when another process holds it for longer than ``wait`` seconds.
    """
    drawings = {figure.key: drawn(figure) for figure in brief.figures()}
    texts = {"brief.json": as_json(brief)}
    if "html" in formats:
        texts["brief.html"] = as_html(brief, drawings, packed_solver() if interactive else None)
    if "md" in formats:
        texts |= {f"figures/{key}.svg": standalone(drawing) for key, drawing in drawings.items()}
        texts["brief.md"] = as_markdown(brief)
    files = {name: without_controls(text).encode() for name, text in texts.items()}
    if "pdf" in formats:
        from kopir.report.forms.typeset import as_pdf

        files["brief.pdf"] = as_pdf(brief, drawings)
    return tuple(write_together(out, dict(sorted(files.items())), wait=wait))


def _begun(section: Section, language: Language) -> Section:
    """Return a section in which sentences, items and rows begin with a capital, whatever name stands first."""

    def prose(one: Prose) -> Prose:
        return Prose(_first_begun(one.parts, language))

    def block(one: Block) -> Block:
        match one:
            case Prose():
                return prose(one)
            case Items():
                return replace(one, items=tuple(prose(item) for item in one.items))
            case Table():
                return replace(one, rows=tuple(_first_begun(row, language) for row in one.rows))
            case Figure():
                return one

    return replace(section, blocks=tuple(block(one) for one in section.blocks))


def _first_begun(cells: tuple[Cell, ...], language: Language) -> tuple[Cell, ...]:
    match cells:
        case (str(first), *rest):
            return (begun(first, language), *rest)
    return cells


def _subtitle(telling: Telling) -> str:
    """Return the day of the brief where it has one, the model with its edition, and the base year."""
    say, model = telling.messages, telling.results.setup.model
    day = "" if model.as_of is None else f"{format_date(model.as_of, 'long', locale=say.language)} · "
    name = _model_name(telling.results, say.language)
    return day + say.text("subtitle", model=name, edition=edition(model), year=str(telling.base_year))


def edition(model: Model) -> str:
    """Return eight letters that name what a model folder holds: others as soon as any table differs."""
    return edition_of(model.folder)


def edition_of(folder: Folder) -> str:
    """Return the same of a folder that is not opened as a model."""
    held = "".join(f"{name}:{digest}\n" for name, digest in sorted(folder_hashes(folder).items()))
    return hashlib.sha256(held.encode()).hexdigest()[:8]


def _only_imports(model: Model) -> bool:
    """Whether all that crosses the border in the model is bought abroad."""
    kinds = set(model.table("markets")["kind"].to_list()) - {"domestic"}
    return kinds == {"import"}


def _model_name(results: Results, language: Language) -> str:
    """Return the model's name in ``language`` where names.csv has it, else its title."""
    model = results.setup.model
    settings = model.settings.model
    name = name_of(model, settings.name, language)
    return name if name != settings.name else settings.title or name


def _numbers(sections: tuple[Section, ...]) -> list[Number]:
    page = Brief("en", "", "", "", sections, (), (), (), {}, {})
    return list(page.numbers())


def _notes(telling: Telling, sections: tuple[Section, ...]) -> tuple[Note, ...]:
    """Return a note for each ground, in the order in which the page first uses them."""
    say, grounds = telling.messages, telling.grounds
    used = list(dict.fromkeys(number.ground for number in _numbers(sections)))
    notes = []
    for ground in used:
        count, assumed = grounds.counts(ground)
        below = grounds.builds_on(ground)
        base = below if below in used else ""
        told = set(grounds.facts(base)) if base else set()
        listed = set(grounds.assumptions(base)) if base else set()
        notes.append(
            Note(
                ground=ground,
                text=say.text("notes.rests", count=str(count), assumed=str(assumed)),
                builds_on=base,
                facts=tuple(code for code in grounds.facts(ground) if code not in told),
                assumptions=tuple(str(one.ref) for one in grounds.assumptions(ground) if one not in listed),
            )
        )
    return tuple(notes)


def _assumed(telling: Telling, notes: tuple[Note, ...]) -> tuple[Assumed, ...]:
    model = telling.results.setup.model
    found = {one for note in notes for one in telling.grounds.assumptions(note.ground)}
    ordered = sorted(found, key=lambda one: one.ref)
    return tuple(
        Assumed(
            str(one.ref),
            _stated(model, one, telling.messages),
            said_in(model, one.basis, telling.messages.language),
        )
        for one in ordered
    )


def _stated(model: Model, quantity: Quantity, say: Messages) -> str:
    """Return an assumption in words: what it is, its value with its interval, and its unit if it has one."""
    value, low, high = (_plain(one, say.language) for one in (quantity.value, quantity.low, quantity.high))
    ends = f" ({low}…{high})" if quantity.is_uncertain else ""
    unit = "" if quantity.unit == "1" else f" {say.unit(quantity.unit)}"
    return f"{quantity_name(model, quantity, say)} = {value}{ends}{unit}"


def _plain(value: float, language: Language) -> str:
    """Return a number as it stands in the model, in the manner of a language."""
    text: str = format_decimal(value, format="#,##0.######", locale=language)
    return text.replace("-", MINUS)
