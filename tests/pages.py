"""Pages that are executed: files are written, commands run, Python run, and what is shown is what is said.

- a block ``sh``: every line is run; a number after ``sh`` is the exit code that each must have
- ``text``: each line stands in what the last block of commands said, however that was wrapped
- any kind with a file behind it: the file is written; ``add`` after its name adds to it
- ``python``: is run, each page in one namespace
- ``no-run`` after ``sh`` or ``python``: it needs what is not here, and is only shown
- without a kind: is shown, and holds no command of kopir
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```([\w-]*)(?: ([^\n]+))?\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield kind, what stands behind it, and text of each block of a page."""
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))


def run(page: Path, folder: Path, ask: Callable[..., Any], elsewhere: frozenset[str] = frozenset()) -> int:
    """Execute a page in ``folder``, the working directory, and return how many commands and scripts were run.

    Command lines that are run ``elsewhere`` count, and are not run again.
    """
    said, ran, names = "", 0, {"__name__": "page"}
    for kind, where, text in blocks(page):
        if where == "no-run":
            continue
        if kind == "sh":
            said = ""
            for line in filter(None, (line.partition("  #")[0].strip() for line in text.splitlines())):
                ran += 1
                if " ".join(line.split()) in elsewhere:
                    continue
                words = shlex.split(line)
                assert words[0] == "kopir", line
                done = ask(*words[1:])
                assert done.exit_code == int(where or 0), (line, done.stdout[-2000:], done.stderr[-2000:])
                said += f"{done.stdout}\n{done.stderr}\n"
        elif kind == "text":
            flat = " ".join(said.split())
            for line in filter(None, text.splitlines()):
                assert " ".join(line.split()) in flat, (page.name, line, said)
        elif kind == "python":
            exec(compile(text, page.name, "exec"), names)
            ran += 1
        elif kind and where:
            name, _, add = where.partition(" ")
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text((file.read_text("utf-8") if add == "add" else "") + text, encoding="utf-8")
    return ran
