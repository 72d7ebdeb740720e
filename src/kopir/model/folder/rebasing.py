"""A model with a later base: facts of a year, or of half a year made a year, in place of those of the base."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_quantity
from kopir.core.folders.folder import Folder
from kopir.core.folders.formulas import FormulaError, evaluate, parse_formula
from kopir.core.folders.settings import parse_settings
from kopir.core.periods import parse_period
from kopir.core.units import unit
from kopir.facts import Continuation
from kopir.model.contents.model import holding
from kopir.model.contents.revision import with_value
from kopir.model.folder.revising import with_rows
from kopir.model.folder.shares_kept import Untold, split_by_assumption, untold

_TARGET = re.compile(r"(\d{4})(?:-H([12]))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BASE_YEAR = re.compile(r"^(\s*base_year\s*=\s*)\d+", re.MULTILINE)
_FOLLOWING = {"carries": ("others_use",), "markets": ("depth",), "supplies": ("amount",)}
"""Cells without a period that hold amounts of the base year; capacities, ramps, costs and prices stay."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """A folder with a later base year.

    ``made`` are the facts of the new year, each with the fact whose place it takes; ``carried`` the facts of the
    old base that stand for the new year too, for nothing later is held of them.
    """

    folder: Folder
    made: tuple[tuple[str, Mapping[str, str]], ...]
    carried: tuple[Mapping[str, str], ...]

    @property
    def roots(self) -> dict[str, frozenset[str]]:
        """The facts of the old base by whose continuation each fact of the new year is what it is."""
        own = {row["fact"]: (base, row["formula"]) for base, row in self.made}
        found: dict[str, frozenset[str]] = {}

        def roots_of(fact: str) -> frozenset[str]:
            if fact not in found:
                base, formula = own[fact]
                inputs = [name for name in parse_formula(formula).names if name in own]
                found[fact] = frozenset[str]().union(*map(roots_of, inputs)) or frozenset({base})
            return found[fact]

        return {fact: roots_of(fact) for fact in own}


def base_facts(folder: Folder) -> tuple[str, ...]:
    """Return the facts on which recorded flows and amounts of the base year rest, through formulas too, sorted."""
    rows = {row["fact"]: row for row in folder.tables["facts"].records()}
    year = str(folder.settings.model.base_year)
    wanted = {fact for _, fact in _cells(folder, year)} & set(rows)
    frontier = list(wanted)
    while frontier:
        formula = rows[frontier.pop()]["formula"]
        more = set(parse_formula(formula).names if formula else ()) & set(rows) - wanted
        wanted |= more
        frontier += more
    return tuple(sorted(wanted))


def parse_target(folder: Folder, to: str) -> tuple[int, bool]:
    """Return the year of ``to`` and whether it is half of one.

    Raises :class:`InputError` (K0505) unless it is a year such as 2026, or 2026-H1, after the base year.
    """
    match = _TARGET.fullmatch(to)
    base = folder.settings.model.base_year
    if match is None or int(match[1]) <= base:
        mend = f"write a year after {base}, such as {base + 1}, or half of one, {base + 1}-H1"
        raise InputError(Fault("K0505", "not a later base", mend, value=to))
    return int(match[1]), match[2] is not None


def rebased(
    folder: Folder,
    found: Sequence[Continuation],
    to: str,
    *,
    even: bool = False,
    like: Mapping[str, str] | None = None,
) -> Rebased:
    """Return ``folder`` with the base ``to``: a year, or half a year made a year.

    Half a year counts as the same share of the year as in the base year: ``later x year / prior``; with ``even``,
    where the prior half is not held, as half of it. What a clause in force at the end of ``to`` closes wholly
    carries nothing in the new base, whatever it did before. ``like`` names facts that move in proportion to
    another, an assumption. What is untold of a sum that moved keeps its share or follows, as
    :func:`kopir.model.folder.shares_kept.untold` says. Derived facts follow by their formulas, and amounts of
    supplies, markets and carries by their facts. Raises :class:`InputError`: K0319 for each half without its other
    half, K0324 where nothing later is held of any fact of the base, K0505 for a fact of ``like`` that the base
    lacks or whose other ends.
    """
    year, half = parse_target(folder, to)
    table = folder.tables["facts"]
    lines = dict(table.cells.select("fact", "line").iter_rows())
    if not found:
        why = f"nothing of {to} is held that continues the flows of {folder.settings.model.base_year}"
        mend = f"take in facts of {to} first, with kopir update MODEL FILES --write"
        raise InputError(Fault("K0324", why, mend, "facts.csv", None, "period", to))
    lone = [one for one in found if half and not _told(one) and not even]
    if lone:
        raise InputError(
            [_lone(one, lines.get(one.later["fact"]), folder.settings.model.base_year) for one in lone]
        )
    rows = {row["fact"]: row for row in table.records()}
    added = {row["fact"]: row for one in found for row in (one.later, one.prior) if row is not None}
    made: dict[str, Mapping[str, str]] = {}
    for one in found:
        made[one.fact] = _annual(rows[one.fact], one, year, half=half)
    values = {name: float(row["value"]) for name, row in {**rows, **added}.items()}
    wanted = base_facts(folder)
    for fact, row in _closed(folder, _last_day(to)).items():
        made[fact] = _nothing(rows[fact], row, year)
    moving = {one.fact for one in found if values[one.fact] != 0}
    told = {one.fact for one in found} | set(like or {})
    for fact, other in sorted((like or {}).items()):
        if fact not in wanted or fact in made or rows[fact]["formula"] or other not in moving:
            mend = "name a fact that is carried over, and one that continues: FACT=FACT"
            raise InputError(Fault("K0505", "nothing can move so", mend, "facts.csv", value=f"{fact}={other}"))
        made[fact] = _alike(rows[fact], other, made[other], values[other], year)
    made, values = _followed(folder, rows, wanted, told, made, values, year)
    carried = tuple(rows[fact] for fact in wanted if fact not in made and not rows[fact]["formula"])
    fresh = [row for name, row in sorted(added.items()) if name not in rows]
    facts = [*rows.values(), *map(dict, fresh), *(dict(made[fact]) for fact in sorted(made))]
    whole = with_rows(folder, "facts", facts)
    return Rebased(_with_cells(whole, made, values, year), tuple(sorted(made.items())), carried)


def _told(one: Continuation) -> bool:
    """Whether the same half of the base year tells the other half; nought of it tells nothing."""
    return one.prior is not None and float(one.prior["value"]) != 0


def _lone(one: Continuation, line: int | None, base: int) -> Fault:
    why = f"{one.later['fact']} is half a year, and no such half of {base} is held of {one.fact} to tell the other"
    mend = f"add the same half of {base}, or give --even to count it as half of a year"
    return Fault("K0319", why, mend, "facts.csv", line, "period", one.later["period"])


def _annual(row: Mapping[str, str], one: Continuation, year: int, *, half: bool) -> dict[str, str]:
    """Return the row of the new year that takes the place of ``row``."""
    later, prior = one.later, one.prior if _told(one) else None
    into = unit(later["unit"]).factor / unit(row["unit"] if prior is None or not half else prior["unit"]).factor
    factor = "" if abs(into - 1) < 1e-12 else f" * {into:.12g}"
    if not half:
        formula, how = f"{later['fact']}{factor}", f"of {later['period']}"
        value = float(later["value"]) * into
    elif prior is not None:
        formula = f"{later['fact']}{factor} * {row['fact']} / {prior['fact']}"
        how = f"{later['period']} as the same share of a year as {prior['period']}"
        value = float(later["value"]) * into * float(row["value"]) / float(prior["value"])
    else:
        formula, how = f"{later['fact']}{factor} * 2", f"{later['period']} as half of a year, an assumption"
        value = float(later["value"]) * into * 2
    made = with_value({**row, "quote": ""}, value)
    assumed = half and prior is None
    return {
        **made,
        "fact": f"B{year}_{row['fact']}",
        "period": str(year),
        "modality": "assumption" if assumed else "estimate",
        "formula": formula,
        "sources": "",
        "note": how,
    }


def _last_day(to: str) -> str:
    period = parse_period(to)
    assert period is not None, "parse_target lets only periods through"
    return period.last.isoformat()


def _closed(folder: Folder, day: str) -> dict[str, Mapping[str, str]]:
    """Return the facts that record flows of the base year on assets wholly closed on ``day``, with the clause."""
    table = folder.tables["denial"]
    rows = dict(zip(table.typed["line"], table.records(), strict=True))
    shut = table.typed.filter(
        holding(day)
        & pl.col("in_force")
        & (pl.col("effectiveness_low") == 1)
        & (pl.col("effectiveness_high") == 1)
    )
    clauses = {(row["asset_type"], row["asset"]): rows[row["line"]] for row in shut.iter_rows(named=True)}
    year = str(folder.settings.model.base_year)
    found = {}
    for row in folder.tables["baseline_flows"].records():
        clause = clauses.get((row["asset_type"], row["asset"]))
        cell = parse_quantity(row["value"]) if row["period"] == year and clause is not None else None
        if clause is not None and cell is not None and cell.fact is not None:
            found[cell.fact] = clause
    return found


def _nothing(row: Mapping[str, str], clause: Mapping[str, str], year: int) -> dict[str, str]:
    """Return the row of the new year of a fact whose asset is closed."""
    since = f"since {clause['valid_from']} " if clause.get("valid_from") else ""
    return {
        **with_value({**row, "quote": ""}, 0.0),
        "fact": f"B{year}_{row['fact']}",
        "period": str(year),
        "modality": "estimate",
        "formula": f"{row['fact']} * 0",
        "sources": "",
        "note": f"{since}closed by {clause['clause']}" + (f" ({clause['facts']})" if clause.get("facts") else ""),
    }


def _followed(
    folder: Folder,
    rows: Mapping[str, Mapping[str, str]],
    wanted: Sequence[str],
    told: Collection[str],
    made: Mapping[str, Mapping[str, str]],
    values: Mapping[str, float],
    year: int,
) -> tuple[dict[str, Mapping[str, str]], dict[str, float]]:
    """Return the facts of the new year with all that is derived, and the values of all facts.

    Parts that must keep their share of a whole are found one after the other: each may move what another is of.
    """
    base = str(folder.settings.model.base_year)
    split, known = split_by_assumption(folder), Untold()
    while True:
        now, then = dict(made), dict(values)
        for fact in _in_order(rows, wanted, known):
            if fact in known.kept:
                whole = known.kept[fact]
                kept = f"keeps its share of {whole}, an assumption"
                now[fact] = {**_alike(rows[fact], whole, now[whole], then[whole], year), "note": kept}
            elif fact in known.following:
                now[fact] = _with_parts(rows, fact, known.following[fact], now, year)
            _follow(rows, fact, now, then, year, base)
        more = untold(rows, wanted, told, known, {fact: float(row["value"]) for fact, row in now.items()}, split)
        if more == known:
            return now, then
        known = more


def _with_parts(
    rows: Mapping[str, Mapping[str, str]],
    whole: str,
    parts: Sequence[str],
    made: Mapping[str, Mapping[str, str]],
    year: int,
) -> dict[str, str]:
    """Return the row of the new year of a whole that changes by what its parts do."""
    change = sum(float(made[part]["value"]) - float(rows[part]["value"]) for part in parts)
    return {
        **with_value({**rows[whole], "quote": ""}, float(rows[whole]["value"]) + change),
        "fact": f"B{year}_{whole}",
        "period": str(year),
        "modality": "assumption",
        "formula": whole + "".join(f" + {made[part]['fact']} - {part}" for part in parts),
        "sources": "",
        "note": f"follows {', '.join(parts)}: what remains of it is carried over, an assumption",
    }


def _alike(
    row: Mapping[str, str], other: str, moved: Mapping[str, str], before: float, year: int
) -> dict[str, str]:
    """Return the row of the new year of a fact that moves in proportion to another."""
    value = float(row["value"]) * float(moved["value"]) / before
    return {
        **with_value({**row, "quote": ""}, value),
        "fact": f"B{year}_{row['fact']}",
        "period": str(year),
        "modality": "assumption",
        "formula": f"{row['fact']} * {moved['fact']} / {other}",
        "sources": "",
        "note": f"in proportion to {other}, an assumption",
    }


def sunken(found: Rebased, folder: Folder) -> Iterator[str]:
    """Yield in words each derived fact that falls below zero, with what of its inputs is carried over."""
    rows = {row["fact"]: row for row in folder.tables["facts"].records()}
    carried = {row["fact"] for row in found.carried}
    for base, row in found.made:
        if float(row["value"]) < 0 <= float(rows[base]["value"]) and rows[base]["formula"]:
            old = [name for name in parse_formula(row["formula"]).names if name in carried]
            told = f"; carried over in it: {', '.join(old)}" if old else ""
            yield f"{row['fact']} = {row['formula']} falls to {float(row['value']):,.0f} {row['unit']}{told}"


def _in_order(rows: Mapping[str, Mapping[str, str]], wanted: Iterable[str], known: Untold) -> Iterator[str]:
    """Yield ``wanted`` so that what a fact is made of comes before it."""
    seen: set[str] = set()

    def visit(fact: str) -> Iterator[str]:
        if fact in seen or fact not in rows:
            return
        seen.add(fact)
        for name in known.before(fact, rows[fact]["formula"]):
            yield from visit(name)
        yield fact

    for fact in wanted:
        yield from visit(fact)


def _follow(
    rows: Mapping[str, Mapping[str, str]],
    fact: str,
    made: dict[str, Mapping[str, str]],
    values: dict[str, float],
    year: int,
    base: str,
) -> None:
    """Make the new year of a derived fact whose inputs have one; told of another year it stays as it is."""
    row = rows[fact]
    if fact in made:
        values[made[fact]["fact"]] = float(made[fact]["value"])
        return
    names = parse_formula(row["formula"]).names if row["formula"] else ()
    if row["period"] not in {"", base} or not any(name in made for name in names):
        return
    formula = _NAME.sub(lambda name: made[name[0]]["fact"] if name[0] in made else name[0], row["formula"])
    try:
        value = evaluate(parse_formula(formula), values)
    except FormulaError as error:
        why = f"no value of {year} for {fact}: {error}"
        raise InputError(
            Fault("K0217", why, "correct the formula", "facts.csv", None, "formula", formula)
        ) from error
    period = str(year) if row["period"] else ""
    made[fact] = {**with_value(row, value), "fact": f"B{year}_{fact}", "period": period, "formula": formula}
    values[made[fact]["fact"]] = value


def _cells(folder: Folder, year: str) -> Iterator[tuple[tuple[str, int, str], str]]:
    """Yield each cell that holds a flow or an amount of ``year`` and names a fact, with the fact."""
    for name, columns in {"baseline_flows": ("value",), **_FOLLOWING}.items():
        for row in folder.tables[name].cells.iter_rows(named=True):
            if name == "baseline_flows" and (row["period"] != year or row["asset_type"] == "route"):
                continue
            for column in columns:
                cell = parse_quantity(row[column]) if row[column] else None
                if cell is not None and cell.fact is not None:
                    yield (name, row["line"], column), cell.fact


def _with_cells(
    folder: Folder, made: Mapping[str, Mapping[str, str]], values: Mapping[str, float], year: int
) -> Folder:
    """Return the folder with flows of ``year`` beside those of the base year, and amounts that follow.

    What carries nothing has no row: what an asset that is closed would answer with is not recorded. Amounts that
    an earlier base year would not bring back with its flows are told in ``vintages.csv`` to have been those of the
    old base until the new one was known.
    """
    base = str(folder.settings.model.base_year)
    flows = list(folder.tables["baseline_flows"].records())
    shut = {fact for fact, row in made.items() if float(row["value"]) == 0}
    fresh = [
        {**_renamed(row, ("value",), made, values), "period": str(year)}
        for row in flows
        if row["period"] == base and row["asset_type"] != "route" and _fact_of(row["value"]) not in shut
    ]
    whole = with_rows(folder, "baseline_flows", [*flows, *fresh])
    flowing = {_fact_of(row["value"]) for row in fresh}
    stood: dict[str, str] = {}
    for name, columns in _FOLLOWING.items():
        table = folder.tables[name]
        renamed = [_renamed(row, columns, made, values) for row in table.records()]
        if renamed != list(table.records()):
            whole = with_rows(whole, name, renamed)
        cells = [_fact_of(row[column]) for row in table.records() for column in columns if row[column]]
        for fact in cells:
            if fact is not None and fact in made and (name == "carries" or made[fact]["fact"] not in flowing):
                stood[made[fact]["fact"]] = fact
    if stood:
        earlier = [{"fact": new, "earlier": old, "basis": f"base of {base}"} for new, old in sorted(stood.items())]
        whole = with_rows(whole, "vintages", [*folder.tables["vintages"].records(), *earlier])
    text = _BASE_YEAR.sub(rf"\g<1>{year}", folder.settings_text, count=1)
    settings = parse_settings(text)
    assert not isinstance(settings, list), "only the year of sound settings has changed"
    return replace(whole, settings_text=text, settings=settings)


def _fact_of(text: str) -> str | None:
    cell = parse_quantity(text)
    return None if cell is None else cell.fact


def _renamed(
    row: Mapping[str, str],
    columns: Iterable[str],
    made: Mapping[str, Mapping[str, str]],
    values: Mapping[str, float],
) -> dict[str, str]:
    """Return a row whose cells name the facts of the new year; intervals keep their proportion."""
    found = dict(row)
    for column in columns:
        cell = parse_quantity(row[column]) if row[column] else None
        if cell is None or cell.fact is None or cell.fact not in made:
            continue
        new = made[cell.fact]
        found[column] = new["fact"]
        if cell.low is not None and cell.high is not None:
            old = values[cell.fact]
            ratio = float(new["value"]) / old if old else 1.0
            ends = sorted((cell.low * ratio, cell.high * ratio))
            found[column] += f" [{ends[0]:.12g}..{ends[1]:.12g}]"
    if "facts" in row:
        found["facts"] = " ".join(made[name]["fact"] if name in made else name for name in row["facts"].split())
    return found
