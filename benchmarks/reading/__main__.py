"""``python -m benchmarks.reading [--lang L] [--json] [--write]``, or draw, place, check ... (see --help)."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading import annotations, cases, checking, drawing, report, samples
from benchmarks.reading.figures import verdict
from benchmarks.reading.matching import WHOLE, pairs_of, right
from benchmarks.reading.passages import LANGUAGES, MORE, TEXTS, Passage, passages

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, RECORD = DOCS / "reading-quality.md", DOCS / "reading-quality.json"
SUMMARY = DOCS / "evidence.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when an annotation has faults, 3 when the texts are missing."""
    given = _parser().parse_args(arguments)
    if not TEXTS.is_dir():
        sys.stderr.write(f"the texts are not there: {TEXTS}\n")
        return 3
    return int(given.run(given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description="How well documents are read.")
    parser.add_argument("--lang", dest="languages", choices=LANGUAGES, action="append", help="only this one")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"keep the figures in docs: {RECORD.name}, {PAGE.name}, {SUMMARY.name}",
    )
    parser.set_defaults(run=_score)
    commands = parser.add_subparsers()
    command = commands.add_parser("draw", help="draw passages at random into a part to look at and a blind one")
    command.add_argument("--seed", type=int, required=True)
    command.add_argument("--lang", choices=LANGUAGES, required=True)
    command.add_argument("--figures", type=int, required=True, help="about how many figures each part shall hold")
    command.add_argument("--packs", type=Path, required=True, help="folder for the texts to annotate")
    command.add_argument(
        "--fresh",
        action="store_true",
        help="a new blind part of documents never drawn; the old becomes one to look at",
    )
    command.add_argument("--drawn", type=Path, default=drawing.DRAWN, help="table of what has been drawn")
    command.set_defaults(run=_draw)
    command = commands.add_parser("place", help="fill in offsets, bounds, polarity and tier")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_place)
    command = commands.add_parser("check", help="name each fault of an annotation")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_check)
    command = commands.add_parser("take", help="keep an annotation without its text: tests/evidence/yardstick")
    command.add_argument("file", type=Path, help="<language>-<part>.jsonl")
    command.set_defaults(run=_take)
    command = commands.add_parser("show", help="print what is read wrongly of the passages to look at")
    command.add_argument("language", choices=LANGUAGES)
    command.set_defaults(run=_show)
    command = commands.add_parser("gate", help="what is published of the passages to look at, and from what floor")
    command.set_defaults(run=_gate)
    command = commands.add_parser("cases", help="score the cases beside the project: right, declined, wrong")
    command.set_defaults(run=_cases)
    return parser


def _score(given: argparse.Namespace) -> int:
    languages = tuple(given.languages or LANGUAGES)
    if given.write and languages != LANGUAGES:
        sys.stderr.write("--write takes all languages together\n")
        return 1
    found = report.measure(languages)
    text = report.as_json(found)
    found = json.loads(text)  # pages are made of what is kept
    print(text if given.json else report.page(found), end="")
    missing = report.unpaired(found)
    without = {language: len(samples.absent(language)) for language in languages}
    for language, number in without.items():
        if number:
            sys.stderr.write(
                f"{language}: {number} annotated passages are left out, their texts are not there: {MORE}\n"
            )
    if missing:
        sys.stderr.write("not annotated, so no pair:\n" + "".join(f"  {line}\n" for line in missing))
    if given.write:
        if missing or any(without.values()):
            sys.stderr.write("nothing is written: figures of all passages stand in pairs or not at all\n")
            return 1
        for path, tables in ((PAGE, report.page(found)), (SUMMARY, report.headline(found))):
            path.write_text(report.into_page(path.read_text("utf-8"), tables), "utf-8")
        RECORD.write_text(text, "utf-8")
    return 0


def _show(given: argparse.Namespace) -> int:
    """Print the errors of the part to look at; there is no such command for the blind part."""
    sample = samples.sample(given.language, samples.LOOK)
    if sample is None:
        sys.stderr.write(f"no annotation to look at in {given.language}\n")
        return 1
    texts = {p.id: p.text for p in passages(given.language)}
    pairs = pairs_of(sample.gold, sample.read)
    for pair in pairs:
        wanted = WHOLE if pair.gold["tier"] == "core" else WHOLE[:3]
        wrong = [slot for slot in wanted if not right(pair, (slot,))]
        if wrong or (pair.read["published"] and verdict(pair) is False):
            mark = "PUBLISHED" if pair.read["published"] else "read"
            print(f"\n{mark} {_around(texts, pair.gold)}")
            for slot in wrong or ("indicator",):
                print(f"    {slot}: {pair.read.get(slot)!r}, should be {pair.gold.get(slot)!r}")
    hit = {id(row) for pair in pairs for row in (pair.gold, pair.read)}
    for what, rows in (("MISSED", sample.gold), ("NO CLAIM", sample.read)):
        print(*(f"\n{what} {_around(texts, row)}" for row in rows if id(row) not in hit), sep="")
    return 0


def _gate(given: argparse.Namespace) -> int:
    """Print the floors of publication and what they give; the blind part is not read."""
    print("\n".join(report.gate_table(report.gate(given.languages or LANGUAGES))))
    return 0


def _cases(_: argparse.Namespace) -> int:
    """Print what is not right and the totals; 1 where a wrong claim is published."""
    if not cases.LINES.is_file():
        sys.stderr.write(f"the cases are not there: {cases.FOLDER}\n")
        return 3
    found = list(cases.outcomes())
    for case in found:
        if case.outcome != "right":
            print(f"{case.outcome} {case.name}", *(f"    {note}" for note in case.notes), sep="\n")
    count = Counter(case.outcome for case in found)
    print(f"{len(found)} cases:", ", ".join(f"{count[name]} {name}" for name in cases.OUTCOMES))
    return 1 if count["wrong"] else 0


def _around(texts: dict[str, str], row: annotations.Record) -> str:
    text, start, end = texts[row["doc"]], row["start"], row["end"]
    before, after = text[max(0, start - 150) : start], text[end : end + 100]
    return f"{row['doc']}: {before}[[{text[start:end]}]]{after}"


def _draw(given: argparse.Namespace) -> int:
    every = list(passages(given.lang))
    before = drawing.read_drawn(given.drawn) if given.drawn.is_file() else []
    known = any(row.lang == given.lang for row in before)
    if known and not given.fresh:
        sys.stderr.write(f"{given.lang} has been drawn: give --fresh, or another table with --drawn\n")
        return 1
    parts = ("blind",) if given.fresh else drawing.PARTS
    rows = drawing.draw(every, given.seed, given.figures, drawn=before if given.fresh else (), parts=parts)
    if not rows:
        sys.stderr.write("nothing is left to draw\n")
        return 1
    every_row = [*(drawing.retire(before, given.lang) if given.fresh else before), *rows]
    drawing.write_drawn(every_row, given.drawn)
    if given.fresh:
        annotations.move(given.drawn.parent, {row.passage: row.part for row in every_row})
    for path in drawing.write_packs(rows, {p.id: p for p in every}, given.packs):
        print(path)
    return 0


def _place(given: argparse.Namespace) -> int:
    texts = _texts(given.file)
    rows = [annotations.place(row, {p.id: p.text for p in texts.values()}) for row in annotations.load(given.file)]
    annotations.save(rows, given.file)
    return 0


def _check(given: argparse.Namespace) -> int:
    rows = annotations.load(given.file)
    texts = {p.id: p.text for p in _texts(given.file).values()}
    found = list(checking.faults(rows, texts, _wanted(given.file)))
    print(*found, sep="\n", end="\n" if found else "")
    claims = [row for row in rows if not row.get("empty")]
    core = sum(row.get("tier") == "core" for row in claims)
    print(f"{len(claims)} claims, {core} core, in {len({r['doc'] for r in rows})} passages, {len(found)} faults")
    return 1 if found else 0


def _take(given: argparse.Namespace) -> int:
    if _check(given):
        return 1
    language, part = given.file.stem.split("-")
    path = drawing.YARDSTICK / part / f"{language}.jsonl"
    annotations.save(annotations.kept(annotations.load(given.file)), path)
    print(path)
    return 0


def _texts(file: Path) -> dict[str, Passage]:
    language = file.stem.partition("-")[0]
    return {p.id: p for p in passages(language)} if language in LANGUAGES else {}


def _wanted(file: Path) -> set[str]:
    """Return the passages that a file named ``<language>-<part>.jsonl`` must deal with."""
    language, _, part = file.stem.partition("-")
    rows = [row for row in drawing.read_drawn() if row.lang == language]
    return {row.passage for row in rows if row.part == part or (part == "double" and row.double)}


if __name__ == "__main__":
    raise SystemExit(main())
