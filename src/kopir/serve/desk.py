"""The desk: one model kept open, with its answers kept warm."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kopir.model.grounds.answers import Answer
from kopir.report.brief import edition_of
from kopir.serve.choice import Choice
from kopir.serve.tray import Tray

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue, RunRecord
    from kopir.model.grounds.provenance import Trace
    from kopir.project import Project
    from kopir.strategy.outages.together import RefusalResult
    from kopir.strategy.refusal.leverage import LeverageResult
    from kopir.strategy.value.question import Question
    from kopir.strategy.value.setup import Setup
    from kopir.strategy.value.uncertainty import IntervalResult
    from kopir.strategy.value.valuation import Span, Valuation

KEPT = 200
"""Answers that are kept warm."""
_LASTING = frozenset({"refusal", "words"})
"""Beginnings of the keys of what no scenario changes."""
Kept = TypeVar("Kept")


@dataclass
class Desk:
    """A project that is asked by several at once: one question is solved at a time, a click beside a long one.

    Refusals have value functions of their own, one for each span, so that they do not wait for questions.
    """

    project: Project
    tray: Tray = field(default_factory=Tray)
    _warm: OrderedDict[object, Any] = field(default_factory=OrderedDict, repr=False)
    _valuations: OrderedDict[Span, Valuation] = field(default_factory=OrderedDict, repr=False)
    _clicks: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _questions: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _lay: frozenset[tuple[str, int, int]] = field(default_factory=frozenset, repr=False)
    _makes: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @cached_property
    def edition(self) -> str:
        """Eight letters that name what the folder held when it was opened."""
        return edition_of(self.project.model.folder)

    @cached_property
    def changeable(self) -> bool:
        """Whether the folder may be written to: a bundled model may not."""
        from kopir.model.bundled import bundled_models, bundled_path

        own = self.project.model.folder.path.resolve()
        bundled = (bundled_path(name) for name in bundled_models())
        return own not in {path.resolve() for path in bundled if path is not None}

    def look(self) -> None:
        """Open the folder anew where its files have moved since; raises as :meth:`renew` does."""
        if _lies(self.project.model.folder.path) != self._lay:
            self.renew()

    def renew(self) -> None:
        """Open the folder anew, where it holds something else than when it was opened.

        Raises :class:`kopir.core.errors.InputError` with every fault of what it holds now.
        """
        from kopir.project import open_project

        model = self.project.model
        with self._clicks, self._questions, self._makes:
            lay = _lies(model.folder.path)
            found = open_project(model.folder.path, as_of=model.as_of, seed=self.project.seed)
            self._lay = lay
            if edition_of(found.model.folder) == self.edition:
                self._forget_answers()
                return
            self.project = found
            self._warm.clear()
            self._valuations.clear()
            for name in ("edition", "setup", "_run"):
                self.__dict__.pop(name, None)

    def __post_init__(self) -> None:
        self._lay = _lies(self.project.model.folder.path)

    def forget(self) -> None:
        """Let go of the refusals that are kept warm."""
        with self._clicks:
            for key in [one for one in self._warm if isinstance(one, tuple) and one[0] == "refusal"]:
                del self._warm[key]

    def _forget_answers(self) -> None:
        """Let go of answers that may rest on a scenario, which is no table and has no part in the edition."""
        asked = [one for one in self._warm if isinstance(one, tuple) and one[0] not in _LASTING]
        for key in asked:
            del self._warm[key]

    @cached_property
    def setup(self) -> Setup:
        """The model made ready, with every asset closable."""
        from kopir.strategy.outages.together import closable

        return closable(self.project.setup)

    def settled(self, choice: Choice) -> Choice:
        """Return the choice with nothing said that goes without saying: the months of the short horizon."""
        usual = (1, choice.months) == tuple(self.project.model.settings.horizons.short)
        return replace(choice, months=None) if usual else choice

    def refusal(self, choice: Choice) -> Answer[RefusalResult]:
        """Return what a choice changes; intervals are there where they are asked for or known already."""
        key = ("refusal", choice.deny, choice.lose, choice.severity, choice.months, choice.draws)
        with self._clicks:
            answer: Answer[RefusalResult] = self._kept(key, lambda: self._refusal(choice))
        if answer.result.intervals is None and choice.usual and (known := self._known(choice.deny[0])) is not None:
            return replace(answer, result=replace(answer.result, intervals=known))
        return answer

    def _refusal(self, choice: Choice) -> Answer[RefusalResult]:
        from kopir.strategy.outages.together import refusal, span_of, with_intervals
        from kopir.strategy.value.uncertainty import SHOWN

        project = self.project
        parties, lost = self.named(choice)
        span = span_of(project.setup, "short", choice.months)
        valuation = self._valuation(span)
        result = refusal(project.setup, parties, lost, span=span, severity=choice.severity, valuation=valuation)
        draws = SHOWN if choice.draws else 0
        if draws:
            result = with_intervals(result, span=span, draws=draws, seed=project.seed)
        options: dict[str, OptionValue] = {
            "verb": "refusal",
            "parties": parties,
            "lost": lost,
            "severity": choice.severity,
            "draws": draws,
        }
        run = replace(self._run, horizon=result.horizon, options=options)
        return Answer(result, result.table, run)

    def named(self, choice: Choice) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes of who refuses and of what is lost; raises :class:`InputError` for unknown names."""
        from kopir.strategy.questions import Questions
        from kopir.strategy.value.naming import with_codes

        sorts = {name: of for name, one in Questions.refusal.options.items() if (of := one.of) is not None}
        named = with_codes(self.project.model, sorts, {"parties": choice.deny, "lost": choice.lose})
        parties, lost = (tuple(map(str, _listed(named[name]))) for name in ("parties", "lost"))
        return parties, lost

    @cached_property
    def _run(self) -> RunRecord:
        """The record of a refusal, which is made once: what a model holds does not change while it is open."""
        return self.project.record("refusal", horizon="short", status="optimal")

    def _valuation(self, span: Span) -> Valuation:
        if span not in self._valuations:
            self._valuations[span] = self.setup.valuation(span)
            if len(self._valuations) > KEPT // 10:
                self._valuations.popitem(last=False)
        return self._valuations[span]

    @property
    def leverage(self) -> Answer[LeverageResult] | None:
        """What each refusal costs, with intervals, where that is known by now."""
        known: Answer[LeverageResult] | None = self._warm.get("leverage")
        return known

    def warm(self) -> Answer[LeverageResult]:
        """Return what each refusal costs, solved if it is not known yet."""
        with self._questions:
            answer: Answer[LeverageResult] = self._kept("leverage", self.project.leverage)
            return answer

    def _known(self, partner: str) -> IntervalResult | None:
        known = self.leverage
        drawn = None if known is None else known.result.intervals
        if drawn is None or partner not in drawn.table["partner"]:
            return None
        own = drawn.table.filter(partner=partner).rename({"partner": "refused"})
        return replace(drawn, table=own)

    def answer(self, question: Question[..., Any], options: Mapping[str, object]) -> Answer[Any]:
        """Return the answer to a question with ``options``; raises as the question does."""
        key = (question.name, tuple(sorted((name, _frozen(value)) for name, value in options.items())))
        with self._questions:
            answer: Answer[Any] = self._kept(key, lambda: question.asked_of(self.project, **options))
            return answer

    def trace(self, name: str, choice: Choice) -> Trace:
        """Return what the number ``name`` rests on; that of a refusal where ``choice`` says which.

        Numbers of answers that are known already are not solved again. Raises
        :class:`kopir.core.errors.InputError` where nothing has this id.
        """
        from kopir.model.grounds.cited import renewed
        from kopir.model.grounds.provenance import trace

        name = renewed(name)
        if name.startswith("refusal:") and not choice.nothing:
            return trace(self.project.model, name, self.refusal(choice).numbers)
        with self._questions:
            for known in [one for one in self._warm.values() if isinstance(one, Answer)]:
                if name in known.numbers:
                    return trace(self.project.model, name, known.numbers)
            return self.project.why(name)

    def solved(self, key: object, make: Callable[[], Kept]) -> Kept:
        """Return what ``make``, which may take long and ask questions, gives for ``key``; made once."""
        with self._questions:
            found: Kept = self._kept(key, make)
            return found

    def made(self, key: object, make: Callable[[], Kept]) -> Kept:
        """Return what ``make``, which asks no question, gives for ``key``; made once."""
        with self._makes:
            found: Kept = self._kept(key, make)
            return found

    def _kept(self, key: object, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - answers of any question
        if key in self._warm:
            return self._warm[key]
        made = self._warm[key] = make()
        while len(self._warm) > KEPT:
            oldest = next(one for one in self._warm if one != "leverage")
            self._warm.pop(oldest, None)
        return made


def _lies(path: Path) -> frozenset[tuple[str, int, int]]:
    """Return what tells whether a file of a folder or of its scenarios has moved: names, sizes and times."""
    held = []
    for place in (path, path / "scenarios"):
        try:
            with os.scandir(place) as entries:
                held += [(f"{place.name}/{entry.name}", entry.stat()) for entry in entries if entry.name[0] != "."]
        except OSError:  # opening the folder tells why
            continue
    return frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in held)


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
