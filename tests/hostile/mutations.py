"""Mutations of models, documents, claims, catalogues, journals, trade files: each ends in an answer or in faults.

``python -m tests.hostile.mutations 100000`` runs so many and prints what else they ended in.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Sequence
from pathlib import Path

from kopir.core.errors import Fault, InputError, KopirError
from kopir.core.folders.folder import read_folder
from kopir.evidence import read, read_catalogue, read_corrections
from kopir.facts import read_claims
from kopir.model.bundled.starters import starter_path
from kopir.model.folder.opening import open_model
from kopir.model.trade_files.every_state import every_state
from kopir.model.trade_files.trade_import import import_trade
from kopir.model.trade_files.world import make_world_model
from tests.evidence.papers import docx, pdf, xlsx
from tests.folders import states, write_model
from tests.hostile.changes import CHANGES

TRADE = Path(__file__).parents[1] / "data" / "trade"
SECTORS = ("textiles", "coal", "fuels", "animals_meat_dairy")
"""Groups of goods that the trade files hold."""
SENTENCE = "In 2024 Kazakhstan exported 64.8 million tonnes of oil to Russia, 5 % more than in 2023 (61.7)."


def originals(folder: Path) -> None:
    """Write what is mutated: a model, documents of every kind, claims and tables about documents."""
    shutil.copytree(starter_path(), folder / "model", copy_function=shutil.copyfile)
    shutil.copytree(TRADE, folder / "trade", copy_function=shutil.copyfile)
    papers = folder / "papers"
    papers.mkdir()
    (papers / "a.txt").write_text(f"{SENTENCE}\n\n{SENTENCE}\n", "utf-8")
    (papers / "a.md").write_text(f"# Oil\n\n{SENTENCE}\n\n| year | Mt |\n|---|---|\n| 2024 | 64.8 |\n", "utf-8")
    (papers / "a.csv").write_text(
        "Oil exports of Kazakhstan\nyear,million tonnes\n2023,61.7\n2024,64.8\n", "utf-8"
    )
    page = f"<h1>Oil</h1><p>{SENTENCE}</p><table><tr><th>year<th>Mt<tr><td>2024<td colspan=2>64.8</table>"
    (papers / "a.html").write_text(page, "utf-8")
    docx(papers / "a.docx", f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")
    xlsx(papers / "a.xlsx", [["Oil exports of Kazakhstan, Mt", None], ["year", "oil"], [2023, 61.7], [2024, 64.8]])
    pdf(papers / "a.pdf", [(72, 700, 11, SENTENCE[:60]), (72, 680, 11, SENTENCE[60:])])
    tables = folder / "tables"
    tables.mkdir()
    (tables / "catalogue.csv").write_text("doc,date,lang,about\na.txt,2024-05-06,en,KAZ\n", "utf-8")
    (tables / "catalogue.jsonl").write_text('{"doc": "a.txt", "date": "2024", "lang": "en"}\n', "utf-8")
    (tables / "corrections.csv").write_text(
        "doc,text,start,slot,was,now\na.txt,64.8,27,value,64.8,64.7\n", "utf-8"
    )
    found = read([papers / "a.txt"], journal=tables / "journal.jsonl")
    from kopir.evidence import write_json_lines, write_parquet

    write_json_lines(found.claims, tables / "claims.jsonl")
    write_parquet(found.claims, tables / "claims.parquet")


def mutated(whole: Path, at: Path, chance: random.Random) -> Path:
    """Copy one original to ``at`` with one to three changes; returns it."""
    room = chance.choices(("model", "papers", "tables", "trade"), (5, 4, 3, 2))[0]
    chosen = chance.choice(sorted((whole / room).glob("*.*")))
    if room == "model":
        shutil.copytree(whole / room, at / room, copy_function=shutil.copyfile)
        if chance.random() < 0.05:
            (at / room / chosen.name).unlink()
            return at / room / chosen.name
    target = at / room / chosen.name
    target.parent.mkdir(exist_ok=True)
    data = _changed(chosen, chance)
    target.write_bytes(data)
    return target


def _changed(chosen: Path, chance: random.Random) -> bytes:
    count = chance.choice((1, 1, 2, 3))
    if chosen.suffix in {".docx", ".xlsx"} and chance.random() < 0.7:
        return _repacked(chosen, chance, count)
    data = chosen.read_bytes()
    for _ in range(count):
        data = chance.choice(CHANGES)(data, chance)
    return data


def _repacked(chosen: Path, chance: random.Random, count: int) -> bytes:
    """Change a part within a package, so that the change is reached behind its packing."""
    with tempfile.TemporaryFile() as held:
        with zipfile.ZipFile(chosen) as package, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
            parts = package.namelist()
            spoilt = chance.choice(parts)
            for name in parts:
                data = package.read(name)
                for _ in range(count if name == spoilt else 0):
                    data = chance.choice(CHANGES)(data, chance)
                out.writestr(name, data)
        held.seek(0)
        return held.read()


def outcome(target: Path) -> str | None:
    """Read what was mutated; returns what it ended in, where that is neither an answer nor faults with mends."""
    try:
        match target.parent.name, target.name:
            case "model", _:
                open_model(target.parent)
            case "papers", _:
                found = read([target])
                if broken := [fault.why for fault in found.faults if fault.code == "K2019" or not fault.mend]:
                    return broken[0]
            case "trade", _:
                _traded(target)
            case _, "catalogue.csv" | "catalogue.jsonl":
                read_catalogue(target)
            case _, "corrections.csv":
                read_corrections(target)
            case _, "journal.jsonl":
                paper = target.parent / "a.txt"
                paper.write_text(f"{SENTENCE}\n\n{SENTENCE}\n", "utf-8")
                if not read([paper], journal=target).claims:
                    return "a journal takes claims away"
            case _:
                read_claims(target)
    except KopirError as error:
        return None if error.faults and all(map(_whole, error.faults)) else f"a fault without a mend: {error}"
    except Exception:
        return "".join(traceback.format_exc().splitlines(keepends=True)[-4:])
    return None


def _traded(file: Path) -> None:
    """Make of a trade file all that is made of one, whatever the others end in."""
    told = {"jurisdictions": [row | {"members": ""} for row in states("RUS", "CHN", "DEU")]}
    folder = write_model(file.parent / "m", told, players=("RUS",))
    made = (
        lambda: every_state([file]),
        lambda: make_world_model([file], "KAZ", file.parent / "w"),
        lambda: import_trade([file], read_folder(folder), sectors=SECTORS),
    )
    refused = []
    for make in made:
        try:
            make()
        except KopirError as error:
            refused += error.faults or [Fault("", str(error), "")]
    if refused:
        raise InputError(refused)


def _whole(fault: Fault) -> bool:
    return bool(fault.code and fault.why and fault.mend)


def run(first: int, count: int, *, slowest: float = 10.0) -> list[str]:
    """Try ``count`` mutations from the seed ``first`` on; returns what went wrong, each with its seed."""
    wrong = []
    with tempfile.TemporaryDirectory() as held:
        whole = Path(held) / "whole"
        whole.mkdir()
        originals(whole)
        for seed in range(first, first + count):
            at = Path(held) / "one"
            at.mkdir()
            target = mutated(whole, at, random.Random(seed))
            begun = time.process_time()
            told = outcome(target)
            if told is not None:
                wrong.append(f"seed {seed}, {target.relative_to(at)}: {told}")
            elif time.process_time() - begun > slowest:
                wrong.append(f"seed {seed}, {target.relative_to(at)}: took {time.process_time() - begun:.0f} s")
            shutil.rmtree(at)
    return wrong


def main(words: Sequence[str]) -> int:
    """Run ``count`` mutations from ``first`` on and print what went wrong."""
    count, first = int(words[0]) if words else 100_000, int(words[1]) if len(words) > 1 else 0
    wrong = run(first, count)
    sys.stdout.write(
        "\n".join([*wrong, f"{count:,} mutations from seed {first:,}: {len(wrong)} went wrong"]) + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
