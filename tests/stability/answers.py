"""Ask every line of a table of commands, and keep of each answer a digest and its first figures.

A digest is taken of the whole ``--json`` answer with numbers rounded to six figures, so that another processor
gives the same; versions and digests of the model's files are left out, so that only answers show. The exact
bytes are compared by ``python -m tests.stability --against CHECKOUT``.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

HERE = Path(__file__).parent
TABLE = HERE / "answers.csv"
COLUMNS = ("command", "digest", "figures")
FIGURES = 5
TINY = 1e-6
"""What is smaller is what rounding leaves of zero."""

ABOUT_THE_RUN = ("inputs", "kopir", "solver")


@dataclass(frozen=True)
class Kept:
    """What is kept of the answer to one command."""

    command: str
    digest: str
    figures: str


def read_table(path: Path = TABLE) -> list[Kept]:
    """Return what is kept, in the order of the table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Kept(*(row[name] or "" for name in COLUMNS)) for row in csv.DictReader(file)]


def write_table(rows: list[Kept], path: Path = TABLE) -> None:
    """Write the table anew."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.command, row.digest, row.figures) for row in rows)


def prepare(folder: Path) -> None:
    """Lay into ``folder``, where commands are asked, a model to write into, a text and a file of trade."""
    from kopir.cli.application import application

    made = CliRunner().invoke(application, ["new", str(folder / "mine")])
    assert made.exit_code == 0, made.output
    for file in (HERE / "speech.txt", HERE.parent / "data" / "trade" / "baci.csv"):
        (folder / file.name).write_bytes(file.read_bytes())


def ask(command: str) -> bytes:
    """Return the bytes that ``kopir COMMAND --json`` gives, asked in the working directory.

    What a command writes into ``out`` or ``mine`` as Markdown or CSV counts as part of its answer.
    """
    from kopir.cli.application import application

    before = _written()
    said = CliRunner().invoke(application, [*command.split(), "--json"])
    assert said.exit_code in {0, 1}, f"kopir {command}: {said.output}"
    changed = [text for name, text in _written().items() if before.get(name) != text]
    return b"".join((said.stdout_bytes, *changed))


def _written() -> dict[str, bytes]:
    files = [*Path("out").glob("*.md"), *Path("mine").glob("*.csv")]
    return {str(file): file.read_bytes() for file in sorted(files)}


def keep(command: str, answer: bytes) -> Kept:
    """Return what is kept of ``answer``: digest, rows of each table, first figures that are no whole numbers."""
    told, rest = _records(answer.decode("utf-8"))
    digest = hashlib.sha256(json.dumps([_rounded(told), rest], sort_keys=True).encode()).hexdigest()[:12]
    results = [record.get("result", record) for record in told]
    counts = [f"{name} {len(value)} rows" for result in results for name, value in _tables(result)]
    numbers = [f"{name} {value:.6g}" for result in results for name, value in _numbers(result)]
    return Kept(command, digest, "; ".join((*counts[:FIGURES], *numbers[:FIGURES])))


def _records(text: str) -> tuple[list[dict[str, object]], str]:
    """Split an answer into its JSON objects, one or one a line, and the texts after them."""
    found, decoder, place = [], json.JSONDecoder(), 0
    while text[place : place + 1] == "{":
        record, place = decoder.raw_decode(text, place)
        if record.get("run"):
            record["run"] = {name: value for name, value in record["run"].items() if name not in ABOUT_THE_RUN}
        found.append(record)
        place += 1
    return found, text[place:]


def _rounded(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return 0.0 if abs(value) < TINY else float(f"{value:.6g}")
    return value


def _tables(result: object) -> Iterator[tuple[str, list[object]]]:
    if isinstance(result, Mapping):
        for name, value in result.items():
            if isinstance(value, list):
                yield name, value


def _numbers(value: object, name: str = "") -> Iterator[tuple[str, float]]:
    """Yield numbers with their place, depth first."""
    if isinstance(value, float) and abs(value - round(value)) > TINY:
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _numbers(one, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _numbers(one, f"{name}.{place}".lstrip("."))
