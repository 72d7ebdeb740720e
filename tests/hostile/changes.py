"""How bytes are spoilt: bits, stretches, encodings, cells, rows, headers, line ends, letters, numbers, dates."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

NUMBERS = (
    "-1", "0", "-0", "1e308", "1e-320", "1e999", "NaN", "Infinity", "1,5", "1.234,5", "0x10", "9" * 400,
    "1e5 [2..1]",    "[..]", "1 [0..2", "½", "٣", "1_000", "--1", "+", "1/0",
)  # fmt: skip
WORDS = (
    "", " ", "\x00", "\x1b[31m", "\u202eabc", "ﬁ", "İ", "ı", "ß", "СРС", "=1+1", "'; DROP TABLE x; --", "../../x",
    "%s%n", "a" * 40_000, "{}", "<script>", "\ud7ff", "\U0001f600", "e\u0301", "\t", "\r", "\u2028", "KAZ+",
    "+", "KAZ+KAZ", "x" * 300_000, "0\u0663", "\u2067", "A B", "a,b", "-inf", "yes no", "\ufeff",
)  # fmt: skip
ALIKE: Mapping[str, str] = {
    "a": "аａ\u0430", "e": "еｅ", "o": "оοｏ", "p": "рｐ", "c": "сϲ", "x": "хｘ", "A": "АΑＡ", "B": "ВΒ",
    "C": "СＣ", "E": "ЕΕ", "K": "КΚ", "R": "Ｒ", "S": "ЅＳ", "U": "Ｕ", "N": "Ν", "0": "０٠۰०",
    "1": "１١۱", "5": "５٥",
    " ": "\u00a0\u2009\u3000\u200b\u00ad", "-": "\u2010\u2011\u2013\u2212", ".": "\u2024\uff0e",
    ",": "\uff0c\u060c", "_": "\uff3f", "t": "\u202et", "n": "\u2066n", "i": "ıі", "/": "\u2044", "+": "\uff0b",
}  # fmt: skip
DAYS = (
    "0000-00-00", "9999-12-31", "10000-01-01", "2023-02-29", "2024-02-29", "-2024", "2024-13", "2024-1-1",
    "24-01-01", "01.02.2024", "2024-06-31", "20244", "1", "2024-W05", "2024-H3", "2024/2020",
    "2025-01-01T00:00:00Z", "２０２４",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "latin-1", "utf-8-sig", "cp037")
Change = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Change a few bytes."""
    held = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if held:
            held[chance.randrange(len(held))] = chance.randrange(256)
    return bytes(held)


def cut(data: bytes, chance: random.Random) -> bytes:
    """End it anywhere."""
    return data[: chance.randrange(len(data) + 1)]


def without(data: bytes, chance: random.Random) -> bytes:
    """Take a stretch out."""
    first = chance.randrange(len(data) + 1)
    return data[:first] + data[first + chance.choice((1, 5, 100, 5000)) :]


def repeated(data: bytes, chance: random.Random) -> bytes:
    """Say a stretch twice or a hundred times."""
    first = chance.randrange(len(data) + 1)
    piece = data[first : first + chance.choice((1, 20, 300))]
    return data[:first] + piece * chance.choice((2, 100)) + data[first:]


def with_word(data: bytes, chance: random.Random) -> bytes:
    """Put an odd word anywhere."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice((*WORDS, *NUMBERS)).encode("utf-8", "surrogatepass") + data[at:]


def encoded(data: bytes, chance: random.Random) -> bytes:
    """Write it in another encoding."""
    return data.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def of_other_numbers(data: bytes, chance: random.Random) -> bytes:
    """Put an odd number in the place of one."""
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return with_word(data, chance)
    first = last = chance.choice(digits)
    while last < len(data) and (48 <= data[last] <= 57 or data[last] == 46):
        last += 1
    return data[:first] + chance.choice(NUMBERS).encode() + data[last:]


def of_other_cells(data: bytes, chance: random.Random) -> bytes:
    """Blank, exchange or replace a cell of a row."""
    rows = data.split(b"\n")
    row = chance.randrange(len(rows))
    cells = rows[row].split(b",")
    cell = chance.randrange(len(cells))
    other = chance.choice([b"", chance.choice(rows[chance.randrange(len(rows))].split(b",")), b'"', b",", b"\n"])
    cells[cell] = chance.choice([other, chance.choice((*WORDS, *NUMBERS)).encode("utf-8", "surrogatepass")])
    rows[row] = b",".join(cells)
    return b"\n".join(rows)


def of_other_rows(data: bytes, chance: random.Random) -> bytes:
    """Repeat, lose, exchange or shift rows or a column."""
    rows = data.split(b"\n")
    first, second = chance.randrange(len(rows)), chance.randrange(len(rows))
    match chance.randrange(5):
        case 0:
            rows.insert(first, rows[second])
        case 1:
            del rows[first]
        case 2:
            rows[first], rows[second] = rows[second], rows[first]
        case 3:
            column = chance.randrange(rows[0].count(b",") + 1)
            rows = [b",".join(c for n, c in enumerate(row.split(b",")) if n != column) for row in rows]
        case _:
            rows = [row.swapcase() if n == first else row for n, row in enumerate(rows)]
    return b"\n".join(rows)


def nothing(_: bytes, chance: random.Random) -> bytes:
    """Leave nothing, or one byte."""
    return chance.choice((b"", b"\n", b"\x00", b",", b"{", b"\xff\xfe", b"\xef\xbb\xbf"))


def in_other_letters(data: bytes, chance: random.Random) -> bytes:
    """Put letters that look the same, that nobody sees, or that turn what follows in the place of some."""
    text = data.decode("utf-8", "replace")
    places = [at for at, letter in enumerate(text) if letter in ALIKE]
    if not places:
        return with_word(data, chance)
    at = chance.choice(places)
    return (text[:at] + chance.choice(ALIKE[text[at]]) + text[at + 1 :]).encode("utf-8", "surrogatepass")


def of_other_lines(data: bytes, chance: random.Random) -> bytes:
    """End some lines otherwise, or begin one with a mark of byte order."""
    rows = data.split(b"\n")
    ends = chance.choice(
        ((b"\n", b"\r\n"), (b"\n", b"\r"), (b"\r\n",), (b"\n", "\x85".encode()), (b"\n\xef\xbb\xbf", b"\n"))
    )
    return b"".join(row + chance.choice(ends) for row in rows)


def of_other_header(data: bytes, chance: random.Random) -> bytes:
    """Name columns of the first row twice, not at all, in other case, in another order, or have more of them."""
    head, _, rest = data.partition(b"\n")
    names = head.split(b",")
    one, other = chance.randrange(len(names)), chance.randrange(len(names))
    match chance.randrange(6):
        case 0:
            names[one] = names[other]
        case 1:
            names[one] = b""
        case 2:
            names[one] = names[one].upper()
        case 3:
            names[one], names[other] = names[other], names[one]
        case 4:
            names += [names[one]] * chance.choice((1, 300))
        case _:
            names[one] = b'" ' + names[one] + b'\n"'
    return b",".join(names) + b"\n" + rest


def of_other_days(data: bytes, chance: random.Random) -> bytes:
    """Put an odd day in the place of one, or of a year."""
    found = list(re.finditer(rb"\d{4}-\d{2}(-\d{2})?|\b(19|20)\d{2}\b", data))
    if not found:
        return with_word(data, chance)
    day = chance.choice(found)
    return data[: day.start()] + chance.choice(DAYS).encode() + data[day.end() :]


CHANGES: Sequence[Change] = (
    flipped, cut, without, repeated, with_word, encoded, of_other_numbers, of_other_cells, of_other_rows, nothing,
    in_other_letters, of_other_lines, of_other_header, of_other_days,
)  # fmt: skip
CELL_CHANGES: Sequence[Change] = (
    of_other_cells, of_other_numbers, of_other_rows, in_other_letters, of_other_days, of_other_cells,
)  # fmt: skip
"""Changes after which a table is mostly still one, so that its meaning is reached."""
