"""What lets a page solve a refusal itself: the programme, and names of partners and routes in a language."""

from __future__ import annotations

import numpy as np
from babel.numbers import get_decimal_symbol, get_group_symbol

from kopir.model.network.goods import Goods, goods_of
from kopir.model.network.network import Kind
from kopir.report.content import Refusing
from kopir.report.numbers import MINUS
from kopir.report.sections.kinds import kinds
from kopir.report.sections.trades import goods_name, listed, plain_goods
from kopir.report.telling import Telling, begun
from kopir.strategy.refusal.portable import portable

_PAGE = ("refuses", "income", "shippers", "impossible")


def refusing(telling: Telling) -> Refusing | None:
    """Return what a page needs to solve any refusal by the partners whose own refusal closes something.

    ``None`` where there is none.
    """
    results, say = telling.results, telling.messages
    setup = results.setup
    players, responses = setup.model.settings.players, results.leverage.responses
    acting = [party for party in players if responses[party].hit.any()]
    if not acting:
        return None
    return Refusing(
        parties=tuple((party, telling.name(party)) for party in acting),
        horizon=telling.horizon(results.horizon),
        model={
            "model": portable(setup, results.horizon, acting),
            "language": say.language,
            "signs": {
                "group": get_group_symbol(say.language),
                "decimal": get_decimal_symbol(say.language),
                "minus": MINUS,
            },
            "goods": _goods(telling),
            "routes": _routes(telling),
            "texts": {key: say.texts[f"refusing.{key}"] for key in _PAGE},  # the page fills their slots
        },
    )


def _goods(telling: Telling) -> list[dict[str, object]]:
    """Return the goods of the focal state, each with what its loss is called and the activities that supply it."""
    network, focal = telling.results.setup.network, telling.results.setup.focal_state
    supplied = network.of_kind(Kind.SUPPLY) & network.owned_by(focal)
    return [
        {
            "stranded": kind.telling.messages.text("refusing.stranded", goods=_named(telling, kind.goods)),
            "supplies": np.flatnonzero(supplied & network.carrying(kind.goods.commodities)).tolist(),
        }
        for kind in kinds(telling)
        if kind.goods.commodities
    ]


def _routes(telling: Telling) -> list[dict[str, object]]:
    """Return links and markets, each with its activities by goods whose tonnes may be added."""
    network = telling.results.setup.network
    owners = sorted({cargo.owner for cargo in network.cargoes})
    sets: list[Goods] = []
    for owner in owners:
        sets += [one for one in goods_of(network, owner) if one.commodities]
    apart = list(dict.fromkeys(one.commodities for one in sets))
    moved = ~(network.of_kind(Kind.UNMET) | network.of_kind(Kind.SHORTFALL))
    found: list[dict[str, object]] = []
    for place, (kind, asset) in enumerate(network.assets):
        if kind not in {"link", "market"}:
            continue
        on = moved & (network.activities.asset == place)
        for commodities in apart:
            activities = np.flatnonzero(on & network.carrying(commodities)).tolist()
            if activities:
                name = begun(telling.name(asset), telling.messages.language)
                goods = _named(telling, Goods("", commodities))
                found.append({"name": name if len(apart) == 1 else f"{name} ({goods})", "activities": activities})
    return found


def _named(telling: Telling, goods: Goods) -> str:
    plain = [plain_goods(telling, commodity) for commodity in sorted(goods.commodities)]
    return listed(telling, [goods_name(telling, one) for one in dict.fromkeys(plain)])
