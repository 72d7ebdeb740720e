"""Fuzz the readers of documents by what their code covers (atheris, libFuzzer), one process a reader.

``python -m tests.hostile.fuzz --seconds 60 pdf docx`` fuzzes these readers a minute each and says what they ended
in that is neither a layout nor a fault of the document: each kind once, with the bytes of it in ``out/fuzz``.
``make fuzz`` installs what it needs.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from tests.evidence.papers import docx, pdf, xlsx
from tests.hostile.mutations import SENTENCE, originals

SECONDS = 60
SLOWEST = 10
"""Seconds that one document may take; office files and pages may be up to ``LONGEST`` bytes."""
LONGEST = 20_000
SHORT = 4_000
"""Characters up to which a text is not only laid out but read."""
Build = Callable[[Path, bytes], Path]


def _as(suffix: str) -> Build:
    def build(folder: Path, data: bytes) -> Path:
        path = folder / f"a{suffix}"
        path.write_bytes(data)
        return path

    return build


def _part(suffix: str, part: str) -> Build:
    """Put the bytes into one part of a sound package: whole packages seldom unpack when they are changed."""

    def build(folder: Path, data: bytes) -> Path:
        sound = folder / f"sound{suffix}"
        if not sound.exists():
            (
                docx(sound, f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")
                if suffix == ".docx"
                else xlsx(sound, ROWS)
            )
        path = folder / f"a{suffix}"
        with zipfile.ZipFile(sound) as package, zipfile.ZipFile(path, "w") as out:
            for name in package.namelist():
                out.writestr(name, data if name == part else package.read(name))
        return path

    return build


ROWS: list[list[object]] = [["Oil exports of Kazakhstan, Mt", None], ["year", "oil"], [2023, 61.7], [2024, 64.8]]
READERS: Mapping[str, tuple[str, Build]] = {
    "txt": (".txt", _as(".txt")),
    "md": (".md", _as(".md")),
    "csv": (".csv", _as(".csv")),
    "html": (".html", _as(".html")),
    "pdf": (".pdf", _as(".pdf")),
    "docx": (".docx", _as(".docx")),
    "document.xml": ("word/document.xml", _part(".docx", "word/document.xml")),
    "xlsx": (".xlsx", _as(".xlsx")),
    "workbook.xml": ("xl/workbook.xml", _part(".xlsx", "xl/workbook.xml")),
    "sheet1.xml": ("xl/worksheets/sheet1.xml", _part(".xlsx", "xl/worksheets/sheet1.xml")),
}
"""Readers by name: what of the sound documents they start from, and how bytes become a file."""


def corpus(name: str, into: Path) -> None:
    """Write what the fuzzing of a reader starts from: sound documents of the tests, or the part of one."""
    with tempfile.TemporaryDirectory() as held:
        originals(Path(held))
        papers = Path(held) / "papers"
        pdf(
            papers / "b.pdf",
            [(72, 700, 11, "year"), (200, 700, 11, "Mt"), (72, 680, 11, "2024"), (200, 680, 11, "64.8")],
        )
        kind = READERS[name][0]
        for path in sorted(papers.iterdir()):
            if path.suffix == kind:
                (into / path.name).write_bytes(path.read_bytes())
            elif zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as package:
                    if kind in package.namelist():
                        (into / f"{path.name}.xml").write_bytes(package.read(kind))


def fuzz(name: str, seconds: int, findings: Path) -> None:
    """Fuzz one reader in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["kopir.evidence", "kopir.core"]):
        from kopir.core.errors import UnreadableDocument
        from kopir.evidence import Document
        from kopir.evidence._extract import read_document
        from kopir.evidence._readers import file_layout
    room, starts = (Path(tempfile.mkdtemp()) for _ in range(2))
    corpus(name, starts)
    build, seen = READERS[name][1], set()

    def one(data: bytes) -> None:
        path = build(room, data)
        try:
            layout = file_layout(path)
            if len(layout.text) <= SHORT:
                read_document(Document("a", layout.text, "en", layout=layout))
        except UnreadableDocument:
            return
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = re.sub(r"\W+", "-", f"{type(error).__name__} {Path(last.filename).stem} {last.lineno}")
            if kind not in seen:
                seen.add(kind)
                (findings / f"{name}-{kind}{path.suffix}").write_bytes(path.read_bytes())
                (findings / f"{name}-{kind}.txt").write_text(traceback.format_exc(), "utf-8")

    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", "-rss_limit_mb=1500"]
    atheris.Setup([sys.argv[0], *limits, "-seed=1", f"-artifact_prefix={findings}/{name}-slow-", str(starts)], one)
    atheris.Fuzz()


def main(words: list[str]) -> int:
    """Fuzz the readers named, or all, and print what they ended in."""
    given = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    given.add_argument("readers", nargs="*", choices=[[], *READERS], default=[])
    given.add_argument("--seconds", type=int, default=SECONDS)
    given.add_argument("--into", type=Path, default=Path("out") / "fuzz")
    given.add_argument("--here", action="store_true", help="in this process")
    asked = given.parse_args(words)
    if find_spec("atheris") is None:
        sys.stdout.write("fuzzing needs atheris, which has no wheel here or is not installed: make fuzz\n")
        return 1
    asked.into.mkdir(parents=True, exist_ok=True)
    if asked.here:
        fuzz(asked.readers[0], asked.seconds, asked.into.resolve())
    before = set(asked.into.iterdir())
    for name in asked.readers or READERS:
        command = [sys.executable, "-m", "tests.hostile.fuzz", name, "--here"]
        ended = subprocess.run(
            [*command, "--seconds", str(asked.seconds), "--into", str(asked.into)],
            check=False, capture_output=True, text=True, errors="replace",
        )  # fmt: skip
        runs = re.findall(r"^Done (\d+) runs", ended.stderr, re.M) or ["no end of"]
        sys.stdout.write(f"{name}: {runs[-1]} runs\n")
        if ended.returncode:
            sys.stdout.write(ended.stderr[-2000:])
    found = sorted(path for path in set(asked.into.iterdir()) - before if path.suffix != ".txt")
    sys.stdout.write("\n".join([*map(str, found), f"{len(found)} went wrong"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
