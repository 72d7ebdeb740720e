"""``kopir portfolio``: partners by function, both ways, with concentration, overlap and how they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kopir.cli.intervals import ranged
from kopir.cli.options import Codes, Delivery, Draws, Partner, Severity, Span, Subject, Tongue
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from kopir.core.codes import Language
    from kopir.core.errors import Fault
    from kopir.project import Answer, Project
    from kopir.strategy.portfolio.portfolio_trend import Verdict
    from kopir.strategy.portfolio.result import Measures, PortfolioResult
    from kopir.strategy.portfolio.swap import SwapResult

SHOWN_PAIRS = 12


def portfolio(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    delivery: Delivery,
    *,
    function: Annotated[
        Codes,
        typer.Option(metavar="CODE[,CODE]", help="Only this function (may be repeated or joined by commas)."),
    ] = None,
    partner: Partner = None,
    swap: Annotated[bool, typer.Option("--swap", help="Roles swapped: who relies on the focal state.")] = False,
    by_year: Annotated[
        bool, typer.Option("--by-year", help="Concentration of each function in each year.")
    ] = False,
    severity: Severity = 1.0,
    draws: Draws = None,
) -> None:
    """Show what each partner is to each function: share, trend, loss, concentration, overlap and the verdict."""

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        functions, partners = _known(project, function or (), partner or ())
        chosen = _Choice(project, tongue.lang, functions, partners)
        with stages.stage("solving"):
            if swap:
                return _swap_reply(chosen, project.swap(horizon=span.horizon))
            answer = project.portfolio(horizon=span.horizon, severity=severity, draws=draws, by_year=by_year)
        return _years_reply(chosen, answer) if by_year else _reply(chosen, answer)

    deliver(delivery, ask, folder=subject.model)


class _Choice:
    """Which rows are shown, and in which language codes are named."""

    def __init__(
        self, project: Project, language: Language, functions: tuple[str, ...], partners: tuple[str, ...]
    ) -> None:
        self.project = project
        self.functions = functions
        self.partners = partners
        self._language = language

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of the functions and partners asked for."""
        for column, wanted in (("function", self.functions), ("partner", self.partners)):
            if wanted and column in frame.columns:
                frame = frame.filter(frame[column].is_in(wanted))
        return frame

    def name(self, code: str | None) -> str:
        """Return the name of a code."""
        from kopir.model.contents.names import name_of

        return "" if code is None else name_of(self.project.model, code, self._language)


def _known(
    project: Project, functions: Sequence[str], partners: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of functions and partners that are named. Raises :class:`InputError` for unknown names."""
    from kopir.core.errors import Fault, InputError
    from kopir.model.contents.spoken import spoken

    faults = []
    found: list[tuple[str, ...]] = []
    named = (spoken(project.model, "functions"), functions), (spoken(project.model, "partners"), partners)
    for sort, words in named:
        found.append(tuple(map(sort.code, words)))
        for code in found[-1]:
            if code not in sort.names:
                why = f"unknown {sort.sort.removesuffix('s')} {code!r}"
                faults.append(Fault("K0505", why, sort.mend(code), value=code))
    if faults:
        raise InputError(faults)
    return found[0], found[1]


def _reply(chosen: _Choice, answer: Answer[PortfolioResult]) -> Reply:
    found = answer.result
    parts: list[str | Grid] = [_cells(chosen, found)]
    if not chosen.partners:
        parts.append(_functions(chosen, found))
    if not chosen.functions and len(found.closable.table):
        parts.append(_volumes(chosen, found))
    if not chosen.functions:
        parts.append(_partners(chosen, found))
    if not chosen.functions and not chosen.partners:
        parts += [_measures(found), _pairs(chosen, found), _verdict(found.trend.verdict)]
    parts.append(_ranking(chosen, found))
    return Reply(
        record=answer.as_record(),
        main=Grid.of(chosen.of(answer.table)),
        parts=tuple(parts),
        run=answer.run,
        notes=(
            *_gap_notes(chosen, found.gaps),
            "shares, counts and dates are told where a source has them; no loss where none can be computed;",
            "`kopir why portfolio:PARTNER:FUNCTION:MEASURE:COLUMN` says what a number rests on",
        ),
    )


def _cells(chosen: _Choice, found: PortfolioResult) -> Grid:
    rows = tuple(
        (
            chosen.name(row["function"]),
            chosen.name(row["partner"]),
            row["measure"].replace("_", " "),
            row["part"] or str(row["year"] or ""),
            _amount(row["value"], row["unit"]),
            _per_cent(row["share"]),
            _movement(row),
            _loss(row),
            row["grade"],
            _said(row),
        )
        for row in chosen.of(found.table).iter_rows(named=True)
    )
    title = (
        f"partners of {chosen.project.model.focal_state} by function; losses at severity {found.severity:g}, "
        f"{found.horizon} horizon, base year {found.baseline_year}"
    )
    columns = ("function", "partner", "measure", "year", "amount", "share %", "before", "loss M$")
    grid = Grid((*columns, "grade", "said"), rows, title)
    return grid.showing("function", "partner", "measure", "year", "amount", "share %")


def _amount(value: float | None, unit: str | None) -> str | None:
    if value is None:
        return None
    return figure(value) if unit in {"count", "1", "", None} else f"{figure(value)} {unit}"


def _per_cent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _movement(row: Mapping[str, Any]) -> str:
    if row["first_year"] is None:
        return "" if row["since"] is None else f"since {row['since']:.0f}"
    if None in {row["first_share"], row["share"]}:
        first = _amount(row["first_value"], row["unit"]) or ""
    else:
        first = f"{figure(100 * row['first_share'])} %"
    missing = f", none for {_years(row['gaps'])}" if row["gaps"] else ""
    return f"{first} in {row['first_year']}{missing}"


def _years(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))


def _loss(row: Mapping[str, Any]) -> str | None:
    if row["leverage_musd"] is None:
        return None if row["leverage_musd_low"] is None else f"≥ {figure(row['leverage_musd_low'])}"
    return ranged(row["leverage_musd"], row["leverage_musd_low"], row["leverage_musd_high"])


def _said(row: Mapping[str, Any]) -> str:
    facts = " ".join(row["facts"] or ())
    return "; ".join(part for part in (row["note"], facts) if part)


ONE = "one partner recorded"
"""Said where a leader would stand: of the others nothing was written down, so nothing is concentrated."""


def _functions(chosen: _Choice, found: PortfolioResult) -> Grid:
    rows = tuple(
        (
            chosen.name(row["function"]),
            row["kind"],
            row["partners"],
            str(row["year"] or ""),
            _per_cent(row["named"]),
            chosen.name(row["leader"]) or (ONE if row["partners"] == 1 else ""),
            _span(row["hhi_low"], row["hhi_high"]),
            _span(row["effective_low"], row["effective_high"]),
            row["effective_by_loss"],
            chosen.name(row["worst"]),
        )
        for row in chosen.of(found.functions).iter_rows(named=True)
    )
    columns = ("function", "kind", "partners", "year", "named %", "leader", "HHI", "effective partners")
    title = "concentration: ends over everything that the unnamed rest may be"
    return Grid((*columns, "by loss", "worst by loss"), rows, title)


def _span(low: float | None, high: float | None) -> str | None:
    if low is None or high is None:
        return None
    first, last = figure(low), figure(high)
    return first if first == last else f"{first} to {last}"


def _volumes(chosen: _Choice, found: PortfolioResult) -> Grid:
    rows = tuple(
        (
            row["layer"],
            row["goods"],
            chosen.name(row["partner"]),
            f"{_span(row['volume_low'], row['volume_high'])} {row['unit']}",
            _per_cent(row["share"]),
            _years(row["years"]),
        )
        for row in chosen.of(found.closable.table).iter_rows(named=True)
    )
    title = "goods only accounted for: what each partner alone can close, without re-routing and without money"
    return Grid(("layer", "goods", "partner", "volume", "share %", "years"), rows, title)


def _partners(chosen: _Choice, found: PortfolioResult) -> Grid:
    shown = chosen.of(found.partners)
    named = shown.with_columns(
        name=shown["partner"].replace_strict({code: chosen.name(code) for code in shown["partner"]})
    )
    headings = {
        "partner": "partner",
        "name": "name",
        "functions": "functions",
        "leverage_musd": "loss M$",
        "by_function_musd": "by function M$",
        "bundling_musd": "bundling M$",
        "own_income_musd": "denier loses M$",
    }
    if "shapley_musd" in shown.columns:
        headings["shapley_musd"] = "Shapley M$"
    if shown["loss_per_cent"].is_not_null().any():
        headings |= {
            "loss_per_cent": "loss % of GNI",
            "own_cost_per_cent": "its cost % of GNI",
            "points": "points",
        }
    headings |= {"unga_distance": "votes apart", "stability": "stability"}
    return Grid.of(
        named,
        "partners: all they close in the network refused at once, without losses in closed form",
        **headings,
    )


def _measures(found: PortfolioResult) -> str:
    return _measured("over the losses of the network", found.measures)


def _measured(over: str, told: Measures) -> str:
    breaking = "no set" if told.breaking_number is None else str(told.breaking_number)
    return "\n".join(
        (
            f"{over}:",
            f"  effective vectors {figure(told.effective_vectors)} (1 / sum of squared Shapley shares), "
            f"effective partners by loss {figure(told.effective_partners)}",
            f"  specialisation {figure(told.normalised_specialisation)} (0: every partner serves all alike, "
            f"1: each function has its own), overlap {figure(told.overlap)}",
            f"  partners needed to take half of all that can be taken ({figure(told.breaking_musd)} M$): "
            f"{breaking}; beyond any single one: {figure(_per_cent(told.autonomy))} %",
        )
    )


def _pairs(chosen: _Choice, found: PortfolioResult) -> Grid:
    pairs = found.pairs.drop_nulls("interaction_musd").with_columns(
        size=found.pairs["interaction_musd"].drop_nulls().abs()
    )
    rows = pairs.filter(pairs["size"] > 1).sort("size", "first", "second", descending=[True, False, False])
    shown = tuple(
        (
            chosen.name(row["first"]),
            chosen.name(row["second"]),
            row["interaction_musd"],
            ", ".join(chosen.name(code) for code in row["functions"]),
        )
        for row in rows.head(SHOWN_PAIRS).iter_rows(named=True)
    )
    how_many = f"the {len(shown)} strongest of {len(rows)}"
    title = f"who backs up whom (positive) and who sits on one route (negative): {how_many}"
    return Grid(("first", "second", "interaction M$", "functions both serve"), shown, title)


def _ranking(chosen: _Choice, found: PortfolioResult) -> str:
    lines = []
    for row in chosen.of(found.ranking).iter_rows(named=True):
        first, second = chosen.name(row["first"]), chosen.name(row["second"])
        how = {
            "holds": f"{first} above {second} at both ends of their intervals",
            "open": f"{first} and {second}: not ranked, their intervals overlap",
            "refused": f"{first} and {second}: not ranked, a loss has no interval (ask with draws)",
        }[row["verdict"]]
        lines.append(f"{chosen.name(row['partner'])}: {how}")
    return "\n".join(("ranking of functions by loss:", *(lines or ["nothing to rank: no partner has two losses"])))


def _verdict(verdict: Verdict) -> str:
    question = '"from balancing to selective strengthening"'
    if verdict.before is None or verdict.after is None:
        return f"{question}: undetermined, no two years share the shares of enough functions"
    rose, fell = (", ".join(names) or "none" for names in (verdict.concentrated, verdict.spread))
    moved = (
        f"{question}, {verdict.first_year} to {verdict.last_year}: {verdict.answer}",
        f"functional specialisation of shares in {', '.join(verdict.functions)}: "
        f"{_span(verdict.before.low, verdict.before.high)} then {_span(verdict.after.low, verdict.after.high)}",
        f"concentration rose in {rose}, fell in {fell}; "
        f"{verdict.leaders} different leading partners in {len(verdict.functions)} functions",
    )
    return "\n".join(moved)


def _years_reply(chosen: _Choice, answer: Answer[PortfolioResult]) -> Reply:
    table = chosen.of(answer.result.trend.table)
    rows = tuple(
        (
            chosen.name(row["function"]),
            row["measure"].replace("_", " "),
            str(row["year"]),
            row["partners"],
            _per_cent(row["named"]),
            chosen.name(row["leader"]),
            _per_cent(row["leader_share"]),
            _span(row["hhi_low"], row["hhi_high"]),
            _span(row["effective_low"], row["effective_high"]),
        )
        for row in table.iter_rows(named=True)
    )
    columns = ("function", "measure", "year", "partners", "named %", "leader", "its share %", "HHI")
    grid = Grid((*columns, "effective partners"), rows, "concentration by year; years without a source stay out")
    return Reply(
        record=answer.as_record(),
        main=Grid.of(table),
        parts=(grid, *_vectors(chosen, answer.result), _verdict(answer.result.trend.verdict)),
        run=answer.run,
        notes=(
            *_gap_notes(chosen, answer.result.gaps),
            "`kopir why portfolio:year:FUNCTION:YEAR:COLUMN` (network: portfolio:vectors:YEAR:COLUMN)",
        ),
    )


def _vectors(chosen: _Choice, found: PortfolioResult) -> tuple[str | Grid, ...]:
    if chosen.functions or chosen.partners or found.vector_years is None:
        return ()
    told = found.vector_years
    rows = tuple(
        (
            str(row["year"]),
            row["effective_vectors"],
            row["normalised_specialisation"],
            row["everyone_musd"],
            chosen.name(row["worst"]),
            row["worst_musd"],
            _per_cent(row["autonomy"]),
        )
        for row in told.table.iter_rows(named=True)
    )
    columns = ("year", "effective vectors", "specialisation", "all refuse M$", "worst", "alone M$", "beyond one %")
    title = f"the network with the flows of each year, prices and costs of {found.baseline_year}"
    return (Grid(columns, rows, title), *(f"{year} left out: {why}" for year, why in told.left_out))


def _swap_reply(chosen: _Choice, answer: Answer[SwapResult]) -> Reply:
    found = answer.result
    return Reply(
        record=answer.as_record(),
        main=Grid.of(chosen.of(answer.table)),
        parts=(
            _reliance(chosen, found),
            _closable(chosen, found),
            _forgone(chosen, found),
            _crossing(chosen, found),
        ),
        run=answer.run,
        notes=(
            *_gap_notes(chosen, found.ties.gap_faults()),
            "a volume is what a buyer would have to replace, not what it loses: its other sources lie outside",
            "`kopir why swap:PARTNER:FUNCTION:MEASURE:COLUMN` or",
            "`kopir why swap:network:FUNCTION:PARTNER:GOODS:COLUMN`, `swap:income:FUNCTION:PARTNER:income_musd`",
        ),
    )


def _reliance(chosen: _Choice, found: SwapResult) -> Grid:
    state = chosen.project.model.focal_state
    rows = tuple(
        (
            chosen.name(row["partner"]),
            chosen.name(row["function"]),
            row["measure"].replace("_", " "),
            str(row["year"]),
            _amount(row["value"], row["unit"]),
            _per_cent(row["share"]),
            _movement(row),
            row["grade"],
            _said(row),
        )
        for row in chosen.of(found.ties.table).sort("partner", "function", "measure").iter_rows(named=True)
    )
    columns = (
        "partner",
        "function",
        "measure",
        "year",
        "amount",
        f"share of {state} %",
        "before",
        "grade",
        "said",
    )
    return Grid(columns, rows, f"who relies on {state}, as sources tell")


def _closable(chosen: _Choice, found: SwapResult) -> Grid:
    columns = ("goods", "bought_mt", "bought_after_mt", "sent_mt", "sent_after_mt")
    rows = tuple(
        (chosen.name(row["function"]), chosen.name(row["partner"]), *(row[name] for name in columns))
        for row in chosen.of(found.network).iter_rows(named=True)
    )
    state = chosen.project.model.focal_state
    title = f"what {state} could close by function, Mt a year before and after, {found.horizon} horizon"
    return Grid(("function", "partner", "goods", "buys", "left", "sends across", "left"), rows, title)


def _forgone(chosen: _Choice, found: SwapResult) -> Grid:
    rows = tuple(
        (chosen.name(row["function"]), chosen.name(row["partner"]), row["income_musd"])
        for row in chosen.of(found.income).iter_rows(named=True)
    )
    return Grid(("function", "partner", "income lost M$"), rows, "what others then lose in fees and profits")


def _crossing(chosen: _Choice, found: SwapResult) -> Grid:
    rows = tuple(
        (
            row["layer"],
            chosen.name(row["partner"]),
            _amount(row["volume"], row["unit"]),
            _amount(row["closable_volume"], row["unit"]),
        )
        for row in chosen.of(found.crossing.table).iter_rows(named=True)
    )
    title = "goods of others that are only accounted for: what crosses and what could be closed"
    return Grid(("layer", "owner", "crosses", "closable"), rows, title)


def _gap_notes(chosen: _Choice, gaps: Sequence[Fault]) -> tuple[str, ...]:
    if not gaps or chosen.functions or chosen.partners:
        return ()
    return (*(fault.why for fault in gaps), f"gaps are not filled: {gaps[0].mend}")
