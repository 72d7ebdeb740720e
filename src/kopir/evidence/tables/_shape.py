"""Which rows and columns of a table are heads, and which heads a cell stands under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from kopir.evidence.layout._blocks import MAX_CELLS, Cell, Grid
from kopir.evidence.tables._figures import is_figure, is_missing, is_year

_ORDER = regex.compile(r"(?:№|n°|no|nr|#|п\s?/?\s?п|№\s*п\s?/\s?п|s/?n|sıra(?:\s*no)?|р\s?/\s?с)\.?", regex.I)


@dataclass(frozen=True, slots=True)
class Datum:
    """A cell that holds a figure, with its heads from the outermost to the nearest.

    ``rows`` are pairs of a row head and the head of its column; ``sections`` are lines of their own above the row.
    """

    cell: Cell
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, Cell | None], ...]
    sections: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table told apart: figures with their heads, and lines over its whole width."""

    data: tuple[Datum, ...]
    titles: tuple[Cell, ...] = ()
    notes: tuple[Cell, ...] = ()
    why: str | None = None


class Shaper:
    """Tells the heads of one table from its figures."""

    def __init__(self, grid: Grid) -> None:
        self.at: dict[tuple[int, int], Cell] = {}
        self.too_large = False
        self.sections: dict[int, Cell] = {}
        for cell in grid.cells:
            self._cover(cell)
        self.height = max((r for r, _ in self.at), default=-1) + 1
        self.width = max((c for _, c in self.at), default=-1) + 1
        self.last = max((cell.row for cell in grid.cells), default=0)

    def _cover(self, cell: Cell) -> None:
        if cell.rows * cell.cols + len(self.at) > 4 * MAX_CELLS:
            self.too_large = True
            return
        for r in range(cell.row, cell.row + cell.rows):
            for c in range(cell.col, cell.col + cell.cols):
                self.at.setdefault((r, c), cell)

    def shape(self) -> Shape:
        """Return the figures with their heads."""
        if self.too_large:
            return Shape((), why="its spans cover too many cells")
        self.height = min(self.height, self.last + 1)
        first = self._first_data_row()
        if first is None:
            return Shape((), why="it holds no figure")
        stubs, skipped = self._stubs(first)
        body = [c for c in range(self.width) if c not in stubs and c not in skipped]
        if not body:
            return Shape((), why="no column of it holds figures")
        titles = self._titles(first)
        self.sections = self._sections(first)
        return Shape(tuple(self._data(first, stubs, body, titles)), titles)

    # ── heads ────────────────────────────────────────────────────────────────────────────────────────

    def _line(self, row: int) -> list[Cell]:
        """Return the filled cells of a row, one that covers several columns once."""
        out: dict[int, Cell] = {}
        for c in range(self.width):
            cell = self.at.get((row, c))
            if cell is not None and cell.text.strip():
                out.setdefault(id(cell), cell)
        return list(out.values())

    def _first_data_row(self) -> int | None:
        """Find the first row that holds a figure which is no year, no number of a column and no marked head."""
        for row in range(self.height):
            line = self._line(row)
            figures = [cell for cell in line if is_figure(cell) and not is_year(cell.text)]
            if not figures or (all(cell.head for cell in line) and len(line) > 1) or _numbers_columns(line):
                continue
            return row
        return None

    def _stubs(self, first: int) -> tuple[list[int], list[int]]:
        """Return the columns of row heads, and those that only number the rows."""
        stubs: list[int] = []
        skipped: list[int] = []
        for col in range(self.width):
            cells = [self.at[r, col] for r in range(first, self.height) if (r, col) in self.at]
            cells = [cell for cell in cells if not is_missing(cell.text)]
            heads = self._column_heads(col, first, ())
            named = any(_ORDER.fullmatch(cell.text.strip()) for cell in heads)
            numbering = col == len(skipped) and (named or _counts_up(cells, blank=not heads))
            years = all(is_year(cell.text) for cell in cells) and col == len(stubs) + len(skipped)
            if not cells or numbering:
                skipped.append(col)
            elif sum(not is_figure(cell) for cell in cells) >= 0.5 * len(cells) or (years and self.width > 1):
                stubs.append(col)
        return stubs, skipped

    def _titles(self, first: int) -> tuple[Cell, ...]:
        """Return the lines of one cell over the whole width above the heads."""
        out = []
        for row in range(first):
            line = self._line(row)
            if len(line) != 1 or (line[0].cols < self.width and line[0].col > 0) or self.width == 1:
                break
            if line[0].cols < self.width and row + 1 < first and len(self._line(row + 1)) < self.width - 1:
                break
            out.append(line[0])
        return tuple(out)

    def _sections(self, first: int) -> dict[int, Cell]:
        """Return the lines of one cell between the heads of the columns and the first row of figures."""
        out: dict[int, Cell] = {}
        for row in range(first - 1, 0, -1):
            line = self._line(row)
            if len(line) != 1 or (line[0].col > 0 and line[0].cols < self.width) or len(self._line(row - 1)) < 2:
                break
            out[row] = line[0]
        return out

    def _column_heads(self, col: int, first: int, titles: Sequence[Cell]) -> list[Cell]:
        out: dict[int, Cell] = {}
        for row in range(first):
            cell = self.at.get((row, col))
            if cell is None or cell in titles or row in self.sections or _numbers_columns(self._line(row)):
                continue
            if cell.text.strip():
                out.setdefault(id(cell), cell)
        return list(out.values())

    def _spread(
        self, heads: dict[int, list[Cell]], first: int, body: Sequence[int], titles: Sequence[Cell]
    ) -> None:
        """Let the head of a group hold for the columns beside it whose cell was left blank."""
        lowest = max((row for row in range(first) if row not in self.sections), default=0)
        for row in range(lowest):
            held: Cell | None = None
            for col in body:
                cell = self.at.get((row, col))
                if cell in titles:
                    continue
                if cell is not None and cell.text.strip():
                    held = cell
                elif held is not None and (below := self.at.get((lowest, col))) is not None and below.text.strip():
                    heads[col].insert(min(row, len(heads[col])), held)

    # ── figures ──────────────────────────────────────────────────────────────────────────────────────

    def _data(self, first: int, stubs: Sequence[int], body: Sequence[int], titles: Sequence[Cell]) -> list[Datum]:
        heads = {col: self._column_heads(col, first, titles) for col in range(self.width)}
        self._spread(heads, first, body, titles)
        out: list[Datum] = []
        section = tuple(cell for _, cell in sorted(self.sections.items()))
        above: dict[int, Cell] = {}
        for row in range(first, self.height):
            line = self._line(row)
            if _no_figures(line, stubs):
                texts = [cell for cell in line if not is_missing(cell.text)]
                if len(texts) == 1 and len(line) > 1:
                    continue
                if len(texts) == 1:
                    section = (texts[0],)
                elif len(texts) > 1 and not self._repeats(texts, heads):
                    heads = self._new_heads(row, heads)
                continue
            rows = self._row_heads(row, stubs, heads, above)
            for col in body:
                cell = self.at.get((row, col))
                if cell is not None and cell.row == row and cell.col == col and is_figure(cell):
                    out.append(Datum(cell, tuple(heads[col]), rows, section))
        return out

    def _repeats(self, texts: Sequence[Cell], heads: Mapping[int, Sequence[Cell]]) -> bool:
        """Tell whether a row only repeats the heads, as after a page break."""
        known = {head.text for line in heads.values() for head in line}
        return all(cell.text in known for cell in texts)

    def _new_heads(self, row: int, heads: Mapping[int, list[Cell]]) -> dict[int, list[Cell]]:
        out: dict[int, list[Cell]] = {}
        for col in heads:
            cell = self.at.get((row, col))
            out[col] = [cell] if cell is not None and cell.text.strip() else []
        return out

    def _row_heads(
        self, row: int, stubs: Sequence[int], heads: Mapping[int, Sequence[Cell]], above: dict[int, Cell]
    ) -> tuple[tuple[Cell, Cell | None], ...]:
        """Return the heads of a row; the head of a group holds for the rows below it that leave it blank."""
        out = []
        for n, col in enumerate(stubs):
            cell = self.at.get((row, col))
            if cell is not None and cell.text.strip():
                above[col] = cell
                for later in stubs[n + 1 :]:
                    above.pop(later, None)
            elif n + 1 < len(stubs) and col in above:
                cell = above[col]
            else:
                continue
            out.append((cell, heads[col][-1] if heads[col] else None))
        return tuple(out)


def _numbers_columns(line: Sequence[Cell]) -> bool:
    """Tell whether a row only numbers the columns (A, 1, 2, 3)."""
    figures = [cell.text.strip() for cell in line if cell.text.strip().isdecimal()]
    if len(figures) < 2 or len(line) - len(figures) > 2:
        return False
    start = int(figures[0]) if len(figures[0]) < 3 else -1
    others = [cell.text.strip() for cell in line if not cell.text.strip().isdecimal()]
    return (
        start in (0, 1, 2, 3)
        and figures == [str(start + n) for n in range(len(figures))]
        and all(len(text) == 1 for text in others)
        and len(figures) == len(line) - len(others)
        and (start <= 1 or bool(others) or len(line) == len(figures))
    )


def _counts_up(cells: Sequence[Cell], *, blank: bool) -> bool:
    """Tell whether a column without a name only numbers its rows."""
    numbers = [cell.text.strip().rstrip(".") for cell in cells]
    return blank and len(numbers) > 2 and numbers == [str(n + 1) for n in range(len(numbers))]


def _no_figures(line: Sequence[Cell], stubs: Sequence[int]) -> bool:
    """Tell whether a row holds no figure but years: of a row head, or of heads of columns set once more."""
    figures = [cell for cell in line if is_figure(cell) and not (is_year(cell.text) and cell.col in stubs)]
    return not figures or (len(figures) > 1 and all(is_year(cell.text) for cell in figures))
