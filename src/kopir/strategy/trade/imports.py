"""What it costs when a partner withholds its goods: by product group, horizon and length of the refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.settings import Horizons
from kopir.model.contents.model import Model
from kopir.model.contents.quantities import CellRef, Quantity
from kopir.model.grounds.cited import Cells, CitedNumber, Numbers, exactly
from kopir.model.network.capacity import Horizon
from kopir.model.network.clauses import Denial, read_clauses
from kopir.model.network.network import Floats
from kopir.model.ties.trade import ALL, FUNCTION, TradeBook, read_trade
from kopir.strategy.trade.replacement import replacement
from kopir.strategy.trade.sectors import HORIZONS, Sector, joint_draw, read_sectors, sectors_of

MONTHS = (3, 24, 120)
"""Lengths of a refusal that are counted unless others are named: three months, two years, ten years."""
ENOUGH = 0.9
"""Share of all imports that sectors with a loss must cover for their sum to stand for the whole."""

_LOSS = ("musd_low", "musd", "musd_high")
_USD = "million USD/yr"
_UNITS = {"share": "1"}
_SCHEMA = {
    "partner": pl.String,
    "sector": pl.String,
    "year": pl.String,
    **dict.fromkeys(("spending_musd", "bought_musd", "share"), pl.Float64),
    **{f"{horizon}_{end}": pl.Float64 for horizon in HORIZONS for end in _LOSS},
    "grade": pl.String,
}
_UNDECIDED = {
    "horizon": pl.String,
    **dict.fromkeys(("first_partner", "first_sector", "second_partner", "second_sector"), pl.String),
    **dict.fromkeys(("musd_low", "musd_high"), pl.Float64),
}
_COSTS = {"partner": pl.String, "sector": pl.String, "months": pl.Int64, **dict.fromkeys(_LOSS, pl.Float64)}


@dataclass(frozen=True)
class ImportsResult:
    """Losses when partners withhold goods; million USD a year unless said otherwise.

    - ``table``: for each partner and sector the spending, what is bought from the partner, its share, and for
      each horizon the loss at central values (``_musd``) and its ends over the joint intervals of all cells
      (``_musd_low``, ``_musd_high``). Where spending is unknown only the low end stands: no
      share can make the loss smaller.
      ``grade`` is the worst of the trade figures.
    - ``costs``: the loss summed over a refusal of some ``months``, million USD.
    - ``claims``: whether the goods "cannot be replaced", see :func:`kopir.strategy.trade.replacement.replacement`.
    - ``undecided``: those of the ``pairs`` compared whose order the intervals leave open, with the ends of
      first less second.
    - ``gaps``: sectors without a loss, and why.
    - ``numbers``: ``leverage:imports:PARTNER:SECTOR:COLUMN``, ``after_MONTHS`` for a column of ``costs``.
    """

    severity: float
    table: pl.DataFrame
    costs: pl.DataFrame
    claims: pl.DataFrame
    undecided: pl.DataFrame
    pairs: int
    gaps: pl.DataFrame
    numbers: Numbers = field(repr=False)

    def as_record(self) -> dict[str, object]:
        """Return the tables as lists of rows."""
        names = ("table", "costs", "claims", "undecided", "gaps")
        tables = {name: getattr(self, name).to_dicts() for name in names}
        return {"function": FUNCTION, "severity": self.severity, "pairs": self.pairs, **tables}


@dataclass(frozen=True)
class ImportsFunction:
    """The imports of a model as a function outside the network, at central values and one horizon."""

    model: Model
    book: TradeBook
    horizon: Horizon
    function: str = FUNCTION

    def touched_by(self, parties: frozenset[str]) -> bool:
        """Return whether goods are bought from any of ``parties``."""
        return any(float(sector.bought()) > 0 for sector in sectors_of(self.model, self.book, parties).values())

    def loss(self, parties: frozenset[str], severity: float) -> float:
        """Return the loss (million USD a year) when ``parties`` withhold a share of their goods together.

        The sum over sectors where those with a loss cover most of all imports, else the loss over all goods as
        one group; 0 where neither is known.
        """
        found = sectors_of(self.model, self.book, parties)
        known = {code: one for code, one in found.items() if one.spending is not None and one.knows(self.horizon)}
        whole = known.pop(ALL, None)
        covered = sum(one.spending.value for one in known.values() if one.spending is not None)
        if known and (whole is None or whole.spending is None or covered >= ENOUGH * whole.spending.value):
            return sum(float(one.loss(self.horizon, severity)) for one in known.values())
        return 0.0 if whole is None else float(whole.loss(self.horizon, severity))


def imports_function(model: Model, horizon: Horizon) -> ImportsFunction | None:
    """Return the imports of ``model`` as a function outside the network, ``None`` where it has no trade."""
    book = read_trade(model)
    return ImportsFunction(model, book, horizon) if any(key[0] == "import" for key in book.values) else None


def imports(
    model: Model,
    *,
    parties: Sequence[str] = (),
    by_sector: bool = False,
    severity: float = 1.0,
    months: Sequence[int] = MONTHS,
) -> ImportsResult:
    """Return what it costs when each of ``parties`` (the players with figures unless named) withholds goods.

    Without ``by_sector`` all goods count as one group. ``severity`` is the share of its goods that a partner
    withholds; ``months`` are lengths of a refusal. Raises :class:`InputError` for an unknown party, a severity
    outside 0 to 1 or a length below one month, and where the model has no figures of imports.
    """
    book = read_trade(model)
    clauses = read_clauses(model)
    clauses.expand(Denial(frozenset(parties), severity).parties)
    if min(months, default=1) < 1:
        raise InputError(
            Fault("K0505", "a refusal of less than one month", "name 1 or more", value=str(min(months)))
        )
    named = tuple(dict.fromkeys(parties)) or _partners(model, book)
    if not any(key[0] == "import" for key in book.values):
        mend = "bring a bilateral trade file: kopir trade FILE --into MODEL"
        raise InputError(Fault("K0345", "the model has no figures of imports", mend, "trade.csv"))
    rows: dict[tuple[str, str], Sector] = {}
    for party in named:
        chosen = sectors_of(model, book, [party])
        rows |= {(party, code): one for code, one in chosen.items() if (code != ALL) == by_sector}
    costs = {
        (*key, length): _cost(sector, _years(model.settings.horizons, length), severity)
        for key, sector in rows.items()
        for length in sorted(set(months))
    }
    codes = [code for code in read_sectors(model) if (code != ALL) == by_sector]
    undecided, pairs = _undecided(rows, severity)
    table = _table(rows, severity)
    return ImportsResult(
        severity=severity,
        table=table,
        costs=pl.DataFrame(
            [(*key, *ends) for key, ends in sorted(costs.items()) if ends is not None], schema=_COSTS, orient="row"
        ),
        claims=replacement(rows, severity, model.settings.horizons),
        undecided=undecided,
        pairs=pairs,
        gaps=_gaps(named, codes, rows, book),
        numbers=_numbers(rows, table, costs, model.settings.horizons),
    )


def loss_range(sector: Sector, weights: Mapping[Horizon, float], severity: float) -> tuple[float, float, float]:
    """Return the loss weighted over horizons: least, central and most over the joint intervals of its cells."""
    cells = {one for horizon in weights for one in sector.behind(horizon)}
    fine = () if sector.spending is None else (sector.spending.ref,)
    draw = joint_draw([sorted(cells, key=lambda one: one.ref)], fine)

    def total(at: Mapping[CellRef, Floats]) -> Floats:
        losses = [weight * sector.loss(horizon, severity, at) for horizon, weight in weights.items()]
        whole: Floats = np.sum(np.broadcast_arrays(*losses), axis=0)
        return whole

    losses, central = total(draw), float(total({}))
    return min(float(losses.min()), central), central, max(float(losses.max()), central)


def _partners(model: Model, book: TradeBook) -> tuple[str, ...]:
    """Return the players of the model that have figures of imports, themselves or by their members."""
    told = {partner for flow, _, partner, _ in book.values if flow == "import"}
    return tuple(name for name in model.settings.players if told & {name, *book.members.get(name, ())})


def _table(rows: Mapping[tuple[str, str], Sector], severity: float) -> pl.DataFrame:
    lines = []
    for (party, code), sector in rows.items():
        known = sector.spending is not None
        losses: list[float | None] = []
        for horizon in HORIZONS:
            ends = loss_range(sector, {horizon: 1.0}, severity) if sector.knows(horizon) else None
            losses += [None] * 3 if ends is None else list(ends) if known else [ends[0], None, None]
        spending = None if sector.spending is None else sector.spending.value
        share = float(sector.share()) if known else None
        grade = max((one.grade for one in sector.behind(None)), key=("sourced", "derived", "assumed").index)
        lines.append((party, code, sector.year, spending, float(sector.bought()), share, *losses, grade))
    frame = pl.DataFrame(lines, schema=_SCHEMA, orient="row")
    least = pl.col("short_musd_low").fill_null(-1)
    return frame.sort(
        pl.col("short_musd").fill_null(-1),
        least,
        "bought_musd",
        "partner",
        "sector",
        descending=[True] * 3 + [False] * 2,
    )


def _years(horizons: Horizons, months: int) -> dict[Horizon, float]:
    """Return how many years of a refusal of ``months`` fall into each horizon that it reaches."""
    last = {"short": horizons.short[1], "medium": horizons.medium[1], "long": max(months, horizons.medium[1])}
    years: dict[Horizon, float] = {}
    begun = 0
    for horizon in HORIZONS:
        length = min(months, last[horizon]) - begun
        if length > 0:
            years[horizon] = length / 12
            begun += length
    return years


def _cost(
    sector: Sector, years: Mapping[Horizon, float], severity: float
) -> tuple[float | None, float | None, float | None] | None:
    if not all(sector.knows(horizon) for horizon in years):
        return None
    low, central, high = loss_range(sector, years, severity)
    return (low, central, high) if sector.spending is not None else (low, None, None)


def _undecided(rows: Mapping[tuple[str, str], Sector], severity: float) -> tuple[pl.DataFrame, int]:
    """Return the pairs whose order is open, and how many pairs were compared; floors are no losses.

    Sectors of one partner are compared, and one sector between partners. A quantity that both losses rest on
    moves in both at once, so pairs with overlapping intervals may well be ordered.
    """
    found = []
    compared = 0
    for horizon in HORIZONS:
        known = [
            (key, one)
            for key, one in sorted(rows.items())
            if one.spending is not None and one.knows(horizon) and float(one.bought()) > 0
        ]
        for (key, first), (other, second) in combinations(known, 2):
            if key[0] != other[0] and key[1] != other[1]:
                continue
            compared += 1
            low, high = _difference(first, second, horizon, severity)
            if low < 0 < high:
                found.append((horizon, *key, *other, low, high))
    return pl.DataFrame(found, schema=_UNDECIDED, orient="row"), compared


def _difference(first: Sector, second: Sector, horizon: Horizon, severity: float) -> tuple[float, float]:
    """Return the ends of the first loss less the second."""
    cells = first.behind(horizon), second.behind(horizon)
    shared = {one.ref for one in cells[0]} & {one.ref for one in cells[1]}
    whole = {one.spending.ref for one in (first, second) if one.spending is not None}
    draw = joint_draw(cells, shared | whole)
    gap = first.loss(horizon, severity, draw) - second.loss(horizon, severity, draw)
    return float(gap.min()), float(gap.max())


def _gaps(
    parties: Sequence[str], codes: Sequence[str], rows: Mapping[tuple[str, str], Sector], book: TradeBook
) -> pl.DataFrame:
    def reasons() -> Iterator[tuple[str, str, str]]:
        for party in parties:
            for code in codes:
                sector = rows.get((party, code))
                if sector is None:
                    yield party, code, "no figures: bring a bilateral trade file"
                elif sector.spending is None:
                    yield party, code, "spending with all partners unknown: bring a bilateral trade file"
                elif not sector.knows("long"):
                    yield party, code, "no elasticity: described without a loss"
                missing = book.gaps("import", code, party) if sector is not None else ()
                if missing:
                    yield party, code, f"no figures of {', '.join(missing)}: the gap stays open"

    schema = dict.fromkeys(("partner", "sector", "reason"), pl.String)
    return pl.DataFrame(list(reasons()), schema=schema, orient="row")


def _numbers(
    rows: Mapping[tuple[str, str], Sector],
    table: pl.DataFrame,
    costs: Mapping[tuple[str, str, int], tuple[float | None, float | None, float | None] | None],
    horizons: Horizons,
) -> Numbers:
    found: dict[str, CitedNumber] = {}
    for row in table.iter_rows(named=True):
        sector = rows[row["partner"], row["sector"]]
        stem = f"leverage:{FUNCTION}:{row['partner']}:{row['sector']}"
        for column in ("spending_musd", "bought_musd", "share"):
            found[f"{stem}:{column}"] = exactly(_refs(sector.behind(None)), row[column], _UNITS.get(column, _USD))
        for horizon in filter(sector.knows, HORIZONS):
            cells = _refs(sector.behind(horizon))
            low, central, high = (row[f"{horizon}_{end}"] for end in _LOSS)
            found[f"{stem}:{horizon}"] = CitedNumber(cells, central, low, high, _USD)
            ends = zip(_LOSS, (low, central, high), strict=True)
            found |= {f"{stem}:{horizon}_{end}": exactly(cells, value, _USD) for end, value in ends}
    for (party, code, months), loss in costs.items():
        if loss is not None:
            low, central, high = loss
            behind = [one for horizon in _years(horizons, months) for one in rows[party, code].behind(horizon)]
            cited = CitedNumber(_refs(behind), central, low, high, "million USD")
            found[f"leverage:{FUNCTION}:{party}:{code}:after_{months}"] = cited
    return found


def _refs(quantities: Sequence[Quantity]) -> Cells:
    return tuple(sorted({one.ref for one in quantities}))
