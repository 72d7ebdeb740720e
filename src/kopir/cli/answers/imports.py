"""What ``kopir leverage --function imports`` says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kopir.cli.output import Grid, Reply, figure

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.model.network.capacity import Horizon
    from kopir.project import Answer, Project
    from kopir.strategy.trade.imports import ImportsResult

SHOWN_PAIRS = 12
HEADLINE = 0.5
"""The threshold of "cannot be replaced" that is told of several sectors; --json has the others."""

Row = dict[str, Any]


def imports_reply(project: Project, answer: Answer[ImportsResult], language: Language, horizon: Horizon) -> Reply:
    """Return losses by horizon and by length, the verdict on replacement, and the ranks that stay open."""
    from kopir.model.contents.names import name_of

    found = answer.result
    partners = {code: name_of(project.model, code, language) for code in found.gaps["partner"].to_list()}
    partners |= {code: name_of(project.model, code, language) for code in found.table["partner"].to_list()}
    return Reply(
        record=answer.as_record(),
        main=Grid.of(answer.table),
        parts=(
            _losses(found, project.model.focal_state),
            *(() if found.costs.is_empty() else (_costs(found),)),
            _claims(found),
            _ranks(found, horizon),
            *_gaps(found, partners),
        ),
        run=answer.run,
        notes=(
            "low to high: all combinations of the intervals; elasticities, pace and cap are assumptions;",
            "≥: spending with all partners is unknown, and no share can make the loss smaller;",
            "`kopir why leverage:imports:PARTNER:SECTOR:short` (medium, long, share, after_24) leads to the cells",
        ),
    )


def _losses(found: ImportsResult, focal_state: str) -> Grid:
    rows = tuple(
        (
            row["partner"],
            row["sector"],
            row["year"],
            row["bought_musd"],
            None if row["share"] is None else 100 * row["share"],
            *(
                _span(*(row[f"{name}_{end}"] for end in ("musd_low", "musd", "musd_high")))
                for name in ("short", "medium", "long")
            ),
        )
        for row in found.table.iter_rows(named=True)
        if row["bought_musd"] > 0
    )
    title = (
        f"loss of {focal_state} when a partner withholds {100 * found.severity:g} % of its goods, "
        "million USD a year: central [low to high]"
    )
    columns = ("partner", "sector", "year", "bought M$", "share %", "first year", "second and third", "later")
    return Grid(columns, rows, title).showing("partner", "sector", "bought M$", "first year", "later")


def _costs(found: ImportsResult) -> Grid:
    lengths = sorted(set(found.costs["months"].to_list()))
    cells = {(row["partner"], row["sector"], row["months"]): row for row in found.costs.iter_rows(named=True)}
    keys = [
        key
        for key in found.table.select("partner", "sector").iter_rows()
        if any((*key, n) in cells for n in lengths)
    ]
    rows = tuple(
        (*key, *(_span(*(cells[*key, n][end] for end in ("musd_low", "musd", "musd_high"))) for n in lengths))
        for key in keys
    )
    return Grid(
        ("partner", "sector", *(f"{n} months" for n in lengths)),
        rows,
        "the same summed over a refusal of some length, million USD, undiscounted",
    )


def _claims(found: ImportsResult) -> str | Grid:
    by_sector = not found.claims.filter(found.claims["sector"] != "all").is_empty()
    claims = found.claims.filter(threshold=HEADLINE) if by_sector else found.claims
    if claims.is_empty():
        return '"cannot be replaced": not decidable without known shares and elasticities'
    rows = tuple(
        (
            *(row[name] for name in ("partner", "sector", "threshold", "sigma_below", "cap_above")),
            *(
                f"{row[name]} ({figure(row[f'{name}_sigma_low'])} to {figure(row[f'{name}_sigma_high'])})"
                for name in ("short", "medium", "long")
            ),
        )
        for row in claims.iter_rows(named=True)
    )
    title = (
        '"cannot be replaced": a dollar of goods withheld costs at least so many dollars; true while the '
        "elasticity is below and the cap above; by time, with the elasticity reached"
    )
    heads = ("partner", "sector", "dollars", "elasticity below", "cap above")
    return Grid((*heads, "first year", "second and third", "later"), rows, title)


def _ranks(found: ImportsResult, horizon: Horizon) -> str:
    open_pairs = found.undecided.filter(horizon=horizon)
    head = (
        f"ranks: {found.pairs} pairs compared over all horizons, {found.undecided.height} left open by the "
        f"intervals and so not ranked (rows above stand by central value); open at the {horizon} horizon: "
        f"{open_pairs.height}"
    )
    names = [_pair(row) for row in open_pairs.head(SHOWN_PAIRS).iter_rows(named=True)]
    more = open_pairs.height - len(names)
    tail = [f"  and {more} more; --json has them all"] if more > 0 else []
    return "\n".join([head, *names, *tail])


def _pair(row: Row) -> str:
    first, second = (f"{row[f'{side}_partner']} {row[f'{side}_sector']}" for side in ("first", "second"))
    return f"  {first} and {second}: {_range(row['musd_low'], row['musd_high'])}"


def _range(low: float | None, high: float | None) -> str:
    return (
        f"{'no lower end' if low is None else figure(low)} to {'no upper end' if high is None else figure(high)}"
    )


def _gaps(found: ImportsResult, partners: dict[str, str]) -> Sequence[str]:
    sectors: dict[tuple[str, str], list[str]] = {}
    for row in found.gaps.iter_rows(named=True):
        sectors.setdefault((row["partner"], row["reason"]), []).append(row["sector"])
    alike: dict[tuple[str, str], list[str]] = {}
    for (party, reason), codes in sectors.items():
        alike.setdefault((", ".join(codes), reason), []).append(partners[party])
    lines = [f"  {', '.join(names)}: {codes}: {reason}" for (codes, reason), names in alike.items()]
    return ["\n".join(["without a loss:", *lines])] if lines else []


def _span(low: float | None, central: float | None, high: float | None) -> str:
    if low is None:
        return "–"
    if central is None:
        return f"≥ {figure(low)}"
    return f"{figure(central)} [{figure(low)} to {figure(high)}]"
