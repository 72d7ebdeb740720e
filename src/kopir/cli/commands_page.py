"""The page of all commands, made from their help: ``python -m kopir.cli.commands_page docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from kopir.cli.application import application
from kopir.cli.examples import examples
from kopir.core.folders.together import write_whole


def commands_page() -> str:
    """Return the page, in Markdown: each command with what it does, its arguments and options, two examples."""
    group = typer.main.get_command(application)
    parts = [
        "# Commands",
        "",
        "`kopir COMMAND --help` prints the same. Options that every command takes stand at the end.",
        "",
    ]
    commands: dict[str, object] = dict(sorted(group.commands.items()))  # type: ignore[attr-defined]
    shared = _shared(commands)
    for name, command in commands.items():
        parts += [f"## {name}", "", *_prose(command), ""]
        parts += [*_rows(command, shared), ""]
        parts += ["```", *examples().get(name, ()), "```", ""]
    parts += ["## Options of every command", "", *_table(shared.values()), ""]
    return "\n".join(parts)


def _prose(command: object) -> Iterator[str]:
    for paragraph in str(getattr(command, "help", "") or "").split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""


def _options(command: object) -> dict[str, tuple[str, str]]:
    """Return the words of each parameter of a command and what it says, by name."""
    found: dict[str, tuple[str, str]] = {}
    for parameter in getattr(command, "params", ()):
        if parameter.name == "help" or getattr(parameter, "hidden", False):
            continue
        option = parameter.param_type_name == "option"
        words = ", ".join((*parameter.opts, *parameter.secondary_opts)) if option else ""
        value = parameter.metavar or ""
        flag = getattr(parameter, "is_flag", False)
        shown = f"{words} {'' if flag else value}".strip() if option else str(value or parameter.name.upper())
        found[parameter.name] = (shown, " ".join(str(getattr(parameter, "help", "") or "").split()))
    return found


def _shared(commands: dict[str, object]) -> dict[str, tuple[str, str]]:
    """Return the options that nearly all commands take, word for word."""
    counts: dict[tuple[str, tuple[str, str]], int] = {}
    for command in commands.values():
        for item in _options(command).items():
            counts[item] = counts.get(item, 0) + 1
    return {name: told for (name, told), count in counts.items() if count >= len(commands) - 3}


def _rows(command: object, shared: dict[str, tuple[str, str]]) -> list[str]:
    return _table(told for name, told in _options(command).items() if shared.get(name) != told)


def _table(rows: object) -> list[str]:
    held = [f"| `{words}` | {meaning.replace('|', '/')} |" for words, meaning in rows]  # type: ignore[attr-defined]
    return ["| word | meaning |", "|---|---|", *held] if held else []


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]) / "commands.md", commands_page().encode())
