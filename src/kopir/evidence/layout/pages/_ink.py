"""Words and lines of a PDF page, from where its characters stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kopir.evidence.layout._raised import raised

PdfPage = Any
"""A page of pypdfium2, which has no types."""
MAX_CHARACTERS = 400_000
RAISED = {ord(a): b for a, b in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
HYPHENS = frozenset({0x2, 0xFFFE, 0xAD})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on one line; ``y0`` is its foot, ``size`` the height of its letters, in points."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    size: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.y0 + self.y1) / 2


def words_of(page: PdfPage) -> list[Piece]:
    """Return the words of a page in the order they were set; text that does not run level is left out."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    box = pdfium.FS_RECTF()
    out: list[Piece] = []
    held: list[tuple[str, float, float, float, float]] = []
    for i in range(min(text.count_chars(), MAX_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if code in (9, 10, 13, 32):
            _close(held, out)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, i, box):
            continue
        if box.right <= box.left:
            continue
        letter = "-" if code in HYPHENS else "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
        here = (letter, box.left, box.right, box.bottom, box.top)
        if held and _apart(held[-1], here):
            _close(held, out)
        if not held and 0.1 < pdfium.FPDFText_GetCharAngle(text, i) < 6.18:
            continue
        held.append(here)
    _close(held, out)
    return out


def _apart(a: tuple[str, float, float, float, float], b: tuple[str, float, float, float, float]) -> bool:
    """Tell whether two characters set one after the other belong to different words."""
    height = max(a[4] - a[3], 1.0)
    if abs(a[3] - b[3]) > 0.15 * height or abs((b[4] - b[3]) - height) > 0.15 * height:
        return True
    return b[1] - a[2] > 0.2 * height or b[1] < a[1] - 0.5 * height


def _close(held: list[tuple[str, float, float, float, float]], out: list[Piece]) -> None:
    if held:
        text = "".join(c[0] for c in held)
        y0, y1 = min(c[3] for c in held), max(c[4] for c in held)
        out.append(Piece(text, held[0][1], max(c[2] for c in held), y0, y1, y1 - y0))
        held.clear()


def lines_of(words: Sequence[Piece]) -> list[list[Piece]]:
    """Return the words of each line from left to right, lines from top to bottom; raised marks join their word."""
    rows: list[list[Piece]] = []
    for word in sorted(words, key=lambda w: (-w.middle, w.x0)):
        row = next((row for row in reversed(rows[-4:]) if _level(row, word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    return [_joined(sorted(row, key=lambda w: w.x0)) for row in rows]


def _level(row: Sequence[Piece], word: Piece) -> bool:
    """Tell whether a word stands on the line of a row."""
    tallest = max(row, key=lambda w: w.size)
    shared = min(tallest.y1, word.y1) - max(tallest.y0, word.y0)
    return shared > 0.5 * min(tallest.size, word.size)


def _joined(row: list[Piece]) -> list[Piece]:
    """Join marks set smaller and higher than the word they follow."""
    out: list[Piece] = []
    for word in row:
        last = out[-1] if out else None
        if (
            last is not None
            and word.size < 0.85 * last.size
            and word.middle > last.middle
            and word.x0 - last.x1 < 0.3 * last.size
        ):
            mark = raised(last.text, word.text) or word.text.translate(RAISED)
            out[-1] = Piece(last.text + mark, last.x0, max(last.x1, word.x1), last.y0, last.y1, last.size)
        else:
            out.append(word)
    return out


def segments(row: Sequence[Piece], gap: float) -> list[Piece]:
    """Join the words of a line that stand closer than ``gap`` letter heights."""
    out: list[Piece] = []
    for word in row:
        last = out[-1] if out else None
        if last is not None and word.x0 - last.x1 <= gap * max(last.size, word.size):
            blank = " " if word.x0 - last.x1 > 0.05 * last.size else ""
            out[-1] = Piece(
                last.text + blank + word.text,
                last.x0,
                max(last.x1, word.x1),
                min(last.y0, word.y0),
                max(last.y1, word.y1),
                max(last.size, word.size),
            )
        else:
            out.append(word)
    return out
