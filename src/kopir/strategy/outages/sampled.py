"""Very many years drawn at random: how much is lost, in the worst years too, and what drives it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import chi2, norm

from kopir.core.cluster import worked_out
from kopir.core.errors import Fault, InputError
from kopir.model.network.network import Floats, Ints
from kopir.strategy.outages.chances import Chances, chances
from kopir.strategy.outages.every import outages_for
from kopir.strategy.outages.stored import Worlds, claimed
from kopir.strategy.outages.tail import Told, cvar_of, in_tail, mean_of, value_at_risk
from kopir.strategy.outages.worlds import SCHEMA, Sampling, as_parquet, world_years
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.uncertainty import figure_ranks
from kopir.strategy.value.valuation import Span

LEVEL = 0.95
MOST_SAMPLES = 10_000_000
SHOWN_INPUTS = 15


@dataclass(frozen=True)
class Years:
    """Years drawn (samples): loss (million USD), world; and outages in them: sample, event, part of the loss."""

    loss: Floats
    world: Ints
    of: Ints
    event: Ints
    part: Floats


@dataclass(frozen=True)
class SampledResult:
    """Losses of ``samples`` years drawn at random from recorded outages; million USD a year, of all shippers.

    ``table``: ``measure`` (mean; cvar, the mean of the worst twentieth; quantiles; worst), the figure and the ends
    of its 95 % interval as an estimate. ``events``: each event's rate a year with its 90 % interval, its part of
    the mean and of CVaR. ``inputs``: those whose draws go most with the mean loss of worlds (rank correlation
    ``rho``; of all inputs together chance alone passes ``noise`` in one of 20 samples). ``inputs_share`` of the
    variance of years is that of worlds: inputs, calibration, rates. ``quiet`` is the share of years without loss.
    ``refused`` worlds could not be calibrated and are left out. ``certified`` counts years.
    """

    horizon: str
    samples: int
    seed: int
    level: float
    worlds: int
    refused: int
    quiet: float
    inputs_share: float | None
    noise: float
    certified: dict[str, int]
    left_out: tuple[str, ...]
    table: pl.DataFrame
    events: pl.DataFrame
    inputs: pl.DataFrame
    years: Years = field(repr=False, compare=False)


def sampled_losses(
    setup: Setup,
    samples: int,
    *,
    seed: int,
    span: Span = "short",
    folder: Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> SampledResult:
    """Return how much is lost in ``samples`` years drawn at random, and what drives it.

    With ``folder`` every year is written there as Parquet, and a run that was stopped goes on. ``workers`` and
    ``scheduler`` are as in :func:`kopir.core.cluster.worked_out`, and change no byte. Raises
    :class:`InputError` for numbers out of range, a record without outages, and a folder that holds something else.
    """
    _checked(samples, workers)
    found, sampling = chances(setup), Sampling(samples, seed, span)
    store = None
    if folder is not None:
        claimed(folder, _about(setup, found, sampling))
        store = Worlds(folder)
    years, ways = _collected(found, _files(setup, found, sampling, store, workers, scheduler))
    if not len(years.loss):
        mend = "widen the intervals of inputs, or ask for more samples"
        raise InputError(Fault("K0405", "no world can be calibrated to the recorded flows", mend))
    drawn = np.unique(years.world)
    inputs, noise = _inputs(setup, sampling, years, drawn)
    return SampledResult(
        horizon=span if isinstance(span, str) else f"months {span.first}-{span.last}",
        samples=len(years.loss),
        seed=seed,
        level=LEVEL,
        worlds=sampling.worlds,
        refused=sampling.worlds - len(drawn),
        quiet=float((years.loss <= 1e-9 * max(1.0, years.loss.max())).mean()),
        inputs_share=_between(years),
        noise=noise,
        certified=ways,
        left_out=found.record.left_out,
        table=_distribution(years),
        events=_events(found, years, sampling.years),
        inputs=inputs,
        years=years,
    )


def sampled_years(setup: Setup, samples: int, *, seed: int, span: Span = "short") -> pl.DataFrame:
    """Return the years themselves, a row each as in :func:`kopir.strategy.outages.worlds.world_years`.

    Raises as :func:`sampled_losses` does.
    """
    _checked(samples, 1)
    found, sampling = chances(setup), Sampling(samples, seed, span)
    return pl.concat([world_years(setup, found, sampling, world) for world in range(sampling.worlds)])


def _checked(samples: int, workers: int) -> None:
    if not 2 <= samples <= MOST_SAMPLES:
        mend = f"ask for 2 to {MOST_SAMPLES:,}"
        raise InputError(
            Fault("K0505", "so many years are not drawn", mend, column="--samples", value=str(samples))
        )
    if workers < 1:
        mend = "give 1 or more"
        raise InputError(Fault("K0505", "somebody has to work", mend, column="--workers", value=str(workers)))


def _about(setup: Setup, found: Chances, sampling: Sampling) -> dict[str, str | int]:
    """Return what the years follow from."""
    digest = hashlib.sha256(outages_for(setup, sampling.span, "value").digest.encode())
    digest.update(repr((found.events, setup.model.uncertain())).encode())
    for part in (found.closes, found.low, found.high, found.years):
        digest.update(part.tobytes())
    return {"samples": sampling.samples, "seed": sampling.seed, "programme": digest.hexdigest()}


def _work(shared: tuple[Setup, Chances, Sampling], world: int) -> bytes:
    setup, found, sampling = shared
    return as_parquet(world_years(setup, found, sampling, world))


def _files(
    setup: Setup, found: Chances, sampling: Sampling, store: Worlds | None, workers: int, scheduler: str | None
) -> Iterator[bytes]:
    """Yield the file of each world, those that are there already without working them out again."""
    missing = []
    for world in range(sampling.worlds):
        data = None if store is None else store.read(world)
        if data is None:
            missing.append(world)
        else:
            yield data
    if not missing:
        return
    shared = (setup, found, sampling)
    for world, data in worked_out(_work, shared, missing, workers=workers, scheduler=scheduler):
        if store is not None:
            store.write(world, data)
        yield data


def _collected(found: Chances, files: Iterator[bytes]) -> tuple[Years, dict[str, int]]:
    """Return the years of files in the order of samples, and how many are certified in each way."""
    place = {event: index for index, event in enumerate(found.events)}
    parts: list[Years] = []
    ways: dict[str, int] = {}
    firsts: list[int] = []
    for data in files:
        frame = _frame(data)
        if not frame.height:
            continue
        long = frame.select("sample", "events", "parts_musd").explode("events", "parts_musd").drop_nulls("events")
        event = np.array([place[one] for one in long["events"]], dtype=np.int64)
        numbers = (frame["loss_musd"], frame["world"], long["sample"])
        loss, world, of = (one.to_numpy() for one in numbers)
        parts.append(Years(loss, world, of, event, long["parts_musd"].to_numpy()))
        firsts.append(int(frame["sample"][0]))
        for way, count in frame["certified"].value_counts().iter_rows():
            ways[way] = ways.get(way, 0) + count
    ordered = [parts[at] for at in np.argsort(firsts).tolist()]
    whole = Years(*(np.concatenate([getattr(one, name) for one in ordered] or [np.zeros(0)]) for name in _PARTS))
    return whole, dict(sorted(ways.items()))


_PARTS = ("loss", "world", "of", "event", "part")


def _frame(data: bytes) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(BytesIO(data))
    except (OSError, pl.exceptions.PolarsError) as error:
        why = f"a file of years cannot be read: {str(error).splitlines()[0]}"
        raise InputError(Fault("K0111", why, "delete the file, it is then made again")) from error
    if dict(frame.schema) != SCHEMA:
        raise InputError(Fault("K0111", "a file holds other columns", "delete the file, it is then made again"))
    return frame


def _distribution(years: Years) -> pl.DataFrame:
    nothing = partial(Told, low=float("nan"), high=float("nan"))
    rows = [
        ("mean", mean_of(years.loss, years.world)),
        (f"cvar {LEVEL:.0%}", cvar_of(years.loss, years.world, LEVEL)),
        *(
            (f"quantile {one:.0%}", nothing(value_at_risk(years.loss, one)))
            for one in (0.5, 0.75, 0.9, 0.95, 0.99)
        ),
        ("worst", nothing(float(years.loss.max()))),
    ]
    frame = pl.DataFrame(
        [(name, told.value, told.low, told.high) for name, told in rows],
        schema={"measure": pl.String, "loss_musd": pl.Float64, "low_musd": pl.Float64, "high_musd": pl.Float64},
        orient="row",
    )
    return frame.with_columns(pl.col("low_musd", "high_musd").fill_nan(None))


def _events(found: Chances, years: Years, size: int) -> pl.DataFrame:
    """Return what each event adds to the mean and to CVaR; the parts sum to both."""
    first = np.unique(years.world, return_index=True)[1]
    sample = _positions(years, first, size)
    many, length = len(found.events), found.record.years
    weight = in_tail(years.loss, LEVEL)[sample]
    mean = np.bincount(years.event, weights=years.part, minlength=many) / len(years.loss)
    tail = np.bincount(years.event, weights=years.part * weight, minlength=many)
    rate_low, rate_high = chi2.ppf(0.05, 2) / 2 / length, chi2.ppf(0.95, 4) / 2 / length
    return pl.DataFrame(
        {
            "event": found.events,
            "rate": np.full(many, 1 / length),
            "rate_low": np.full(many, rate_low),
            "rate_high": np.full(many, rate_high),
            "severity_low": found.low,
            "severity_high": found.high,
            "days": found.years * 365.25,
            "mean_musd": mean,
            "cvar_musd": tail,
        }
    ).sort("cvar_musd", "event", descending=[True, False])


def _positions(years: Years, first: Ints, size: int) -> Ints:
    """Return the place in ``years.loss`` of the sample of each outage: refused worlds leave gaps in numbers."""
    worlds = years.world[first].astype(np.int64)
    at = np.searchsorted(worlds, years.of // size)
    positions: Ints = first[at] + years.of % size
    return positions


def _between(years: Years) -> float | None:
    """Return the share of the variance of years that lies between worlds (one-way analysis of variance)."""
    _, place, count = np.unique(years.world, return_inverse=True, return_counts=True)
    whole = float(years.loss.var())
    if len(count) < 2 or whole <= 0:
        return None
    means = np.bincount(place, weights=years.loss) / count
    within = float(((years.loss - means[place]) ** 2).sum() / max(len(years.loss) - len(count), 1))
    between = float((count * (means - years.loss.mean()) ** 2).sum() / (len(count) - 1))
    size = float((len(years.loss) - (count**2).sum() / len(years.loss)) / (len(count) - 1))
    return float(np.clip((between - within) / size / whole, 0.0, 1.0)) if size > 0 else None


def _inputs(setup: Setup, sampling: Sampling, years: Years, drawn: Ints) -> tuple[pl.DataFrame, float]:
    """Return the inputs that go most with mean losses of worlds, and the correlation that chance alone gives."""
    names, shares = figure_ranks(setup, [sampling.seed_of(world) for world in drawn.tolist()])
    noise = norm.ppf(1 - 0.05 / 2 / len(names)) / np.sqrt(max(len(drawn) - 1, 1))
    _, place, count = np.unique(years.world, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=years.loss) / count
    schema = {"input": pl.String, "rho": pl.Float64, "beyond_noise": pl.Boolean}
    if len(drawn) < 3 or means.std() == 0:
        return pl.DataFrame(schema=schema), float(noise)
    rank = means.argsort().argsort()
    rho = [float(np.corrcoef(column.argsort().argsort(), rank)[0, 1]) for column in shares.T]
    frame = pl.DataFrame({"input": names, "rho": rho}).with_columns(beyond_noise=pl.col("rho").abs() > noise)
    return frame.sort(pl.col("rho").abs(), descending=True).head(SHOWN_INPUTS), float(noise)
