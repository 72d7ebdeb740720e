"""The library face: open a model folder and ask it questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kopir.core.runs import OptionValue, RunRecord, record_run
from kopir.core.version import __version__
from kopir.model.contents.as_of import left_out_by_table
from kopir.model.contents.model import Model
from kopir.model.folder.opening import open_model
from kopir.model.grounds.answers import Answer
from kopir.model.grounds.inventory import Inventory, take_inventory
from kopir.model.grounds.provenance import Trace, trace

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.model.grounds.cited import CitedNumber, Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.model.network.scenario import Prices
    from kopir.report.content import Brief
    from kopir.strategy.corridors.corridor_market import Conditions
    from kopir.strategy.corridors.corridor_record import CorridorRecord
    from kopir.strategy.corridors.corridors import CorridorsResult
    from kopir.strategy.course.fitting import FitResult
    from kopir.strategy.course.hindcast import HindcastResult
    from kopir.strategy.course.incident import IncidentResult
    from kopir.strategy.course.stress import StressResult
    from kopir.strategy.layers.layers import LayersResult
    from kopir.strategy.outlook.openings import OpeningsResult
    from kopir.strategy.portfolio.result import PortfolioResult
    from kopir.strategy.portfolio.swap import SwapResult
    from kopir.strategy.refusal.coalitions import CoalitionResult, SampledShapley
    from kopir.strategy.refusal.leverage import LeverageResult
    from kopir.strategy.trade.imports import ImportsResult
    from kopir.strategy.value.flows import FlowResult
    from kopir.strategy.value.setup import Setup


_IN_BRIEF = frozenset({"coalitions", "corridor", "flow", "leverage", "portfolio", "swap", "transit"})
"""Questions whose ids the brief uses too, for numbers of its own."""

__all__ = ["Answer", "Project", "open_project"]


@dataclass(frozen=True)
class Project:
    """A model opened to be asked. Every verb returns a frozen :class:`Answer`; nothing prints.

    ``seed`` is used where something is drawn at random and stands in every run record.
    """

    model: Model
    seed: int

    @cached_property
    def setup(self) -> Setup:
        """The model made ready: network, calibration, clauses and rates.

        Raises :class:`kopir.core.errors.ModelError` where recorded flows cannot be calibrated.
        """
        from kopir.strategy.value.setup import prepare

        return prepare(self.model)

    def check(self) -> Answer[Inventory]:
        """Return what the model holds and rests on; a model with faults does not open."""
        held = take_inventory(self.model)
        return Answer(held, held.table, self.record("check", status="sound"))

    def flow(
        self,
        *,
        denied: Sequence[str] = (),
        severity: float = 1.0,
        plan: Sequence[str] = (),
        horizon: Horizon = "short",
    ) -> Answer[FlowResult]:
        """Return the optimal flow when ``denied`` jurisdictions refuse and the options of ``plan`` are built.

        ``severity`` is the share (0 to 1) of what their clauses can close. Raises
        :class:`kopir.core.errors.InputError` for an unknown jurisdiction or option and
        :class:`kopir.core.errors.ModelError` when there is no optimum or obligations forbid the plan.
        """
        from kopir.model.network.clauses import Denial
        from kopir.strategy.institutions.obligations import refuse_contradictions
        from kopir.strategy.value.flows import optimal_flow

        if plan:
            refuse_contradictions(self.model, plan)

        denial = Denial(frozenset(denied), severity)
        result = optimal_flow(self.setup, span=horizon, denial=denial, plan=plan)
        options: dict[str, OptionValue] = {
            "denied": tuple(sorted(denied)),
            "severity": severity,
            "plan": tuple(sorted(plan)),
        }
        run = self.record("flow", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run)

    def leverage(
        self, *, horizon: Horizon = "short", severity: float = 1.0, parties: Sequence[str] = ()
    ) -> Answer[LeverageResult]:
        """Return sensitivity and leverage of each of ``parties`` (the model's players unless named).

        Shapley values stand beside them where the model has at most 12 players, since the four figures are
        read together. Raises as :meth:`flow` does.
        """
        from kopir.strategy.refusal.coalitions import MOST_PLAYERS
        from kopir.strategy.refusal.leverage import leverage, with_shapley

        result = leverage(self.setup, span=horizon, severity=severity, parties=tuple(parties) or None)
        if len(self.model.settings.players) <= MOST_PLAYERS:
            game = self.coalitions(horizon=horizon, severity=severity)
            result = with_shapley(result, game.result.shares)
        options: dict[str, OptionValue] = {"parties": tuple(parties), "severity": severity}
        run = self.record("leverage", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run)

    def imports(
        self,
        *,
        parties: Sequence[str] = (),
        by_sector: bool = False,
        severity: float = 1.0,
        months: Sequence[int] = (),
    ) -> Answer[ImportsResult]:
        """Return what it costs when each of ``parties`` withholds its goods, as a whole or ``by_sector``.

        ``months`` are the lengths of a refusal to count. Raises :class:`kopir.core.errors.InputError` for an
        unknown party and for a model without figures of imports.
        """
        from kopir.strategy.trade.imports import MONTHS, imports

        lengths = tuple(months) or MONTHS
        result = imports(self.model, parties=parties, by_sector=by_sector, severity=severity, months=lengths)
        options: dict[str, OptionValue] = {
            "function": "imports",
            "by_sector": by_sector,
            "parties": tuple(parties),
            "severity": severity,
            "months": ",".join(map(str, lengths)),
        }
        return Answer(result, result.table, self.record("leverage", options=options))

    def coalitions(
        self, *, horizon: Horizon = "short", severity: float = 1.0, players: Sequence[str] = ()
    ) -> Answer[CoalitionResult]:
        """Return what every coalition of ``players`` (the model's unless named) can take, with Shapley values.

        Raises as :meth:`flow` does, and :class:`kopir.core.errors.InputError` when more than 12 players touch
        something: :meth:`sampled_coalitions` then estimates.
        """
        from kopir.strategy.refusal.coalitions import coalitions

        named = tuple(players) or self.model.settings.players
        result = coalitions(self.setup.valuation(horizon), named, severity=severity, setup=self.setup)
        options: dict[str, OptionValue] = {"players": named, "severity": severity}
        run = self.record("coalitions", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.shares, run)

    def sampled_coalitions(
        self, samples: int, *, horizon: Horizon = "short", severity: float = 1.0, players: Sequence[str] = ()
    ) -> Answer[SampledShapley]:
        """Return Shapley values estimated from ``samples`` random orders, drawn with the project's seed.

        Raises as :meth:`flow` does.
        """
        from kopir.strategy.refusal.coalitions import sampled_shapley

        named = tuple(players) or self.model.settings.players
        valuation = self.setup.valuation(horizon)
        result = sampled_shapley(
            valuation, named, samples=samples, seed=self.seed, severity=severity, setup=self.setup
        )
        options: dict[str, OptionValue] = {"players": named, "severity": severity, "samples": samples}
        run = self.record("coalitions", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.shares, run)

    def portfolio(
        self, *, horizon: Horizon = "short", severity: float = 1.0, draws: int = 0, by_year: bool = False
    ) -> Answer[PortfolioResult]:
        """Return partner by function: ties, shares, losses, how concentrated each function is and how that moved.

        ``draws`` of all uncertain inputs give network losses an interval, without which functions are not
        ranked; ``by_year`` solves every year with recorded flows. Raises as :meth:`flow` does.
        """
        from kopir.strategy.portfolio.vectors import portfolio

        result = portfolio(
            self.setup, span=horizon, severity=severity, draws=draws, seed=self.seed, by_year=by_year
        )
        options: dict[str, OptionValue] = {"severity": severity, "draws": draws}
        run = self.record("portfolio", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run)

    def swap(self, *, horizon: Horizon = "short") -> Answer[SwapResult]:
        """Return the portfolio with roles swapped: who relies on the focal state, and for what.

        Raises as :meth:`flow` does.
        """
        from kopir.model.ties.functions import read_functions
        from kopir.strategy.portfolio.swap import swap

        result = swap(self.setup, read_functions(self.model), span=horizon)
        run = self.record("swap", horizon=horizon, status="optimal")
        return Answer(result, result.ties.table, run)

    def layers(
        self, names: Sequence[str] = (), *, parties: Sequence[str] = (), year: int | None = None
    ) -> Answer[LayersResult]:
        """Return volumes and control of the accounting layers ``names`` (all unless named), without money.

        ``year`` is the year of the volumes, the latest recorded of each route unless given. Raises
        :class:`kopir.core.errors.InputError` for an unknown layer or party.
        """
        from kopir.strategy.layers.layers import layers

        result = layers(self.model, names, parties=parties, year=year)
        party = "+".join(parties)
        options: dict[str, OptionValue] = {"layers": tuple(names), "party": party, "year": year or "latest"}
        run = self.record("layers", status="recorded", options=options)
        return Answer(result, result.control, run)

    def options(self, names: Sequence[str] = (), *, horizon: Horizon = "medium") -> Answer[OpeningsResult]:
        """Return what each of the options ``names`` (all unless named) changes if it alone opens, and for whom.

        Raises :class:`kopir.core.errors.InputError` for an unknown option, and as :meth:`flow` does.
        """
        from kopir.strategy.outlook.openings import openings

        result = openings(self.model, lambda: self.setup, names, horizon=horizon)
        options: dict[str, OptionValue] = {"options": tuple(sorted(names))}
        run = self.record("options", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run)

    def brief(self, *, language: Language = "en", horizon: Horizon = "short") -> Brief:
        """Return the brief of the model; :func:`kopir.report.brief.write_brief` writes it.

        Raises :class:`kopir.core.errors.ModelError` where the model has no optimum.
        """
        from kopir.report.brief import build_brief

        return build_brief(self.setup, language=language, seed=self.seed, horizon=horizon)

    def stress(self, scenario: Path | str, *, foresight: bool = False, draws: int = 0) -> Answer[StressResult]:
        """Return the course of a dated scenario: a file, or a name in the model's ``scenarios`` folder.

        Each step is decided without knowledge of the next unless ``foresight``; ``draws`` with the project's
        seed say how sure the figures are. Raises
        :class:`kopir.core.errors.InputError` with every fault of the scenario, and as :meth:`flow` does.
        """
        from kopir.model.network.scenario import read_scenario
        from kopir.strategy.course.course_intervals import course_intervals
        from kopir.strategy.course.stress import stress

        given = read_scenario(Path(scenario), self.model)
        result = stress(self.setup, given, foresight=foresight)
        if draws:
            ranges = course_intervals(self.setup, given, result, draws=draws, seed=self.seed)
            result = replace(result, intervals=ranges)
        options: dict[str, OptionValue] = {"scenario": result.scenario, "foresight": foresight, "draws": draws}
        run = self.record("stress", horizon="scenario", status="optimal", options=options)
        return Answer(result, result.table, run)

    def incident(
        self,
        lose: Sequence[str],
        days: int,
        *,
        start: date | None = None,
        draws: int | None = None,
        prices: Prices = "dated",
    ) -> Answer[IncidentResult]:
        """Return the card of losing assets (codes, or ``GROUP:COUNT``) for some days.

        ``start`` is the first day, 1 January after the base year unless given; intervals come from ``draws``
        with the project's seed; ``prices`` are those of the months or of the base year. Raises
        :class:`kopir.core.errors.InputError` for an unknown asset or a month without a price, and as
        :meth:`flow` does.
        """
        from kopir.strategy.course.incident import DRAWS, incident

        first = start or date(self.model.settings.model.base_year + 1, 1, 1)
        count = DRAWS if draws is None else draws
        result = incident(self.setup, lose, days, start=first, draws=count, seed=self.seed, prices=prices)
        options: dict[str, OptionValue] = {"lose": tuple(lose), "days": days, "draws": count, "from": str(first)}
        options["prices"] = prices
        run = self.record("incident", horizon="days", status="optimal", options=options)
        return Answer(result, result.intervals.table, run)

    def hindcast(self, *, draws: int = 0) -> Answer[HindcastResult]:
        """Return recorded events replayed, predicted beside observed; ``draws`` say how sure the predictions are.

        Raises :class:`kopir.core.errors.InputError` for a faulty scenario of an event, and as :meth:`flow` does.
        """
        from kopir.strategy.course.hindcast import hindcast

        result = hindcast(self.model, draws=draws, seed=self.seed)
        run = self.record("hindcast", horizon="scenario", status="optimal")
        return Answer(result, result.table, run)

    def fit(self) -> Answer[FitResult]:
        """Return what recorded events of split ``fit`` say about the parameters of fitted.csv.

        Raises as :meth:`hindcast` does.
        """
        from kopir.strategy.course.fitting import fit_parameters

        result = fit_parameters(self.model)
        return Answer(result, result.table, self.record("fit", horizon="scenario", status="optimal"))

    def corridors(self, conditions: Conditions | None = None, **places: str | None) -> Answer[CorridorsResult]:
        """Return container corridors from ``origin`` to ``destination``, as the market stands unless given.

        Raises :class:`kopir.core.errors.InputError` for what the model does not know, price gaps included.
        """
        from kopir.strategy.corridors.corridors import asked_conditions, corridors

        asked = asked_conditions(self.model, conditions)
        result = corridors(self.model, asked, **places)
        options: dict[str, OptionValue] = {"from": result.origin, "to": result.destination, **asked.as_options()}
        run = self.record("corridors", options=options)
        return Answer(result, result.table, run)

    def corridor_record(self) -> Answer[CorridorRecord]:
        """Return recorded volumes of routes predicted from the year before; raises as :meth:`corridors` does."""
        from kopir.strategy.corridors.corridor_record import corridor_record

        result = corridor_record(self.model)
        return Answer(result, result.table, self.record("corridors", options={"hindcast": True}))

    def why(self, name: str, *, horizon: Horizon = "short", memory: Path | None = None) -> Trace:
        """Return the way from a number to model rows, facts, formulas and sources.

        ``name`` is an id as :mod:`kopir.model.grounds.provenance` lists them; ids of results are computed at
        ``horizon``, those of the brief looked up in the folder ``memory`` first, where
        :func:`kopir.report.recall.remember` has kept them for the same content and question. Raises
        :class:`kopir.core.errors.InputError` when nothing has this id.
        """
        verb = name.partition(":")[0]
        if ":" not in name or verb in self.model.folder.tables:
            return trace(self.model, name)
        numbers = self._numbers_of(verb, name, horizon)
        if numbers is not None and (name in numbers or verb not in _IN_BRIEF):
            return trace(self.model, name, numbers)
        return self._why_in_brief(name, horizon, memory)

    def _numbers_of(self, verb: str, name: str, horizon: Horizon) -> Numbers | None:
        """Return the numbers of the question that an id belongs to, ``None`` where there is no such question."""
        if name.startswith("leverage:imports:"):
            parties = [name.split(":")[2]]
            found: dict[str, CitedNumber] = {}
            for by_sector in (False, True):
                if name not in found:
                    found |= self.imports(parties=parties, by_sector=by_sector).numbers
            return found
        if verb == "option":
            from kopir.strategy.outlook.openings import option_numbers

            return option_numbers(self.model)
        subject = name.split(":")[1:-1]
        asks: Mapping[str, Callable[[], Answer[object]]] = {
            "leverage": lambda: self.leverage(horizon=horizon),
            "coalitions": lambda: self.coalitions(horizon=horizon),
            "flow": lambda: self.flow(horizon=horizon),
            "portfolio": lambda: self.portfolio(horizon=horizon, by_year=name.startswith("portfolio:vectors:")),
            "swap": lambda: self.swap(horizon=horizon),
            "layer": self.layers,
            "corridor": self.corridors,
            "transit": self.corridors,
            "hindcast": self.hindcast,
            "stress": lambda: self.stress(":".join(subject)),
        }
        if verb == "incident" and subject and subject[-1].isdecimal():
            return self.incident(":".join(subject[:-1]).split("+"), int(subject[-1]), draws=0).numbers
        return asks[verb]().numbers if verb in asks else None

    def _why_in_brief(self, name: str, horizon: Horizon, memory: Path | None) -> Trace:
        from kopir.report.recall import trace_in_brief, trace_recalled

        found = trace_recalled(self.model, name, self.record("brief", horizon=horizon), memory)
        return trace_in_brief(self.model, name, self.brief(horizon=horizon)) if found is None else found

    def record(
        self,
        verb: str,
        *,
        horizon: str | None = None,
        status: str = "",
        options: Mapping[str, OptionValue] | None = None,
    ) -> RunRecord:
        """Return the record of a run of ``verb`` on this model."""
        solver, gap = "", None
        if horizon is not None:
            from kopir.flow.program import solver_version

            solver, gap = f"HiGHS {solver_version()}", 0.0
        return record_run(
            self.model.folder,
            kopir=__version__,
            seed=self.seed,
            horizon=horizon,
            as_of=self.model.as_of,
            left_out=left_out_by_table(self.model.left_out),
            options={"verb": verb, **(options or {})},
            solver=solver,
            status=status,
            gap=gap,
        )


def open_project(path: Path | str, *, as_of: date | None = None, seed: int | None = None) -> Project:
    """Open a model folder, or the bundled model of that name, as it stood on ``as_of``.

    ``seed`` replaces that of kopir.toml. Raises :class:`kopir.core.errors.InputError` with every fault found,
    and :class:`kopir.core.errors.VersionMismatch` when the folder is newer than this kopir.
    """
    model = open_model(path, as_of=as_of)
    return Project(model, model.settings.model.seed if seed is None else seed)
