"""Small example folders that new models begin with, one a kind, with comments in the reader's language."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from kopir.core.codes import Language

StarterKind = Literal["export", "import", "transit", "gas", "rail", "trade"]

_WIDTH = 108
_MARK = re.compile(r"@([a-z_]+)")


def starter_path(kind: StarterKind = "export") -> Path:
    """Return the folder of the example of one kind, in which ``@words`` stand for comments."""
    return Path(str(files("kopir.model"))) / "starters" / kind


def fill_comments(folder: Path, kind: StarterKind, language: Language) -> None:
    """Write the comments of ``language`` into a copy of the example of ``kind``, in place of its ``@words``."""
    words = _comments()[language]
    for path in sorted(folder.iterdir()):
        text = path.read_text("utf-8")
        if path.suffix == ".toml":
            tables = [other.stem for other in sorted(folder.glob("*.csv"))]
            text = text.replace("# @head\n", _head(words, kind, tables))
        path.write_text(_MARK.sub(lambda found: str(words[found[1]]), text), encoding="utf-8", newline="")


def _head(words: Mapping[str, Any], kind: StarterKind, tables: list[str]) -> str:
    """Return what stands at the top of kopir.toml: what the folder is, its kind, and a line for each table."""
    wide = max(map(len, tables)) + len(".csv")
    parts = [
        *_wrapped(words["head"]),
        "",
        *_wrapped(words["kinds"][kind]),
        "",
        *_wrapped(words["rows"]),
        "",
        *(f"  {f'{table}.csv':<{wide}}  {words['tables'][table]}" for table in tables),
        "",
        *_wrapped(words["quantity"]),
    ]
    return "".join(f"# {part}".rstrip() + "\n" for part in parts)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)


@cache
def _comments() -> Mapping[str, Mapping[str, Any]]:
    text = files("kopir.model").joinpath("starters/comments.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
