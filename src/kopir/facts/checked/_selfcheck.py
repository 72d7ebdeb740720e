"""Self-check of a draft: its own sums, shares, growth and multiples recomputed, before any book is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kopir.facts.book._book import reconcile
from kopir.facts.claimed._keys import RATIO_KINDS
from kopir.facts.claimed._observations import observe


@dataclass(frozen=True, slots=True)
class Break:
    """Figures of one text that cannot hold together: their words and addresses, and what they come to."""

    figures: tuple[str, ...]
    addresses: tuple[str, ...]
    why: str


def own_breaks(claims: pl.DataFrame) -> tuple[Break, ...]:
    """Return the smallest sets of a draft's own figures that cannot hold together, in reading order.

    ``claims`` are those of one document, published or not. Figures that the draft quotes from different
    speakers may differ.
    """
    if claims.is_empty():
        return ()
    rows = {row["id"]: row for row in claims.iter_rows(named=True)}
    found = []
    for conflict in reconcile(claims, compare=False).conflicts.iter_rows(named=True):
        members = sorted((rows[one] for one in conflict["claims"]), key=lambda row: row["start"])
        if len({row["attribution"] for row in members}) > 1:
            continue
        found.append(
            Break(
                tuple(str(row["text"]) for row in members),
                tuple(f"{row['doc']}#{row['start']}-{row['end']}" for row in members),
                _recomputed(claims.filter(pl.col("id").is_in([row["id"] for row in members]))),
            )
        )
    return tuple(sorted(found, key=lambda one: one.addresses))


def _recomputed(members: pl.DataFrame) -> str:
    """Say what the figures come to: part over whole, now over before, or the sum of the smaller ones."""
    seen = observe(members)
    told = [members.row(int(claim), named=True) for claim in seen.claim]
    value = {
        int(fact): _middle(row) for fact, base, row in zip(seen.fact, seen.base, told, strict=True) if base < 0
    }
    for at, row in enumerate(told):
        fact, base = int(seen.fact[at]), int(seen.base[at])
        if row["kind"] in RATIO_KINDS and value.get(base) and fact in value:
            ratio = value[fact] / value[base]
            share = {"share": f"{100 * ratio:.1f} %", "change_pct": f"{100 * (ratio - 1):+.1f} %"}
            others = " and ".join(str(one["text"]) for one in told if one is not row)
            return f"{others} make {share.get(row['kind'], f'{ratio:.2f} times')}, not {row['text']}"
    levels = sorted(told, key=_middle)
    if len(levels) > 2 and all(row["kind"] not in RATIO_KINDS for row in levels):
        parts, total = levels[:-1], levels[-1]
        whole = sum(_middle(row) for row in parts)
        names = " + ".join(str(row["text"]) for row in parts)
        return f"{names} make {_shown(whole, total)}, not {total['text']}"
    return "two figures for one thing" if len(levels) == 2 else "they have no common reading"


def _middle(row: dict[str, object]) -> float:
    ends = [end for end in (row["value"], row["lo"], row["hi"]) if isinstance(end, float)]
    return ends[0] if row["value"] is not None else sum(ends) / max(len(ends), 1)


def _shown(value: float, like: dict[str, object]) -> str:
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"{value / size:.4g} {word} {like['unit'] or ''}".strip()
    return f"{value:.6g} {like['unit'] or ''}".strip()


def breaks_records(breaks: Sequence[Break]) -> list[dict[str, object]]:
    """Return breaks as flat records."""
    return [{"figures": list(one.figures), "addresses": list(one.addresses), "why": one.why} for one in breaks]
