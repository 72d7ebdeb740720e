"""Documents that want more than their share, or are none: each is a fault of its own, within bounds.

``python -m tests.hostile.papers`` has ``kopir read`` read each beside a sound document, and prints how it ended,
the processor time of the command and its largest process. It ends with 1 where a bound is passed or the sound
document is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evidence.papers import docx, pdf, xlsx

SOUND = "Exports of oil from Kazakhstan amounted to 64.8 million tonnes in 2024."
SECONDS, MEBIBYTES = 40.0, 500.0
"""What one document may take: finding its text has 8 s and reading it 8 s and 20 s for each million characters."""
TOO_LONG = 33 * 2**20
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("bcdefghij", "cdefghijk", strict=True)
)
Write = Callable[[Path], None]
Piece = str | bytes | tuple[str | bytes, int]


def _bytes(pieces: Sequence[Piece]) -> Iterator[bytes]:
    """Yield the bytes of pieces; a pair is a piece and how often it stands."""
    for piece in pieces:
        held, count = piece if isinstance(piece, tuple) else (piece, 1)
        data = held.encode() if isinstance(held, str) else held
        at_once = max(1, min(count, 2**20 // max(1, len(data))))
        for begun in range(0, count, at_once):
            yield data * min(at_once, count - begun)


def packed(suffix: str, part: str, *data: Piece) -> Write:
    """Return what writes a sound Word file or workbook with other bytes in one part of it."""

    def write(folder: Path) -> None:
        sound = folder / "sound"
        if suffix == ".docx":
            docx(sound, f"<w:p><w:r><w:t>{SOUND}</w:t></w:r></w:p>")
        else:
            xlsx(sound, [["Oil exports of Kazakhstan, Mt", None], ["year", "oil"], [2024, 64.8]])
        with (
            zipfile.ZipFile(sound) as whole,
            zipfile.ZipFile(folder / f"a{suffix}", "w", zipfile.ZIP_DEFLATED) as out,
        ):
            for name in (*whole.namelist(), *({part} - set(whole.namelist()))):
                with out.open(name, "w", force_zip64=True) as held:
                    held.writelines(_bytes(data) if name == part else [whole.read(name)])
        sound.unlink()

    return write


def text(name: str, *parts: Piece) -> Write:
    """Return what writes these parts into a file of this name."""

    def write(folder: Path) -> None:
        with (folder / name).open("wb") as file:
            file.writelines(_bytes(parts))

    return write


def objects(*held: bytes, end: bytes = b"") -> Write:
    """Return what writes a PDF of these objects, the first being its catalogue."""
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate(held, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(held) + 1)
    tail = b"trailer<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (len(held) + 1, end, len(out))
    return text("a.pdf", out + head + table + tail)


def stream(held: bytes, *, more: bytes = b"") -> bytes:
    """Return a stream object of a PDF."""
    return b"<</Length %d%s>>stream\n" % (len(held), more) + held + b"\nendstream"


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
TWICE = zlib.compress(zlib.compress(b"0" * 50_000_000, 9), 9)
SHEET = "xl/worksheets/sheet1.xml"


def _linked(target: str) -> Write:
    return lambda folder: (folder / "a.txt").symlink_to(target)


def _outside(folder: Path) -> None:
    outside = folder.parent / "outside.txt"
    outside.write_text(SOUND, "utf-8")
    (folder / "a.txt").symlink_to(outside)


def _many_pages(folder: Path) -> None:
    kids = b" ".join([b"3 0 R"] * 200_000)
    objects(CATALOGUE, b"<</Type/Pages/Kids[%s]/Count 200000>>" % kids, PAGE, stream(b"n"), stream(b"n"))(folder)


def _odd_names(folder: Path) -> None:
    for name in ("a\nb.txt", "a\u202etxt.txt", "a\x1b[31m.txt", "-rf.txt", "a\u00a0b.txt", "%s.txt", "'; --.txt"):
        (folder / name).write_bytes(b"\x00\x01\x02" * 40)


def _letters_on_one_place(folder: Path) -> None:
    pdf(folder / "a.pdf", [(72, 700, 11, "oil 64.8 Mt ")] * 40_000)


def _tables(depth: int) -> tuple[Piece, ...]:
    head, foot = f"<w:document {W}><w:body>", "</w:body></w:document>"
    inner = f"<w:p><w:r><w:t>{SOUND}</w:t></w:r></w:p>"
    return head, ("<w:tbl><w:tr><w:tc>", depth), inner, ("</w:tc></w:tr></w:tbl>", depth), foot


def _sheet(rows: str, rest: str = "") -> bytes:
    return f"<worksheet {S}><sheetData>{rows}</sheetData>{rest}</worksheet>".encode()


PAPERS: Mapping[str, Write] = {
    "a pipe": lambda folder: os.mkfifo(folder / "a.txt"),
    "a link to a device": _linked("/dev/zero"),
    "a circle of links": _linked("a.txt"),
    "a link to nowhere": _linked("nowhere.txt"),
    "a link out of the folder": _outside,
    "a folder named as a document": lambda folder: (folder / "a.txt").mkdir(),
    "names that turn, break or command": _odd_names,
    "kinds that are not read": lambda folder: [
        text(f"a.{kind}", b"PK\x03\x04" + SOUND.encode())(folder)
        for kind in ("odt", "rtf", "epub", "zip", "doc", "xls", "pptx", "exe", "gz")
    ] and None,
    "33 MiB of text": text("a.txt", (b"x", TOO_LONG)),
    "10 MB of sentences": text("a.txt", (f"{SOUND} ", 140_000)),
    "30 MB without a blank": text("a.txt", (b"x", 30_000_000)),
    "2 MB of digits": text("a.txt", ("1 234 567,8 ", 160_000)),
    "2 MB of brackets": text("a.txt", ("(", 1_900_000)),
    "2 MB of units": text("a.txt", ("million tonnes of oil to Russia and ", 52_000)),
    "2 MB of years": text("a.txt", ("2019-2020/2021 ", 125_000)),
    "zero bytes": text("a.txt", SOUND.encode() + b"\0" * 1000 + SOUND.encode()),
    "three encodings in one file": text(
        "a.txt", SOUND.encode(), "Экспорт нефти".encode("cp1251"), "нефть".encode("utf-16"), b"\xff\xfe\xfd"
    ),
    "a file of half letters": text("a.txt", "\ud800\udfff".encode("utf-8", "surrogatepass") * 1000),
    "30 MB of a page": text("a.html", ("<p>oil</p>", 3_000_000)),
    "a page of 1,000,000 nested tags": text("a.html", ("<div>", 1_000_000), SOUND),
    "a page of 500,000 attributes": lambda folder: text(
        "a.html", "<p ", *(f"a{n}=x " for n in range(500_000)), f">{SOUND}"
    )(folder),
    "a page with a wide cell": text("a.html", f"<table><tr><td colspan=9999999 rowspan=9999999>{SOUND}</table>"),
    "a page of open comments": text("a.html", ("<!--", 500_000)),
    "a page of half tags": text("a.html", ("<", 2_000_000)),
    "a page of entities": text("a.html", ("&amp", 1_000_000)),
    "a page in an encoding that nobody knows": text("a.html", "<meta charset=x-nobody><p>" + SOUND, b"\xff\xfe"),
    "100,000 nested quotes": text("a.md", (">", 100_000), SOUND),
    "200,000 nested lists": text("a.md", ("- ", 200_000), SOUND),
    "2 MB of emphasis": text("a.md", ("*_`[", 480_000)),
    "1,000,000 columns": text("a.csv", ("x,", 1_000_000), "\n", ("1,", 1_000_000)),
    "a quote that never ends": text("a.csv", 'year,oil\n2024,"', ("x", 20_000_000)),
    "300,000 rows": text("a.csv", "year,oil\n", ("2024,64.8\n", 300_000)),
    "a PDF packed twice": objects(
        CATALOGUE, PAGES, PAGE, stream(TWICE, more=b"/Filter[/FlateDecode/FlateDecode]")
    ),
    "a PDF whose forms hold two forms each": objects(
        CATALOGUE, PAGES, PAGE, stream(b"/X Do"),
        *(stream(b"/X Do /X Do", more=FORM % (6 + depth)) for depth in range(40)), stream(b"n", more=FORM % 5),
    ),
    "a PDF whose pages hold themselves": objects(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 9>>"),
    "a PDF of a page that is none": objects(CATALOGUE, PAGES, b"<</Type/Font>>"),
    "a PDF that counts 2,000,000,000 pages": objects(CATALOGUE, b"<</Type/Pages/Kids[]/Count 2000000000>>"),
    "a PDF of 200,000 pages": _many_pages,
    "a PDF whose earlier table is itself": objects(CATALOGUE, PAGES, PAGE, stream(b"n"), end=b"/Prev 9"),
    "a PDF of objects within objects": objects(
        CATALOGUE, PAGES, PAGE, b"4 0 R", stream(b"4 0 5 0", more=b"/Type/ObjStm/N 2/First 8/Extends 5 0 R")
    ),
    "a PDF of a million brackets": lambda folder: objects(CATALOGUE, b"[" * 1_000_000)(folder),
    "a PDF of letters on one place": _letters_on_one_place,
    "a PDF that is cut": text("a.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
    "a Word file of 1 GB of blanks": packed(".docx", "word/document.xml", (b" ", 10**9)),
    "a Word file in a Word file": packed(".docx", "word/document.xml", b"PK\x03\x04" * 1000),
    "a Word file of entities": packed(".docx", "word/document.xml", f"{LAUGHS}]><a>&k;</a>".encode()),
    "a Word file of entities in UTF-16": packed(
        ".docx", "word/document.xml", f"{LAUGHS}]><a>&k;</a>".encode("utf-16")
    ),
    "a Word file that names a file": packed(
        ".docx", "word/document.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    ),
    "a Word file of 100,000 tables in tables": packed(
        ".docx", "word/document.xml", *_tables(100_000)
    ),
    "a Word file of 1,500,000 elements": packed(
        ".docx", "word/document.xml", f"<w:document {W}><w:body>", ("<w:p/>", 1_500_000), "</w:body></w:document>"
    ),
    "a workbook of 1,000,000 shared strings": packed(
        ".xlsx", "xl/sharedStrings.xml", f"<sst {S}>", ("<si><t>oil</t></si>", 1_000_000), "</sst>"
    ),
    "a workbook with its last cell": packed(
        ".xlsx", SHEET, _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "a workbook merged whole": packed(
        ".xlsx", SHEET,
        _sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>', '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
    ),
    "a workbook of cells nowhere": packed(
        ".xlsx", SHEET, _sheet('<row r="-1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>')
    ),
    "a workbook of 1 GB of blanks": packed(".xlsx", SHEET, (b" ", 10**9)),
}  # fmt: skip
"""Documents by name, each with what writes it into a folder."""


_MEASURED = """
import os, resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "kopir", *sys.argv[2:]]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
sys.exit(code)
"""
"""Runs a command from a small process: a new process counts the memory of the one that it came from."""


@dataclass(frozen=True)
class Ended:
    """How a document ended: the codes of its faults, claims of its own, seconds of processor, MiB at most."""

    codes: tuple[str, ...]
    claims: int
    seconds: float
    mebibytes: float
    told: str = ""

    @property
    def wrong(self) -> bool:
        """Whether a bound was passed, the sound document lost, or a fault foreseen by nobody."""
        return bool(self.told) or self.seconds > SECONDS or self.mebibytes > MEBIBYTES


def ended(write: Write, room: Path) -> Ended:
    """Write a document beside a sound one and have both read by the command."""
    folder = room / "papers"
    folder.mkdir(parents=True)
    write(folder)
    (folder / "zz.txt").write_text(SOUND, "utf-8")
    with (room / "out").open("wb") as out, (room / "err").open("wb") as err:
        words = [sys.executable, "-c", _MEASURED, str(room / "used"), "read", str(folder), "--json"]
        code = subprocess.run(words, stdout=out, stderr=err, cwd=room, check=False).returncode
    seconds, largest = map(float, (room / "used").read_text("utf-8").split())
    error = (room / "err").read_text("utf-8", "replace")
    try:
        record = json.loads((room / "out").read_text("utf-8"))
    except ValueError:
        return Ended((), 0, seconds, largest, f"no answer, exit {code}: {error[-300:]}")
    codes = tuple(sorted({fault["code"] for fault in record["faults"]}))
    docs = [claim["doc"] for claim in record["result"]["claims"]] if record["result"] else []
    told = "" if "zz.txt" in docs else "the sound one is lost"
    if "K2019" in codes:
        told = "a fault that nobody foresaw: " + next(f["why"] for f in record["faults"] if f["code"] == "K2019")
    return Ended(codes, len(docs) - docs.count("zz.txt"), seconds, largest, told)


def lines(names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield a line for each document, and whether it is wrong."""
    for name in names or PAPERS:
        with tempfile.TemporaryDirectory() as room:
            one = ended(PAPERS[name], Path(os.path.realpath(room)))
        said = " ".join(one.codes) or f"read, {one.claims} claims"
        yield (
            f"{name:<44} {said:<24} {one.seconds:6.1f} s {one.mebibytes:5.0f} MiB  {one.told}".rstrip(),
            one.wrong,
        )


def main(names: Sequence[str]) -> int:
    """Read the documents named, or all, and print how each ended."""
    wrong = 0
    for line, bad in lines(names):
        wrong += bad
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(names or PAPERS)} documents: {wrong} went wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
