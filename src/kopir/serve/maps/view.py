"""What the map of a choice shows: states that can be chosen, links by flow and by who can close them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kopir.model.contents.model import Model
from kopir.model.network.clauses import ClauseBook
from kopir.model.network.goods import Goods
from kopir.report.geometry import HEIGHT, WIDTH
from kopir.report.numbers import rounded
from kopir.serve.choice import Choice
from kopir.serve.maps.flows import MOVED, Flows, Pair, leading, most_of, moves
from kopir.serve.maps.labels import Placed, Wanted, around, placed
from kopir.serve.maps.shapes import Land, LinkShape, Place
from kopir.serve.words import Words

WIDEST = 14.0
"""Width (pixels) of the link that carries most."""
HUES = 4
"""Partners whose links have a colour of their own."""
_EDGES = (0.0005, 0.02, 0.1, 0.4)
"""Shares of the largest loss from which a state is a step darker."""
LABELS = 14
"""Amounts that are shown before the map is enlarged."""
_NAME = 13.0
"""Size (pixels) of the letters of a state's name."""


@dataclass(frozen=True)
class MapState:
    """A state: how dark it is, whether it refuses, and the address that changes this, blank where it cannot."""

    code: str
    name: str
    path: str
    label: Placed | None
    shade: int
    denied: bool
    href: str


@dataclass(frozen=True)
class MapLink:
    """A link: its width for what it carries now, its hue for who can close it, and what changed.

    One that is ``lost`` to a part still carries something; its ``change`` is then that of its flow.
    """

    code: str
    name: str
    path: str
    middle: Place
    width: float
    hue: int
    change: str
    amount: str
    about: str
    href: str
    lost: bool
    label: Placed | None = None


@dataclass(frozen=True)
class MapNode:
    """A place, with the address that loses, or gives back, all that leaves it."""

    code: str
    name: str
    at: Place
    lost: bool
    href: str
    label: Placed | None = None


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


def map_view(
    land: Land,
    words: Words,
    choice: Choice,
    *,
    flows: Flows,
    clauses: ClauseBook,
    losses: Mapping[str, float],
) -> MapView:
    """Return the map of ``choice``.

    ``flows`` are those of :func:`kopir.serve.maps.flows.carried`; ``losses`` (million USD a year) what each
    partner's own refusal costs, by which states are shaded where they are known.
    """
    closers = closers_of(clauses, _partners(words.model))
    ranks = _ranked(closers, flows)
    links = tuple(_links(land, words, choice, flows, closers, ranks))
    states = tuple(_states(land, words, choice, clauses, losses))
    nodes = tuple(_nodes(land, words, choice, links))
    where = placed(_wanted(land, states, links, nodes))
    return MapView(
        states=tuple(replace(one, label=where.get(("state", one.code))) for one in states),
        disputed=land.disputed,
        borders=land.borders,
        sea=land.sea,
        links=tuple(replace(one, label=where.get(("link", one.code))) for one in links),
        nodes=tuple(replace(one, label=where.get(("node", one.code))) for one in nodes),
        hues=ranks[:HUES],
        sources=land.sources,
    )


def still(map: MapView) -> MapView:
    """Return a map on which nothing can be chosen."""
    return replace(
        map,
        states=tuple(replace(one, href="") for one in map.states),
        links=tuple(replace(one, href="") for one in map.links),
        nodes=tuple(replace(one, href="") for one in map.nodes),
    )


def _wanted(
    land: Land, states: Iterable[MapState], links: Iterable[MapLink], nodes: Iterable[MapNode]
) -> Iterable[Wanted]:
    """Yield the words of a map, weightiest first: states, what changes, then amounts and places in turn."""
    spots = {shape.code: shape.label for shape in land.states if shape.code and shape.label is not None}
    for state in sorted(states, key=lambda one: (one.shade >= 0, not one.denied, -one.shade, one.code)):
        if state.code in spots:
            x, y = spots[state.code]
            near = tuple((x, y + lower) for lower in (0, -16, 16, -32, 32))
            yield Wanted(("state", state.code), state.name, near, _NAME)
    amounts = []
    for rank, link in enumerate(sorted(links, key=lambda one: one.change == "same")):  # within each, most first
        x, y = link.middle
        far = link.width / 2
        near = ((x, y - 4 - far), (x, y + 13 + far))
        amounts.append(
            (link.change, Wanted(("link", link.code), link.amount, near, least=1 if rank < LABELS else 2))
        )
    yield from (one for change, one in amounts if change != "same")
    names = [Wanted(("node", one.code), one.name, around(one.at, one.name)) for one in nodes]
    same = [one for change, one in amounts if change == "same"]
    for index in range(max(len(names), len(same))):
        yield from (*same[index : index + 1], *names[index : index + 1])


def _partners(model: Model) -> frozenset[str]:
    """Return the states and unions of a model but the focal state: hazards are nobody's decision."""
    rows = model.table("jurisdictions").iter_rows(named=True)
    own = {model.focal_state, "HOME"}
    return frozenset(
        row["jurisdiction"] for row in rows if row["kind"] != "hazard" and row["jurisdiction"] not in own
    )


def _ranked(closers: Mapping[str, Iterable[str]], flows: Flows) -> tuple[str, ...]:
    """Return who can close links, those of most first; each goods counts beside the most that a link carries."""
    most = most_of(flows)
    held: dict[str, float] = {}
    for link, parties in closers.items():
        for party in parties:
            for goods, (before, _) in flows.get(link, {}).items():
                held[party] = held.get(party, 0.0) + (before / most[goods] if before > MOVED else 0.0)
    return tuple(sorted((one for one in held if held[one] > 0), key=lambda one: (-held[one], one)))


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
            label=None,
            shade=-1 if own else shades.get(shape.code, 0),
            denied=shape.code in refusing,
            href=choice.toggled(deny=shape.code).at("/") if asks else "",
        )


def _links(
    land: Land,
    words: Words,
    choice: Choice,
    flows: Flows,
    closers: Mapping[str, tuple[str, ...]],
    ranks: tuple[str, ...],
) -> Iterable[MapLink]:
    most = most_of({code: pairs for code, pairs in flows.items() if code in land.links})
    drawn = [(code, pairs, leading(pairs, most)) for code, pairs in flows.items() if code in land.links]
    for code, pairs, goods in sorted(drawn, key=lambda one: (-max(one[1][one[2]]) / most[one[2]], one[0])):
        lost = code in choice.lose
        if not moves(pairs) and not lost:
            continue
        before, after = pairs[goods]
        now = before if choice.before else after
        parties = closers.get(code, ())
        hues = [ranks.index(party) + 1 for party in parties if party in ranks[:HUES]]
        change = "same" if choice.before else _change(before, after)
        yield MapLink(
            code=code,
            name=words.name(code),
            path=land.links[code].path,
            middle=land.links[code].middle,
            width=round(max(1.4, WIDEST * now / most[goods]), 2),
            hue=min(hues, default=0),
            change=change if now > MOVED else "lost" if lost else "idle",
            lost=lost,
            amount=_of(words, goods, _amount(words, now, change)),
            about=_about(words, code, pairs, parties),
            href=choice.toggled(lose=code).at("/"),
        )


def _change(before: float, after: float) -> str:
    return "same" if abs(after - before) <= MOVED else "more" if after > before else "less"


def _amount(words: Words, now: float, change: str) -> str:
    sign = {"more": "▲ ", "less": "▼ "}.get(change, "")
    told = rounded(now, 1 if now > MOVED else 0, words.language)
    return f"{sign}{told}" if now > MOVED or change == "less" else ""


def _of(words: Words, goods: Goods, text: str) -> str:
    """Return a text behind the goods it is about, where a state has several."""
    return f"{words.joined(sorted(goods.commodities))}: {text}" if goods.code and text else text


def told_amounts(words: Words, pairs: Mapping[Goods, Pair]) -> str:
    """Return what a link carries before (Mt a year), each goods by itself."""
    shown = sorted((one for one in pairs.items() if one[1][0] > MOVED), key=lambda one: one[0].name)
    return "; ".join(_of(words, goods, words.number(before)) for goods, (before, _) in shown)


def _about(words: Words, code: str, pairs: Mapping[Goods, Pair], parties: tuple[str, ...]) -> str:
    told = []
    for goods, pair in sorted(pairs.items(), key=lambda one: one[0].name):
        before, after = (words.number(one if one > MOVED else 0.0) for one in pair)
        if max(pair) > MOVED or len(pairs) == 1:
            name = _of(words, goods, words.name(code)) if len(pairs) == 1 else words.name(code)
            name = f"{name}, {words.joined(sorted(goods.commodities))}" if len(pairs) > 1 else name
            told.append(words.text("map.link", name=name, before=before, after=after))
    if parties:
        told.append(words.text("map.closers", who=words.joined(parties)))
    return " ".join(told)


def _nodes(land: Land, words: Words, choice: Choice, links: Iterable[MapLink]) -> Iterable[MapNode]:
    weight: dict[str, float] = {}
    leaving: dict[str, set[str]] = {}
    for link in links:
        shape: LinkShape = land.links[link.code]
        leaving.setdefault(shape.ends[0], set()).add(link.code)
        for node in shape.ends:
            weight[node] = weight.get(node, 0.0) + link.width
    for node in sorted(weight, key=lambda one: (-weight[one], one)):
        if node not in land.nodes:
            continue
        own = leaving.get(node, set())
        lost = bool(own) and own <= set(choice.lose)
        wanted = tuple(sorted(set(choice.lose) - own if lost else set(choice.lose) | own))
        href = replace(choice, lose=wanted, draws=False).at("/") if own else ""
        yield MapNode(node, words.name(node), land.nodes[node], lost, href)
