"""What changes when some refuse together while assets are lost: flows, losses, limits that bind, and who gains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from kopir.flow.booking import Booked
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, table_numbers
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import Asset, Clause, ClauseBook, Denial
from kopir.model.network.goods import Goods, columns_of, goods_of
from kopir.strategy.course.incident import lost_assets
from kopir.strategy.refusal.leverage import VOLUMES, losses_between
from kopir.strategy.refusal.responses import Response, binding_table, held_value, respond, routes_table
from kopir.strategy.value.behind import CHANGED, assets_in, cells_of_assets, cells_of_refusal
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import IntervalResult, intervals, with_ends
from kopir.strategy.value.valuation import NOBODY, Months, Span, Valuation

_CENT = 0.005
"""Million USD below which an account has not changed."""
NOTHING = "nobody"
"""How a row is called in which nobody refuses and nothing is lost."""


@dataclass(frozen=True)
class RefusalResult:
    """What one refusal changes. Volumes are Mt a year, money is million USD a year, of the months named.

    ``table`` has one row, called ``refused`` (jurisdictions, then lost assets, joined by ``+``), with the measures
    that :class:`kopir.strategy.refusal.leverage.LeverageResult` defines. ``volumes`` has them by goods. ``routes``
    has each asset, commodity and owner ``before_mt`` and ``after_mt``; ``binding`` the limits that bind only
    after; ``accounts`` what each jurisdiction's accounts gain (``change_musd``, below 0 where they lose), most
    first. ``intervals`` over draws are there where :func:`with_intervals` put them.
    """

    horizon: str
    months: int
    severity: float
    baseline_year: int
    calibrated: bool
    parties: tuple[str, ...]
    lost: tuple[str, ...]
    table: pl.DataFrame
    volumes: pl.DataFrame
    accounts: pl.DataFrame
    setup: Setup = field(repr=False, compare=False)
    valuation: Valuation = field(repr=False, compare=False)
    response: Response = field(repr=False, compare=False)
    intervals: IntervalResult | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What the row is called."""
        return _name(self.parties, self.lost)

    @cached_property
    def routes(self) -> pl.DataFrame:
        """Mt on each asset before and after."""
        return routes_table(self.setup, {self.name: self.response}).drop("denier")

    @cached_property
    def binding(self) -> pl.DataFrame:
        """Limits that bind after the refusal but not before."""
        return binding_table(self.setup, self.valuation, {self.name: self.response}).drop("denier")

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values, its tables as lists of rows."""
        own = ("horizon", "months", "severity", "baseline_year", "calibrated")
        tables = ("table", "volumes", "accounts", "routes", "binding")
        return (
            {name: getattr(self, name) for name in own}
            | {"parties": list(self.parties), "lost": list(self.lost)}
            | {name: getattr(self, name).to_dicts() for name in tables}
            | {"intervals": None if self.intervals is None else self.intervals.as_record()}
        )

    @cached_property
    def numbers(self) -> Numbers:
        """Each number as ``refusal:NAME:column``; it rests on what moves and binds, and the clauses that close."""
        moved = (pl.col("before_mt") - pl.col("after_mt")).abs() > CHANGED
        assets = assets_in(self.routes.filter(moved)) | assets_in(self.binding)
        behind: Cells = tuple(
            sorted(cells_of_assets(self.setup, assets) | cells_of_refusal(_plain(self.setup), self.parties))
        )
        exact = dict(table_numbers("refusal", self.table, "refused", lambda _key, _column: behind))
        return with_ends(exact, "refusal", self.intervals, "refused") | {
            f"refusal:{self.name}": CitedNumber(behind)
        }


def refusal(
    setup: Setup,
    parties: Sequence[str] = (),
    lost: Sequence[str] = (),
    *,
    span: Span = "short",
    severity: float = 1.0,
    valuation: Valuation | None = None,
) -> RefusalResult:
    """Return what changes when ``parties`` refuse together and the assets ``lost`` carry nothing.

    ``severity`` is that of both: a lost asset loses this share of what it usually carries. A ``valuation`` of
    :func:`closable` for the same span saves making one anew. Raises :class:`kopir.core.errors.InputError` for an
    unknown party or asset.
    """
    named = tuple(sorted(set(parties)))
    assets = lost_assets(setup, lost)
    valued = valuation or closable(setup).valuation(span)
    asked = Denial(frozenset([*named, *map(_party, assets)]), severity)
    response = respond(valued, valued.flow(NOBODY), asked)
    had, kept = (setup.ledger.booked(flow.total) for flow in (response.before, response.after))
    codes = tuple(dict.fromkeys(asset for _, asset in assets))
    name = _name(named, codes)
    goods = goods_of(setup.network, setup.focal_state)
    row = {"refused": name, **losses_between(setup, response, had, kept, goods, held_value(valued, response))}
    return RefusalResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        months=span.last if isinstance(span, Months) else setup.model.settings.horizons.short[1],
        severity=severity,
        baseline_year=setup.baseline.year,
        calibrated=setup.calibration is not None,
        parties=named,
        lost=codes,
        table=pl.DataFrame([row]),
        volumes=_volumes(row, goods),
        accounts=_accounts(had, kept),
        setup=setup,
        valuation=valued,
        response=response,
    )


def with_intervals(result: RefusalResult, *, span: Span, draws: int, seed: int) -> RefusalResult:
    """Return the result with the range of its measures over ``draws``.

    They are the draws of :func:`kopir.strategy.refusal.leverage.leverage_intervals`. Raises as
    :func:`kopir.strategy.value.uncertainty.intervals` does.
    """
    setup = result.setup
    tonnes = columns_of(goods_of(setup.network, setup.focal_state), *VOLUMES)

    def ask(drawn: Setup) -> pl.DataFrame:
        found = refusal(drawn, result.parties, result.lost, span=span, severity=result.severity)
        return found.table.select("refused", *tonnes, "leverage_musd", "income_musd")

    return replace(result, intervals=intervals(setup, ask, "refused", draws=draws, seed=seed))


def span_of(setup: Setup, horizon: Horizon, months: int | None) -> Span:
    """Return the months 1 to ``months``, the short horizon where these are its own; ``horizon`` without them."""
    if months is None:
        return horizon
    return "short" if (1, months) == tuple(setup.model.settings.horizons.short) else Months(1, months)


def closable(setup: Setup) -> Setup:
    """Return the setup with a party of its own for each asset, that can close it alone: an asset lost."""
    parties = {asset: _party(asset) for asset in setup.network.assets}
    clauses = tuple(_losing(asset, party) for asset, party in parties.items())
    members: Mapping[str, frozenset[str]] = {party: frozenset[str]() for party in parties.values()}
    book = ClauseBook(
        (*setup.clauses.clauses, *clauses), {**setup.clauses.members, **members}, setup.clauses.closures
    )
    return replace(setup, clauses=book)


def _plain(setup: Setup) -> Setup:
    """Return the setup with the clauses of its model alone, which are the ones that have cells."""
    clauses = tuple(one for one in setup.clauses.clauses if one.line)
    return replace(setup, clauses=replace(setup.clauses, clauses=clauses))


def _party(asset: Asset) -> str:
    return ":".join(asset)


def _losing(asset: Asset, party: str) -> Clause:
    return Clause(
        asset=asset,
        parties=frozenset([party]),
        effectiveness=1.0,
        low=1.0,
        high=1.0,
        basis_kind="lost",
        in_force=False,
        function="",
        line=0,
    )


def _name(parties: Iterable[str], lost: Iterable[str]) -> str:
    return "+".join([*parties, *lost]) or NOTHING


def _volumes(row: Mapping[str, Any], goods: Sequence[Goods]) -> pl.DataFrame:
    rows = [(one.name, *(row[one.column(measure)] for measure in VOLUMES)) for one in goods]
    measures = dict.fromkeys((f"{measure}_mt" for measure in VOLUMES), pl.Float64)
    return pl.DataFrame(rows, schema={"goods": pl.String, **measures}, orient="row")


def _accounts(had: Booked, kept: Booked) -> pl.DataFrame:
    rows = [
        (jurisdiction, account, -lost)
        for (jurisdiction, account), lost in had.less(kept).all.items()
        if abs(lost) > _CENT
    ]
    schema = {"jurisdiction": pl.String, "account": pl.String, "change_musd": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(pl.col("change_musd").round(6), "jurisdiction", "account", descending=[True, False, False])
