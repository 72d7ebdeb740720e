"""Commands asked about spoilt models, with odd options: each ends in an answer or in faults.

``python -m tests.hostile.asking 20000`` asks so many and prints what else they ended in. Of each answer it is
tested that the exit code says something, that JSON holds no ``Infinity`` or ``NaN``, and that no control character
and none that turns or hides letters leaves.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from typer.testing import CliRunner

from kopir.cli.application import application
from tests.hostile.changes import CELL_CHANGES, CHANGES, NUMBERS, WORDS
from tests.hostile.models import KINDS, write_model

TEXT = "In 2024 Kazakhstan exported 64.8 million tonnes of oil to Russia, 5 % more than in 2023 (61.7)."
COMMANDS: Sequence[str] = (
    "arms M", "brief M --out OUT --no-solver", "changed M", "check M", "coalitions M", "conflicts M",
    "corridors M", "diff M M", "disputed M --draws 20", "export M --to xlsx --into OUT",
    "export M --to geojson --into OUT", "export M --to pypsa --into OUT", "facts TEXT --into M --date 2025",
    "flow M --deny RUS", "flow M --with WIDER", "hindcast M", "incident M --lose CPC --days 7", "layers M",
    "ledger deals M", "ledger targets M", "leverage M", "leverage M --draws 3", "list partners M",
    "list assets M", "list facts M", "list scenarios M", "losses M --lose CPC", "narratives TEXT",
    "obligations M", "obligations M --with WIDER", "options M", "outages M --assets 2", "plan M --budget 1000",
    "portfolio M", "rebase M --to 2026", "refusal M --deny RUS --lose CPC", "review TEXT M",
    "stress M --scenario storm", "stress M --samples 3", "theses M", "update M TEXT --all",
    "why leverage:RUS:musd M", "why links:CPC M", "why F0121 M", "worst M --k 2",
    "leverage M --function imports", "hindcast M --unseen",
    "expect --part hit --cause closed --severity 0.4:0.6 --days 20",
)  # fmt: skip
FORMS = (
    (),
    ("--json",),
    ("--json",),
    ("--csv",),
    ("--csv", "--guard"),
    ("--lang", "ru"),
    ("--lang", "kk", "--wide"),
)
ODD_OPTIONS = (
    "--deny", "--severity", "--draws", "--horizon", "--with", "--lose", "--days", "--lang", "--partner", "--as-of",
    "--budget", "--months", "--year", "--samples", "--seed", "--from", "--to", "--join", "--leave", "--out", "--k",
)  # fmt: skip
USAGE = 2
EXITS = {0, 1, 2, 3, 4, 5}
DIRTY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What no answer holds; line ends and tabs stay, and ``\\r`` where CSV has it within quotes."""


def spoilt(at: Path, chance: random.Random) -> Path:
    """Write a model with one or two of its files spoilt, mostly cell by cell; returns it."""
    model = write_model(chance.choice(KINDS) if chance.random() < 0.5 else "wide", at / "m")
    files = sorted(path for path in model.rglob("*.*") if path.is_file())
    for path in chance.sample(files, chance.choice((1, 1, 2))):
        data = path.read_bytes()
        changes = CELL_CHANGES if chance.random() < 0.8 else CHANGES
        for _ in range(chance.choice((1, 1, 2))):
            data = chance.choice(changes)(data, chance)
        path.write_bytes(data)
    return model


def words(at: Path, chance: random.Random) -> list[str]:
    """Return the words of a command about the model in ``at``, an option in eight odd."""
    places = {"M": at / "m", "OUT": at / "out", "TEXT": at / "a.txt"}
    told = [str(places.get(word, word)) for word in chance.choice(COMMANDS).split(" ")]
    if chance.random() < 0.12:
        told += [chance.choice(ODD_OPTIONS), chance.choice((*NUMBERS, *WORDS, "RUS", "CPC", "2", "0.5"))[:200]]
    return [*told, *chance.choice(FORMS)]


def wrong(told: Sequence[str], runner: CliRunner) -> str | None:
    """Ask, and return what the command ended in where that is neither a clean answer nor faults."""
    done = runner.invoke(application, list(told))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return "".join(traceback.format_exception(done.exception)[-3:])
    if done.exit_code not in EXITS:
        return f"exit {done.exit_code}: {done.stderr[-600:]}"
    if done.exit_code > 1 and not done.stderr.strip() + done.stdout.strip():
        return f"exit {done.exit_code} without a word"
    if "--json" in told and done.exit_code != USAGE and done.stdout.strip():
        try:
            record = json.loads(done.stdout, parse_constant=_no_number)
        except ValueError as error:
            return f"not JSON: {error}"
        if done.exit_code > 1 and not all(one["mend"] for one in record["faults"] or [{"mend": ""}]):
            return f"exit {done.exit_code} without a mend"
    plain = done.stdout if "--csv" not in told and "--json" not in told else ""
    if found := DIRTY.search(plain + done.stderr):
        shown = plain + done.stderr
        return f"{found[0]!r} leaves: {shown[max(0, found.start() - 60) : found.end() + 20]!r}"
    return None


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def run(first: int, count: int, *, slowest: float = 20.0) -> list[str]:
    """Ask ``count`` commands from the seed ``first`` on; returns what went wrong, each with its seed."""
    told, runner, begun_in = [], CliRunner(), Path.cwd()
    with tempfile.TemporaryDirectory() as held:
        os.chdir(held)
        try:
            for seed in range(first, first + count):
                told += _one(seed, Path(held) / "one", runner, slowest)
        finally:
            os.chdir(begun_in)
    return told


def _one(seed: int, at: Path, runner: CliRunner, slowest: float) -> list[str]:
    chance = random.Random(seed)
    at.mkdir()
    spoilt(at, chance)
    (at / "a.txt").write_text(TEXT + "\n", "utf-8")
    asked = words(at, chance)
    begun = time.process_time()
    ended = wrong(asked, runner)
    took = time.process_time() - begun
    shutil.rmtree(at)
    if ended is None and took > slowest:
        ended = f"took {took:.0f} s"
    return [] if ended is None else [f"seed {seed}, {' '.join(asked)[:300]!r}: {ended}"]


def main(given: Sequence[str]) -> int:
    """Ask ``count`` commands from the seed ``first`` on and print what went wrong."""
    count, first = int(given[0]) if given else 10_000, int(given[1]) if len(given) > 1 else 0
    told = run(first, count)
    sys.stdout.write("\n".join([*told, f"{count:,} commands from seed {first:,}: {len(told)} went wrong"]) + "\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
