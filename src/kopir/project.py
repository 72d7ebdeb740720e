"""The library face: open a model folder and ask it questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kopir import __version__
from kopir.core.runs import OptionValue, RunRecord, record_run
from kopir.core.units import unit_of_column
from kopir.model.answers import Answer
from kopir.model.as_of import left_out_by_table
from kopir.model.inventory import Inventory, take_inventory
from kopir.model.model import Model, open_model
from kopir.model.provenance import Trace, trace

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.model.capacity import Horizon
    from kopir.model.scenario import Prices
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
    from kopir.strategy.portfolio.swap import SwapResult
    from kopir.strategy.portfolio.vectors import PortfolioResult
    from kopir.strategy.refusal.coalitions import CoalitionResult, SampledShapley
    from kopir.strategy.refusal.leverage import LeverageResult
    from kopir.strategy.trade.imports import ImportsResult
    from kopir.strategy.value.flows import FlowResult
    from kopir.strategy.value.setup import Setup


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
        from kopir.model.clauses import Denial
        from kopir.strategy.institutions.obligations import refuse_contradictions
        from kopir.strategy.refusal.inputs import flow_inputs
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
        return Answer(result, result.table, run, flow_inputs(self.setup, result))

    def leverage(
        self, *, horizon: Horizon = "short", severity: float = 1.0, parties: Sequence[str] = ()
    ) -> Answer[LeverageResult]:
        """Return sensitivity and leverage of each of ``parties`` (the model's players unless named).

        Shapley values stand beside them where the model has at most 12 players, since the four figures are
        read together. Raises as :meth:`flow` does.
        """
        from kopir.strategy.refusal.coalitions import MOST_PLAYERS
        from kopir.strategy.refusal.inputs import leverage_inputs
        from kopir.strategy.refusal.leverage import leverage, with_shapley

        result = leverage(self.setup, span=horizon, severity=severity, parties=tuple(parties) or None)
        if len(self.model.settings.players) <= MOST_PLAYERS:
            game = self.coalitions(horizon=horizon, severity=severity)
            result = with_shapley(result, game.result.shares)
        options: dict[str, OptionValue] = {"parties": tuple(parties), "severity": severity}
        run = self.record("leverage", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run, leverage_inputs(self.setup, result))

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
        return Answer(result, result.table, self.record("leverage", options=options), result.inputs)

    def coalitions(
        self, *, horizon: Horizon = "short", severity: float = 1.0, players: Sequence[str] = ()
    ) -> Answer[CoalitionResult]:
        """Return what every coalition of ``players`` (the model's unless named) can take, with Shapley values.

        Raises as :meth:`flow` does, and :class:`kopir.core.errors.InputError` when more than 12 players touch
        something: :meth:`sampled_coalitions` then estimates.
        """
        from kopir.strategy.refusal.coalitions import coalitions
        from kopir.strategy.refusal.inputs import coalition_inputs

        named = tuple(players) or self.model.settings.players
        result = coalitions(self.setup.valuation(horizon), named, severity=severity)
        options: dict[str, OptionValue] = {"players": named, "severity": severity}
        run = self.record("coalitions", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.shares, run, coalition_inputs(self.setup, result.shares))

    def sampled_coalitions(
        self, samples: int, *, horizon: Horizon = "short", severity: float = 1.0, players: Sequence[str] = ()
    ) -> Answer[SampledShapley]:
        """Return Shapley values estimated from ``samples`` random orders, drawn with the project's seed.

        Raises as :meth:`flow` does.
        """
        from kopir.strategy.refusal.coalitions import sampled_shapley
        from kopir.strategy.refusal.inputs import coalition_inputs

        named = tuple(players) or self.model.settings.players
        valuation = self.setup.valuation(horizon)
        result = sampled_shapley(valuation, named, samples=samples, seed=self.seed, severity=severity)
        options: dict[str, OptionValue] = {"players": named, "severity": severity, "samples": samples}
        run = self.record("coalitions", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.shares, run, coalition_inputs(self.setup, result.shares))

    def portfolio(
        self, *, horizon: Horizon = "short", severity: float = 1.0, draws: int = 0, by_year: bool = False
    ) -> Answer[PortfolioResult]:
        """Return partner by function: ties, shares, losses, how concentrated each function is and how that moved.

        ``draws`` of all uncertain inputs give network losses an interval, without which functions are not
        ranked; ``by_year`` solves every year with recorded flows. Raises as :meth:`flow` does.
        """
        from kopir.strategy.portfolio.portfolio_numbers import portfolio_numbers
        from kopir.strategy.portfolio.vectors import portfolio

        result = portfolio(
            self.setup, span=horizon, severity=severity, draws=draws, seed=self.seed, by_year=by_year
        )
        options: dict[str, OptionValue] = {"severity": severity, "draws": draws}
        run = self.record("portfolio", horizon=horizon, status="optimal", options=options)
        cells = {name: number.cells for name, number in portfolio_numbers(self.setup, result).items()}
        return Answer(result, result.table, run, cells)

    def swap(self, *, horizon: Horizon = "short") -> Answer[SwapResult]:
        """Return the portfolio with roles swapped: who relies on the focal state, and for what.

        Raises as :meth:`flow` does.
        """
        from kopir.model.functions import read_functions
        from kopir.strategy.portfolio.portfolio_numbers import swap_numbers
        from kopir.strategy.portfolio.swap import swap

        result = swap(self.setup, read_functions(self.model), span=horizon)
        run = self.record("swap", horizon=horizon, status="optimal")
        return Answer(
            result, result.ties.table, run, {name: number.cells for name, number in swap_numbers(result).items()}
        )

    def layers(
        self, names: Sequence[str] = (), *, party: str | None = None, year: int | None = None
    ) -> Answer[LayersResult]:
        """Return volumes and control of the accounting layers ``names`` (all unless named), without money.

        ``year`` is the year of the volumes, the latest recorded of each route unless given. Raises
        :class:`kopir.core.errors.InputError` for an unknown layer or party.
        """
        from kopir.strategy.layers.layer_inputs import layer_inputs
        from kopir.strategy.layers.layers import layers

        result = layers(self.model, names, party=party, year=year)
        options: dict[str, OptionValue] = {"layers": tuple(names), "party": party or "", "year": year or "latest"}
        run = self.record("layers", status="recorded", options=options)
        return Answer(result, result.control, run, layer_inputs(self.model, result))

    def options(self, names: Sequence[str] = (), *, horizon: Horizon = "medium") -> Answer[OpeningsResult]:
        """Return what each of the options ``names`` (all unless named) changes if it alone opens, and for whom.

        Raises :class:`kopir.core.errors.InputError` for an unknown option, and as :meth:`flow` does.
        """
        from kopir.strategy.outlook.openings import openings, option_inputs

        result = openings(self.model, lambda: self.setup, names, horizon=horizon)
        options: dict[str, OptionValue] = {"options": tuple(sorted(names))}
        run = self.record("options", horizon=horizon, status="optimal", options=options)
        return Answer(result, result.table, run, option_inputs(self.model))

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
        from kopir.model.scenario import read_scenario
        from kopir.strategy.course.course_intervals import course_intervals
        from kopir.strategy.course.stress import stress
        from kopir.strategy.refusal.inputs import stress_inputs

        given = read_scenario(Path(scenario), self.model)
        result = stress(self.setup, given, foresight=foresight)
        if draws:
            ranges = course_intervals(self.setup, given, result, draws=draws, seed=self.seed)
            result = replace(result, intervals=ranges)
        options: dict[str, OptionValue] = {"scenario": result.scenario, "foresight": foresight, "draws": draws}
        run = self.record("stress", horizon="scenario", status="optimal", options=options)
        return Answer(result, result.table, run, stress_inputs(self.setup, given, result, f"stress:{scenario}"))

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
        from kopir.strategy.refusal.inputs import stress_inputs

        first = start or date(self.model.settings.model.base_year + 1, 1, 1)
        count = DRAWS if draws is None else draws
        result = incident(self.setup, lose, days, start=first, draws=count, seed=self.seed, prices=prices)
        options: dict[str, OptionValue] = {"lose": tuple(lose), "days": days, "draws": count, "from": str(first)}
        options["prices"] = prices
        run = self.record("incident", horizon="days", status="optimal", options=options)
        name = f"incident:{'+'.join(lose)}:{days}"
        return Answer(
            result, result.intervals.table, run, stress_inputs(self.setup, result.scenario, result.course, name)
        )

    def hindcast(self, *, draws: int = 0) -> Answer[HindcastResult]:
        """Return recorded events replayed, predicted beside observed; ``draws`` say how sure the predictions are.

        Raises :class:`kopir.core.errors.InputError` for a faulty scenario of an event, and as :meth:`flow` does.
        """
        from kopir.strategy.course.hindcast import hindcast
        from kopir.strategy.refusal.inputs import hindcast_inputs

        result = hindcast(self.model, draws=draws, seed=self.seed)
        run = self.record("hindcast", horizon="scenario", status="optimal")
        return Answer(result, result.table, run, hindcast_inputs(self.model, result))

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
        from kopir.strategy.corridors.corridor_inputs import corridor_inputs
        from kopir.strategy.corridors.corridors import asked_conditions, corridors

        asked = asked_conditions(self.model, conditions)
        result = corridors(self.model, asked, **places)
        options: dict[str, OptionValue] = {"from": result.origin, "to": result.destination, **asked.as_options()}
        run = self.record("corridors", options=options)
        return Answer(result, result.table, run, corridor_inputs(self.model, asked, result))

    def corridor_record(self) -> Answer[CorridorRecord]:
        """Return recorded volumes of routes predicted from the year before; raises as :meth:`corridors` does."""
        from kopir.strategy.corridors.corridor_record import corridor_record

        result = corridor_record(self.model)
        return Answer(result, result.table, self.record("corridors", options={"hindcast": True}))

    def why(self, name: str, *, horizon: Horizon = "short", memory: Path | None = None) -> Trace:
        """Return the way from a number to model rows, facts, formulas and sources.

        ``name`` is an id as :mod:`kopir.model.provenance` lists them; ids of results are computed at
        ``horizon``, those of the brief looked up in the folder ``memory`` first, where
        :func:`kopir.report.recall.remember` has kept them for the same content and question. Raises
        :class:`kopir.core.errors.InputError` when nothing has this id.
        """
        verb = name.partition(":")[0]
        if ":" not in name or verb in self.model.folder.tables:
            return trace(self.model, name)
        if verb == "option":
            from kopir.strategy.outlook.openings import option_inputs

            return trace(self.model, name, option_inputs(self.model))
        containers = verb in {"corridor", "transit"}
        found = self._why_of_corridors(verb, name) if containers else self._why_by_verb(verb, name, horizon)
        return self._why_in_brief(name, horizon, memory) if found is None else found

    def _why_by_verb(self, verb: str, name: str, horizon: Horizon) -> Trace | None:
        if name.startswith("leverage:imports:"):
            return self._why_of_imports(name)
        if verb in {"hindcast", "incident", "stress"}:
            return self._why_dated(verb, name)
        if verb == "leverage":
            return self._why_of(name, self.leverage(horizon=horizon), "partner")
        if verb == "coalitions":
            return self._why_of(name, self.coalitions(horizon=horizon), "player")
        if verb == "flow":
            return self._why_of(name, self.flow(horizon=horizon), "asset")
        if verb in {"portfolio", "swap"}:
            return self._why_of_number(name, verb, horizon)
        if verb == "layer":
            return self._why_of_layer(name)
        return None

    def _why_of_corridors(self, verb: str, name: str) -> Trace | None:
        found = self.corridors()
        if verb == "corridor":
            return self._why_of(name, found, "corridor")
        return self._why_of(name, replace(found, table=found.result.states), "jurisdiction")

    def _why_of_layer(self, name: str) -> Trace:
        answer = self.layers()
        found = trace(self.model, name, answer.inputs)
        value, low, high, unit = answer.result.value_of(name)
        return replace(found, value=value, low=low, high=high, unit=unit)

    def _why_of_imports(self, name: str) -> Trace | None:
        for by_sector in (False, True):
            found = self.imports(parties=[name.split(":")[2]], by_sector=by_sector)
            if name in found.inputs:
                value, low, high = found.result.value_of(name)
                unit = "1" if name.endswith(":share") else "million USD" if ":after_" in name else "million USD/yr"
                return replace(trace(self.model, name, found.inputs), value=value, low=low, high=high, unit=unit)
        return None

    def _why_of_number(self, name: str, verb: str, horizon: Horizon) -> Trace | None:
        from kopir.strategy.portfolio.portfolio_numbers import portfolio_numbers, swap_numbers

        if verb == "swap":
            numbers = swap_numbers(self.swap(horizon=horizon).result)
        else:
            by_year = name.startswith("portfolio:vectors:")
            numbers = portfolio_numbers(self.setup, self.portfolio(horizon=horizon, by_year=by_year).result)
        if name not in numbers:
            return None
        found = trace(self.model, name, {key: number.cells for key, number in numbers.items()})
        number = numbers[name]
        return replace(found, value=number.value, low=number.value, high=number.value, unit=number.unit)

    def _why_dated(self, verb: str, name: str) -> Trace | None:
        """Trace ``stress:SCENARIO:measure``, ``incident:ASSETS:DAYS:measure`` or ``hindcast:OBSERVATION``."""
        _, *subject, last = name.split(":")
        if verb == "hindcast":
            record = self.hindcast()
            found = record.table.filter(observation=last)
            value, unit = (None, "") if found.is_empty() else (found["predicted"][0], found["unit"][0])
            return replace(trace(self.model, name, record.inputs), value=value, low=value, high=value, unit=unit)
        if verb == "stress":
            course = self.stress(":".join(subject))
            inputs, measures = course.inputs, course.result.measures
        elif subject and subject[-1].isdecimal():
            card = self.incident(":".join(subject[:-1]).split("+"), int(subject[-1]), draws=0)
            inputs, measures = card.inputs, card.result.course.measures
        else:
            return None
        unit, value = "million USD" if last.endswith("_usd") else "Mt", measures.get(last)
        return replace(trace(self.model, name, inputs), value=value, low=value, high=value, unit=unit)

    def _why_in_brief(self, name: str, horizon: Horizon, memory: Path | None) -> Trace:
        from kopir.report.recall import trace_in_brief, trace_recalled

        found = trace_recalled(self.model, name, self.record("brief", horizon=horizon), memory)
        return trace_in_brief(self.model, name, self.brief(horizon=horizon)) if found is None else found

    def _why_of(self, name: str, answer: Answer[object], key: str) -> Trace | None:
        if name not in answer.inputs:
            return None
        found = trace(self.model, name, answer.inputs)
        parts = name.split(":")
        if parts[-1] not in answer.table.columns:
            return found
        values = answer.table.filter(pl.col(key) == parts[1])[parts[-1]].to_list()
        value = next(iter(values), None)
        return replace(found, value=value, low=value, high=value, unit=unit_of_column(parts[-1]))

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
