"""What a brief holds, apart from how it is written: sections of prose, tables, figures and lists with numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kopir.core.codes import Language

if TYPE_CHECKING:
    from kopir.model.grounds.cited import Cells

Unit = str
"""A unit of the unit table, or ``%``."""
Rest = Literal["recorded", "partly_assumed", "mostly_assumed"]
"""What a number rests on: no assumption; some; at least half on assumptions."""


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number.

    ``id`` is what ``kopir why`` resolves; ``ground`` the note that says what it rests on. ``value`` is ``None``
    where the number is not known, which is printed as a dash and never as zero. ``low`` and ``high`` are the
    ends of its interval, ``None`` where none was computed.
    """

    id: str
    value: float | None
    unit: Unit
    ground: str
    low: float | None = None
    high: float | None = None
    rest: Rest = "recorded"


Cell = str | Number
Form = Literal["html", "pdf", "md"]
FORMS: tuple[Form, ...] = ("html", "pdf", "md")
"""Forms that a brief is written in; its record in JSON comes with each."""
FRONT = ("question", "finding", "confidence", "moves", "changed", "change", "pictures")
"""Keys of the sections on the two pages that answer; the others are the annex."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence or paragraph: words and the numbers among them."""

    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: tuple[Prose, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows.

    ``caption`` states definition, unit, horizon and base period. A ``folded`` table opens on demand where the
    page can fold.
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.key}: a row has not as many cells as there are columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as a Vega-Lite specification, described in words, with the table that says the same.

    ``twin`` is the key of the table with the same numbers.
    """

    key: str
    caption: str
    description: str
    spec: Mapping[str, object]
    twin: str


Block = Prose | Items | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the brief; ``key`` is the same in every language."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source of facts: what it is called, when it appeared and where it stands."""

    code: str
    title: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class CitedFact:
    """A fact that numbers of the brief rest on, in words, with its sources."""

    code: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: what the numbers of a ``ground`` rest on.

    ``facts`` and ``assumptions`` are codes of the brief's; where the ground takes in another one, ``builds_on``
    names it and only what comes on top is listed.
    """

    ground: str
    text: str
    builds_on: str
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption that numbers of the brief rest on: the cell of the model, in words, and its basis."""

    cell: str
    text: str
    basis: str


@dataclass(frozen=True)
class Refusing:
    """What lets a page solve refusals itself.

    ``parties`` are codes and names of partners, ``horizon`` is in words, ``model`` plain numbers and words as
    ``web/brief`` reads them: the programme of :func:`kopir.strategy.refusal.portable.portable` and names.
    """

    parties: tuple[tuple[str, str], ...]
    horizon: str
    model: Mapping[str, object]


@dataclass(frozen=True)
class Brief:
    """A brief in one language.

    ``cells`` are those of the model behind each number, by its id. ``refusing`` is there where partners can close
    anything.
    """

    language: Language
    title: str
    subtitle: str
    legend: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    facts: tuple[CitedFact, ...]
    assumptions: tuple[Assumed, ...]
    labels: Mapping[str, str]
    cells: Mapping[str, Cells] = field(repr=False)
    refusing: Refusing | None = field(default=None, repr=False)

    def numbers(self) -> Iterator[Number]:
        """Yield every number, in the order of the page."""
        for section in self.sections:
            for block in section.blocks:
                yield from _numbers(block)

    def figures(self) -> Iterator[Figure]:
        """Yield every figure, in the order of the page."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Figure))

    def note_number(self, ground: str) -> int:
        """Return the number of the footnote of a ``ground``, counted from 1."""
        return 1 + [note.ground for note in self.notes].index(ground)


def _numbers(block: Block) -> Iterator[Number]:
    match block:
        case Prose():
            cells: tuple[Cell, ...] = block.parts
        case Items():
            cells = tuple(part for item in block.items for part in item.parts)
        case Table():
            cells = tuple(cell for row in block.rows for cell in row)
        case Figure():
            cells = ()
    yield from (cell for cell in cells if isinstance(cell, Number))
