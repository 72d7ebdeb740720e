"""The words of the command line: options that take several values, and the words of the last release.

One word names one thing in every command: ``--deny`` who refuses, ``--lose`` what is lost, ``--with`` what is
built or opened, ``--partner`` and ``--function`` which rows are shown, ``--lang`` the language of the answer and
``--input-lang`` that of documents.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

import typer
from typer.core import TyperCommand
from typer.main import get_command_from_info
from typer.models import CommandInfo

from kopir.cli.examples import shown
from kopir.cli.options import spread

LAST = ""
"""What an old option became whose value is now the last argument."""

_INPUT = {"--lang": "--input-lang"}
RETIRED = {
    "coalitions": {"--player": "--partner"},
    "corridors": {"--without": "--deny", "--close": "--lose", "--open": "--with"},
    "facts": _INPUT,
    "flow": {"--build": "--with"},
    "leverage": {"--party": "--partner"},
    "narratives": _INPUT,
    "obligations": {"--build": "--with", "--plan": "--with"},
    "options": {"--option": "--with"},
    "read": _INPUT,
    "review": {**_INPUT, "--model": LAST},
}
"""Words of 0.1 by command, each with the word that took its place; taken until 0.3."""


class Command(TyperCommand):
    """A command that takes the words of the last release and says so, and values joined by commas.

    Its options are made when they are first looked at: of forty commands a process asks one.
    """

    def __init__(self, asked: Callable[..., None]) -> None:
        super().__init__(asked.__name__.rstrip("_"), help=inspect.getdoc(asked))
        self._asked = asked
        del self.params, self.callback, self.epilog  # each is found when it is first asked for

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401 - typer keeps its commands to itself
        info = CommandInfo(name=self.name, callback=spread(self._asked))
        mode = self.rich_markup_mode
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=mode)

    @cached_property
    def epilog(self) -> str | None:  # type: ignore[override]
        """Examples, shown below the help."""
        return shown(self.name or "")

    @cached_property
    def params(self) -> Any:  # type: ignore[override] # noqa: ANN401
        """The options and arguments of the command."""
        taken_plainly(self._made.params, get_type_hints(self._made.callback))
        return self._made.params

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps its context to itself
        """Return options and arguments, and how to ask for help."""
        found = super().get_params(ctx)
        taken_plainly(found)
        return found

    @cached_property
    def callback(self) -> Any:  # type: ignore[override] # noqa: ANN401
        """What is called with the values given."""
        return self._made.callback

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its context to itself
        """Put today's words in the place of old ones, one value to each option, and parse."""
        told, notes = renewed(self.name or "", args)
        if not {"-q", "--quiet"} & set(args):
            for note in notes:
                typer.echo(note, err=True)
        repeated = {
            word
            for option in self.params
            if getattr(option, "multiple", False) and "=" not in str(option.metavar)
            for word in option.opts
        }
        return super().parse_args(ctx, list(one_each(told, repeated)))


def taken_plainly(options: Sequence[Any], kinds: Mapping[str, Any] | None = None) -> None:
    """Let ``options`` keep their defaults, and plain text where ``kinds`` ask for text, as they are.

    Typer would build a validator for each of the twenty options of a command, told or not.
    """
    for one in options:
        if "process_value" not in vars(one):
            one.process_value = _plainly(one, (kinds or {}).get(one.name))


def _plainly(option: Any, kind: Any) -> Callable[[Any, Any], Any]:  # noqa: ANN401 - typer keeps these to itself
    checked = option.process_value
    several = getattr(option, "multiple", False) or option.nargs == -1
    texts = kind in (list[str], list[str] | None) if several else kind in (str, str | None)

    def process(ctx: Any, value: Any) -> Any:  # noqa: ANN401
        left = value is None or (value is option.default and isinstance(value, str | int | float))
        if left and not option.required:
            value = () if several else value
        elif texts and value and all(isinstance(one, str) and one.isascii() for one in value):
            value = list(value) if several else value
        else:
            return checked(ctx, value)
        return value if option.callback is None else option.callback(ctx, option, value)

    return process


def renewed(command: str, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of a command line in today's form, and what is to be said of those that are old."""
    retired = RETIRED.get(command, {})
    told: list[str] = []
    last: list[str] = []
    notes: list[str] = []
    left = iter(_without_csv_file(command, words, notes))
    for word in left:
        name, equals, value = word.partition("=")
        if word == "--":
            told += [word, *left]
        elif name not in retired:
            told.append(word)
        elif retired[name] == LAST:
            last += [value] if equals else [one for one in (next(left, None),) if one is not None]
            notes.append(f"{name} is now the last argument; the word goes with release 0.3")
        else:
            told.append(f"{retired[name]}{equals}{value}")
            notes.append(f"{name} is now {retired[name]}; the old word goes with release 0.3")
    return [*told, *last], list(dict.fromkeys(notes))


def one_each(words: Iterable[str], repeated: set[str]) -> Iterator[str]:
    """Yield ``words`` with each value of a ``repeated`` option on its own, where commas join several."""
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        if word == "--":
            yield word
            yield from left
        elif name not in repeated:
            yield word
        else:
            told = value if equals else next(left, None)
            if told is None:
                yield word
                return
            for one in [part.strip() for part in told.split(",") if part.strip()] or [told]:
                yield name
                yield one


def _without_csv_file(command: str, words: Sequence[str], notes: list[str]) -> list[str]:
    """Return the words of ``read`` with ``--csv --out FILE`` in the place of ``--csv FILE``, as 0.1 took it."""
    told = list(words)
    if command != "read":
        return told
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        file = value if equals else next(iter(words[place + 1 : place + 2]), "")
        if name == "--csv" and Path(file).suffix == ".csv" and (equals or not Path(file).exists()):
            told[place : place + 1 + (not equals)] = ["--csv", "--out", file]
            notes.append("--csv FILE is now --csv --out FILE; the old form goes with release 0.3")
            break
    return told
