"""The first page: the map, who refuses and what is lost, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from kopir.model.network.goods import goods_of
from kopir.report.forms.grids import Grid
from kopir.serve.choice import Choice
from kopir.serve.maps.flows import Flows, carried, most_of, moves
from kopir.serve.maps.ground import ground_of
from kopir.serve.maps.shapes import Land, land_of
from kopir.serve.maps.view import MapView, map_view, told_amounts
from kopir.serve.scenarios import first_day, usual_days
from kopir.serve.tables import Shown, shown
from kopir.serve.view import View

if TYPE_CHECKING:
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words
    from kopir.strategy.outages.together import RefusalResult

BEARERS = ("budget_musd", "firms_musd", "consumers_musd", "foreign_musd", "others_musd", "partners_musd")
"""Who bears a loss, in the order in which the page tells it."""
_MOVED = 0.02
_LISTED = 40


def start(desk: Desk, words: Words, choice: Choice, *, data: bool = False) -> View:
    """Return what a choice changes, or what each refusal costs where nothing is chosen; or only its ``data``."""
    answer = desk.refusal(choice)
    result = answer.result
    context = {} if data else _context(desk, words, choice, result)
    drawn = bool(context.get("map"))
    return View(
        template="start.html",
        title=words.text("start.title", focal=words.name(desk.project.model.focal_state)),
        context=context,
        record=answer.as_record(),
        main=Grid.of(result.table),
        parts=(
            Grid.of(result.routes, "routes"),
            Grid.of(result.binding, "binding"),
            Grid.of(result.accounts, "gains"),
        ),
        run=answer.run,
        twins={one: choice.at(f"/map.{one}") for one in ("svg", "png", "geojson")} if drawn else {},
    )


def _context(desk: Desk, words: Words, choice: Choice, result: RefusalResult) -> dict[str, object]:
    """Return what the page shows of a choice."""
    return {
        "map": map_of(desk, words, choice, result),
        "partners": _partners(desk, words, choice),
        "assets": _assets(words, result),
        "months": result.months,
        "usual_months": desk.project.model.settings.horizons.short[1],
        "headline": _headline(words, result),
        "known": result.intervals is not None,
        "bearers": [one for one in BEARERS if abs(result.table[one][0]) > 0.005],
        "tables": _tables(words, choice, result),
        "name": result.name,
        "row": result.table.row(0, named=True),
        "lead": _lead(words, choice, result),
        "percent": f"{100 * result.severity:g}",
        "before_href": replace(choice, before=True).at("/"),
        "after_href": replace(choice, before=False).at("/"),
        "drawn_href": replace(choice, zoomed=False).at("/"),
        "zoomed_href": replace(choice, zoomed=True).at("/"),
        "interval_href": replace(choice, draws=True).at("/"),
        "changeable": desk.changeable,
        "edition": desk.edition,
        "what": _what(words, result),
        "first_day": first_day(desk).isoformat(),
        "days": usual_days(result.months),
        "waiting": desk.leverage is None and choice.nothing,
    }


def map_of(desk: Desk, words: Words, choice: Choice, result: RefusalResult) -> MapView | None:
    """Return the map of a choice, ``None`` for a model without coordinates."""
    land = land_at(desk)
    if land is None:
        return None
    known = desk.leverage
    losses = {} if known is None else dict(known.result.table.select("partner", "leverage_musd").iter_rows())
    return map_view(
        land,
        words,
        choice,
        flows=_flows(result),
        clauses=desk.project.setup.clauses,
        losses={partner: max(0.0, loss or 0.0) for partner, loss in losses.items()},
    )


def land_at(desk: Desk) -> Land | None:
    """Return the map's land and lines, drawn once."""

    def drawn() -> Land | None:
        flows = _flows(desk.refusal(Choice()).result)
        return land_of(desk.project.model, [code for code, pairs in flows.items() if moves(pairs)])

    return desk.made("land", drawn)


def ground_at(desk: Desk) -> dict[str, object] | None:
    """Return what a map that is zoomed stands on, made once; ``None`` for a model without coordinates."""
    land = land_at(desk)
    return None if land is None else desk.made("ground", lambda: ground_of(desk.project.model, land))


def _flows(result: RefusalResult) -> Flows:
    return carried(result.routes, result.setup.network, result.setup.focal_state)


def geojson(desk: Desk, words: Words, choice: Choice) -> dict[str, object]:
    """Return the links of the map with what they carry before and after a choice, as GeoJSON."""
    land, flows = land_at(desk), _flows(desk.refusal(choice).result)
    known = sorted({goods for pairs in flows.values() for goods in pairs}, key=lambda goods: goods.code)
    features = [
        {
            "type": "Feature",
            "properties": {
                "link": code,
                "name": words.name(code),
                **{
                    goods.column(side): flows.get(code, {}).get(goods, (0.0, 0.0))[at]
                    for goods in known
                    for at, side in enumerate(("before", "after"))
                },
                "lost": code in choice.lose,
            },
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [list(map(list, line)) for line in shape.lines],
            },
        }
        for code, shape in ({} if land is None else land.links).items()
    ]
    sources = () if land is None else land.sources
    return {"type": "FeatureCollection", "attribution": "; ".join(sources), "features": features}


def _lead(words: Words, choice: Choice, result: RefusalResult) -> str:
    """Return what is asked, in a sentence."""
    if choice.nothing:
        return words.text("start.lead_nobody")
    months = words.text("start.months", months=str(result.months))
    return words.text("start.lead", who=f"{_what(words, result)}, {months}")


def _what(words: Words, result: RefusalResult) -> str:
    """Return who refuses, what is lost, and how hard."""
    told = []
    if result.parties:
        key = "start.refuse_one" if len(result.parties) == 1 else "start.refuse"
        told.append(words.text(key, who=words.joined(result.parties)))
    if result.lost:
        told.append(words.text("start.lose", what=words.joined(result.lost)))
    if result.severity != 1:
        told.append(words.text("start.part", share=f"{100 * result.severity:g}"))
    return ", ".join(told)


def _headline(words: Words, result: RefusalResult) -> list[dict[str, object]]:
    """Return the measures that lead, each with its interval where there is one; tonnes of each goods apart."""
    row = result.table.row(0, named=True)
    drawn = (
        {}
        if result.intervals is None
        else {one["measure"]: (one["low"], one["high"]) for one in result.intervals.table.iter_rows(named=True)}
    )
    focal = words.name(words.model.focal_state)
    told = [("income_musd", words.text("start.income", focal=focal))]
    for goods in goods_of(result.setup.network, result.setup.focal_state):
        name = words.joined(sorted(goods.commodities)) if goods.code else ""
        for measure in ("stranded", "rerouted"):
            text = words.text(f"start.{measure}")
            told.append((goods.column(measure), f"{name}: {text}" if name else text))
    told.append(("leverage_musd", words.text("start.leverage")))
    return [
        {"measure": name, "text": text, "value": row[name], "ends": drawn.get(name, (None, None))}
        for name, text in told
    ]


def _partners(desk: Desk, words: Words, choice: Choice) -> list[dict[str, object]]:
    """Return who may refuse: the model's players by what their refusal costs, then others who are chosen."""
    known = desk.leverage
    players = list(desk.project.model.settings.players)
    rows: Mapping[str, Mapping[str, object]] = {}
    if known is not None:
        rows = {row["partner"]: row for row in known.result.table.iter_rows(named=True)}
        players = list(rows)
    others = [code for code in choice.deny if code not in players]
    return [
        {
            "code": code,
            "name": words.name(code),
            "denied": code in choice.deny,
            "href": choice.toggled(deny=code).at("/"),
            "row": rows.get(code),
        }
        for code in (*players, *others)
    ]


def _assets(words: Words, result: RefusalResult) -> list[dict[str, object]]:
    """Return what may be lost: links and shared limits that carry something, and what is lost already."""
    flows = _flows(result)
    most = most_of(flows)

    def weight(code: str) -> float:
        return sum(before / most[goods] for goods, (before, _) in flows[code].items())

    used = [
        code for code, pairs in flows.items() if code in result.lost or any(b > _MOVED for b, _ in pairs.values())
    ]
    used.sort(key=lambda code: (code not in result.lost, -weight(code), code))
    more = [code for code in result.lost if code not in flows]
    return [
        {
            "code": code,
            "name": words.name(code),
            "carries": told_amounts(words, flows.get(code, {})),
            "lost": code in result.lost,
        }
        for code in (*more, *used)
    ]


def _tables(words: Words, choice: Choice, result: RefusalResult) -> list[Shown]:
    """Return the tables of the page: by goods, limits that bind, who gains and loses, flows that change."""
    changed = result.routes.filter(
        (pl.col("asset_type") == "link") & ((pl.col("after_mt") - pl.col("before_mt")).abs() > _MOVED)
    ).with_columns(change_mt=pl.col("after_mt") - pl.col("before_mt"))
    flows = changed.sort(pl.col("change_mt").abs(), "asset", descending=[True, False]).drop("asset_type")
    tables = [shown(words, "binding", result.binding.drop("asset_type"), names=("asset",))]
    if result.volumes.height > 1:
        tables.append(shown(words, "volumes", result.volumes, names=("goods",)))
    tables.append(shown(words, "accounts", result.accounts, names=("jurisdiction", "account")))
    names = ("asset", "commodity", "owner")
    tables.append(shown(words, "flows", flows.head(_LISTED), names=names))
    return [table for table in tables if table.rows] if not choice.nothing else []
