"""What a question is: how it is asked, by which options, how it is named, and which ids its numbers have.

Every face is made from it: a method of :class:`kopir.project.Project`, a command, ``kopir why``. Modules that
define questions are read whenever ``kopir --help`` is, so they import what computes where a question is asked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar, overload

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.codes import Language
    from kopir.core.runs import OptionValue
    from kopir.model.contents.model import Model
    from kopir.model.contents.spoken import Sort
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.value.setup import Setup

Given = ParamSpec("Given")
Result = TypeVar("Result")
Kind = Literal["codes", "text", "path", "number", "whole", "wholes", "flag", "date"]


class Asked(Protocol):
    """What a question is asked of: a model, made ready when needed, and a seed for what is drawn."""

    @property
    def model(self) -> Model:
        """The model."""

    @property
    def setup(self) -> Setup:
        """The model made ready: network, calibration, clauses and rates."""

    @property
    def seed(self) -> int:
        """Seed of what is drawn at random."""

    def answer(
        self,
        verb: str,
        result: Result,
        table: pl.DataFrame,
        *,
        horizon: str | None = None,
        status: str = "",
        options: Mapping[str, OptionValue] | None = None,
    ) -> Answer[Result]:
        """Return ``result`` with its main ``table`` and the record of the run of ``verb`` that gave it."""


@dataclass(frozen=True)
class Option:
    """How a parameter of a question is given on a command line or a page: its word, what it says, its kind.

    ``codes`` are any number of names, ``wholes`` of whole numbers; a ``flag`` stands for the value ``gives``.
    ``low`` and ``high`` bound numbers, ``choices`` texts. ``of`` is the sort of thing that codes name, so that
    names in any language stand for them. What is left out keeps the default of the parameter.
    """

    word: str
    help: str
    kind: Kind = "codes"
    metavar: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    gives: object = True
    of: Sort | None = None


@dataclass(frozen=True)
class Question(Generic[Given, Result]):
    """A question about a model.

    ``ask`` computes the answer; its name is the name of the question and its first paragraph says what it
    returns. ``names`` call it in four languages. ``options`` says how its parameters are given. ``ids`` are the
    beginnings of the ids of its numbers; ``numbers`` finds those for an id where asking with the horizon alone
    would not. ``command`` is the command that asks it, the question's own name unless given.
    """

    ask: Callable[Concatenate[Asked, Given], Answer[Result]]
    names: Mapping[Language, str]
    options: Mapping[str, Option] = field(default_factory=dict)
    ids: Sequence[str] = ()
    numbers: Callable[[Asked, str, Horizon], Numbers] | None = None
    command: str = ""

    @property
    def name(self) -> str:
        """The name of the question."""
        return self.ask.__name__

    @property
    def about(self) -> str:
        """What is asked, in a sentence."""
        return " ".join((inspect.getdoc(self.ask) or "").partition("\n\n")[0].split())

    @property
    def defaults(self) -> Mapping[str, object]:
        """The default of each parameter, :attr:`inspect.Parameter.empty` where it must be given."""
        _, *own = inspect.signature(self.ask).parameters.values()
        return {one.name: one.default for one in own}

    def numbers_of(self, asked: Asked, id: str, horizon: Horizon) -> Numbers:
        """Return the numbers among which the one named ``id`` is, if anywhere; those of results at ``horizon``."""
        if self.numbers is not None:
            return self.numbers(asked, id, horizon)
        ask: Callable[..., Answer[Result]] = self.ask
        return (ask(asked, horizon=horizon) if "horizon" in self.defaults else ask(asked)).numbers

    @overload
    def __get__(self, asked: None, owner: type) -> Question[Given, Result]: ...

    @overload
    def __get__(self, asked: Asked, owner: type) -> Callable[Given, Answer[Result]]: ...

    def __get__(
        self, asked: Asked | None, owner: type
    ) -> Question[Given, Result] | Callable[Given, Answer[Result]]:
        """Return the question asked of ``asked``, as a method is."""
        if asked is None:
            return self

        @wraps(self.ask.__get__(asked, owner))
        def method(*args: Given.args, **given: Given.kwargs) -> Answer[Result]:
            return self.asked_of(asked, *args, **given)

        return method

    def asked_of(self, asked: Asked, *args: Given.args, **given: Given.kwargs) -> Answer[Result]:
        """Return the answer, with names in the place of codes and words of the command line understood.

        Raises :class:`kopir.core.errors.InputError` naming each partner that the model does not know, a word that
        is none of its choices, and a keyword that the question does not have.
        """
        from kopir.strategy.value.naming import chosen, renamed, with_codes

        sorts = {name: option.of for name, option in self.options.items() if option.of is not None}
        ask: Callable[..., Answer[Result]] = self.ask
        words = {option.word: name for name, option in self.options.items()}
        told = renamed(self.name, words, tuple(self.defaults), given)
        _, *own = inspect.signature(ask).bind(asked, *args, **told).arguments.items()
        chosen({name: (one.word, one.choices) for name, one in self.options.items() if one.choices}, dict(own))
        return ask(asked, **with_codes(asked.model, sorts, dict(own)))


HORIZON = Option(
    "--horizon",
    "short: months 1-12 after the shock, medium: 13-36, long: after.",
    "text",
    choices=("short", "medium", "long"),
)
SEVERITY = Option("--severity", "Share of what their clauses can close.", "number", low=0, high=1)
DENY = Option("--deny", "Who refuses.", metavar="CODE", of="partners")
WITH = Option("--with", "An option that is built, opened or signed.", metavar="OPTION", of="options")
PARTNER = Option("--partner", "Only this partner.", metavar="CODE", of="partners")
DRAWS = Option("--draws", "Draws of the uncertain inputs, for intervals.", "whole", low=0, high=500)
TIME_LIMIT = Option(
    "--time-limit",
    "Seconds after which the search ends; the best found is told with its gap.",
    "number",
    low=0,
    metavar="SECONDS",
)
INTERVALS = Option("--draws", "Draws behind the intervals, 20 unless given; 0 for none.", "whole", low=0, high=500)
