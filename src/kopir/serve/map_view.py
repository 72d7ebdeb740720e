"""What the map of a choice shows: states that can be chosen, links by flow and by who can close them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kopir.model.contents.model import Model
from kopir.model.network.clauses import ClauseBook
from kopir.report.geometry import HEIGHT, WIDTH
from kopir.report.numbers import rounded
from kopir.serve.choice import Choice
from kopir.serve.map_shapes import Land, LinkShape, Place
from kopir.serve.words import Words

WIDEST = 14.0
"""Width (pixels) of the link that carries most."""
HUES = 4
"""Partners whose links have a colour of their own."""
LABELS = 10
_MOVED = 0.02
"""Mt a year below which a link has not changed, or carries nothing."""
_EDGES = (0.0005, 0.02, 0.1, 0.4)
"""Shares of the largest loss from which a state is a step darker."""
_ROOM = (46.0, 15.0)


@dataclass(frozen=True)
class MapState:
    """A state: how dark it is, whether it refuses, and the address that changes this, blank where it cannot."""

    code: str
    name: str
    path: str
    label: Place | None
    shade: int
    denied: bool
    href: str


@dataclass(frozen=True)
class MapLink:
    """A link: its width for what it carries now, its hue for who can close it, and what changed."""

    code: str
    name: str
    path: str
    middle: Place
    width: float
    hue: int
    change: str
    label: str
    about: str
    href: str


@dataclass(frozen=True)
class MapNode:
    """A place, with the address that loses, or gives back, all that leaves it."""

    code: str
    name: str
    at: Place
    named: bool
    lost: bool
    href: str


@dataclass(frozen=True)
class MapView:
    """All that a map shows, and its legend: the partners whose links have a colour, in its order."""

    states: tuple[MapState, ...]
    disputed: str
    borders: str
    sea: str
    links: tuple[MapLink, ...]
    nodes: tuple[MapNode, ...]
    hues: tuple[str, ...]
    sources: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT


def closers_of(clauses: ClauseBook, partners: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return for each link those of ``partners`` that can close it alone."""
    found: dict[str, set[str]] = {}
    for clause in clauses.clauses:
        if clause.asset[0] == "link" and len(clause.parties) == 1 and clause.high > 0 and not clause.in_force:
            (party,) = clause.parties
            if party in partners:
                found.setdefault(clause.asset[1], set()).add(party)
    return {link: tuple(sorted(parties)) for link, parties in found.items()}


def carried(routes: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Return what each link carries before and after (Mt a year), of all goods and owners."""
    moved = (
        routes.filter(pl.col("asset_type") == "link").group_by("asset").agg(pl.col("before_mt", "after_mt").sum())
    )
    return {row["asset"]: (row["before_mt"], row["after_mt"]) for row in moved.iter_rows(named=True)}


def map_view(
    land: Land,
    words: Words,
    choice: Choice,
    *,
    flows: Mapping[str, tuple[float, float]],
    clauses: ClauseBook,
    losses: Mapping[str, float],
) -> MapView:
    """Return the map of ``choice``.

    ``flows`` are those of :func:`carried`; ``losses`` (million USD a year) what each partner's own refusal costs,
    by which states are shaded where they are known.
    """
    closers = closers_of(clauses, _partners(words.model))
    ranks = _ranked(closers, flows)
    links = tuple(_links(land, words, choice, flows, closers, ranks))
    return MapView(
        states=tuple(_states(land, words, choice, clauses, losses)),
        disputed=land.disputed,
        borders=land.borders,
        sea=land.sea,
        links=_labelled(links),
        nodes=tuple(_nodes(land, words, choice, links)),
        hues=ranks[:HUES],
        sources=land.sources,
    )


def _partners(model: Model) -> frozenset[str]:
    """Return the states and unions of a model but the focal state: hazards are nobody's decision."""
    rows = model.table("jurisdictions").iter_rows(named=True)
    own = {model.focal_state, "HOME"}
    return frozenset(
        row["jurisdiction"] for row in rows if row["kind"] != "hazard" and row["jurisdiction"] not in own
    )


def _ranked(closers: Mapping[str, Iterable[str]], flows: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    """Return who can close links, those of most tonnes first."""
    held: dict[str, float] = {}
    for link, parties in closers.items():
        for party in parties:
            held[party] = held.get(party, 0.0) + flows.get(link, (0.0, 0.0))[0]
    return tuple(sorted((one for one in held if held[one] > _MOVED), key=lambda one: (-held[one], one)))


def _states(
    land: Land, words: Words, choice: Choice, clauses: ClauseBook, losses: Mapping[str, float]
) -> Iterable[MapState]:
    focal = words.model.focal_state
    most = max(losses.values(), default=0.0)
    refusing = clauses.expand(one for one in choice.deny if one in clauses.members)
    shades: dict[str, int] = {}
    for partner, loss in losses.items():
        step = sum(loss / most > edge for edge in _EDGES) if most > 0 else 0
        for state in clauses.expand([partner]) if partner in clauses.members else ():
            shades[state] = max(shades.get(state, 0), step)
    able = _partners(words.model) & {
        party for clause in clauses.clauses if not clause.in_force for party in clause.parties
    }
    for shape in land.states:
        own = shape.code == focal
        asks = shape.code in able and not own
        yield MapState(
            code=shape.code,
            name=words.name(shape.code) if shape.code else "",
            path=shape.path,
            label=shape.label,
            shade=-1 if own else shades.get(shape.code, 0),
            denied=shape.code in refusing,
            href=choice.toggled(deny=shape.code).at("/") if asks else "",
        )


def _links(
    land: Land,
    words: Words,
    choice: Choice,
    flows: Mapping[str, tuple[float, float]],
    closers: Mapping[str, tuple[str, ...]],
    ranks: tuple[str, ...],
) -> Iterable[MapLink]:
    most = max((max(pair) for code, pair in flows.items() if code in land.links), default=1.0) or 1.0
    for code, (before, after) in sorted(flows.items(), key=lambda one: (-max(one[1]), one[0])):
        shape, lost = land.links.get(code), code in choice.lose
        if shape is None or (max(before, after) <= _MOVED and not lost):
            continue
        now = before if choice.before else after
        parties = closers.get(code, ())
        hues = [ranks.index(party) + 1 for party in parties if party in ranks[:HUES]]
        change = _change(before, after)
        yield MapLink(
            code=code,
            name=words.name(code),
            path=shape.path,
            middle=shape.middle,
            width=round(max(1.4, WIDEST * now / most), 2),
            hue=min(hues, default=0),
            change="lost" if lost else "idle" if now <= _MOVED else "same" if choice.before else change,
            label=_label(words, now, "same" if choice.before else change),
            about=_about(words, code, (before, after), parties),
            href=choice.toggled(lose=code).at("/"),
        )


def _change(before: float, after: float) -> str:
    return "same" if abs(after - before) <= _MOVED else "more" if after > before else "less"


def _label(words: Words, now: float, change: str) -> str:
    sign = {"more": "▲ ", "less": "▼ "}.get(change, "")
    return (
        f"{sign}{rounded(now, 1 if now > _MOVED else 0, words.language)}"
        if now > _MOVED or change == "less"
        else ""
    )


def _about(words: Words, code: str, pair: tuple[float, float], parties: tuple[str, ...]) -> str:
    before, after = (words.number(one if one > _MOVED else 0.0) for one in pair)
    told = words.text("map.link", name=words.name(code), before=before, after=after)
    return f"{told} {words.text('map.closers', who=words.joined(parties))}" if parties else told


def _labelled(links: tuple[MapLink, ...]) -> tuple[MapLink, ...]:
    """Return the links, with labels only where these leave each other room: changes first, then the largest."""
    order = sorted(range(len(links)), key=lambda one: (links[one].change == "same", -links[one].width))
    placed: list[Place] = []
    kept: set[int] = set()
    for index in order:
        x, y = links[index].middle
        if not (10 < x < WIDTH - 10 and 14 < y < HEIGHT) or not links[index].label or len(kept) == LABELS:
            continue
        if all(abs(x - other[0]) > _ROOM[0] or abs(y - other[1]) > _ROOM[1] for other in placed):
            placed.append((x, y))
            kept.add(index)
    return tuple(one if index in kept else replace(one, label="") for index, one in enumerate(links))


def _nodes(land: Land, words: Words, choice: Choice, links: Iterable[MapLink]) -> Iterable[MapNode]:
    weight: dict[str, float] = {}
    leaving: dict[str, set[str]] = {}
    for link in links:
        shape: LinkShape = land.links[link.code]
        leaving.setdefault(shape.ends[0], set()).add(link.code)
        for node in shape.ends:
            weight[node] = weight.get(node, 0.0) + link.width
    placed: list[Place] = [state.label for state in land.states if state.label is not None]
    for node in sorted(weight, key=lambda one: (-weight[one], one)):
        if node not in land.nodes:
            continue
        x, y = at = land.nodes[node]
        name = words.name(node)
        half = 3.2 * len(name)
        named = half < x < WIDTH - half and all(
            abs(x - other[0]) > half + 20 or abs(y - other[1]) > _ROOM[1] for other in placed
        )
        if named:
            placed.append(at)
        own = leaving.get(node, set())
        lost = bool(own) and own <= set(choice.lose)
        wanted = tuple(sorted(set(choice.lose) - own if lost else set(choice.lose) | own))
        href = replace(choice, lose=wanted, draws=False).at("/") if own else ""
        yield MapNode(node, name, at, named, lost, href)
