"""``python -m tests.stability``: compare the answers of all commands, or keep them anew.

Without options it says which answers moved. ``--update [WORD]`` keeps those of all commands, or of commands
that hold WORD, anew; ``--add COMMAND`` keeps those of one more. ``--against CHECKOUT`` asks this source and
another, and compares the bytes; ``--table FILE`` asks the commands of another table, such as one with words of
an earlier release.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from tests.stability.answers import TABLE, ask, keep, prepare, read_table, write_table

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Do what the options say; the exit code is 1 when something moved."""
    options = argparse.ArgumentParser(prog="python -m tests.stability", description=__doc__)
    options.add_argument("--update", nargs="?", const="", metavar="WORD")
    options.add_argument("--add", metavar="COMMAND")
    options.add_argument("--against", type=Path, metavar="CHECKOUT")
    options.add_argument("--table", type=Path, default=TABLE, metavar="FILE")
    options.add_argument("--bytes", action="store_true", help="print the digest of the bytes of each answer")
    chosen = options.parse_args()
    chosen.table = chosen.table.resolve()
    if chosen.against is not None:
        return _against(chosen.against.resolve(), chosen.table)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        prepare(Path(folder))
        if chosen.add is not None:
            rows = [*read_table(chosen.table), keep(chosen.add, ask(chosen.add))]
            write_table(sorted(rows, key=lambda row: row.command.split()[0]), chosen.table)
            return 0
        return _bytes(chosen.table) if chosen.bytes else _compare(chosen.table, chosen.update)


def _bytes(table: Path) -> int:
    for row in read_table(table):
        print(hashlib.sha256(ask(row.command)).hexdigest(), row.command, flush=True)
    return 0


def _compare(table: Path, update: str | None) -> int:
    rows, moved = [], 0
    for row in read_table(table):
        if update and update not in row.command:
            rows.append(row)
            continue
        rows.append(keep(row.command, ask(row.command)))
        if rows[-1] != row:
            moved += 1
            print(f"moved: kopir {row.command}\n  {row.figures}\n  {rows[-1].figures}", flush=True)
    print(f"{moved} of {len(rows)} answers moved{', kept anew' if update is not None else ''}")
    if update is not None:
        write_table(rows, table)
    return int(bool(moved) and update is None)


def _against(other: Path, table: Path) -> int:
    """Ask the sources of both checkouts with the commands and the tools of this one."""
    answers = [_asked(source, table) for source in (other / "src", ROOT / "src")]
    moved = [command for command, digest in answers[0].items() if answers[1].get(command) != digest]
    print(*(f"moved: kopir {command}" for command in moved), sep="\n", end="\n" if moved else "")
    print(f"{len(answers[0]) - len(moved)} of {len(answers[0])} answers are the same bytes")
    return int(bool(moved))


def _asked(source: Path, table: Path) -> dict[str, str]:
    place = os.pathsep.join((str(source), str(ROOT)))
    command = [sys.executable, "-m", "tests.stability", "--bytes", "--table", str(table)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": place}, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{source}: {done.stderr}")
    pairs = [line.split(" ", 1) for line in done.stdout.splitlines()]
    return {command: digest for digest, command in pairs}


if __name__ == "__main__":
    raise SystemExit(main())
