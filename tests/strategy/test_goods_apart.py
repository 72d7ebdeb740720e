"""Tonnes of different goods are never added: what a question says of two kinds is what it says of each alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import kopir
from kopir.core.errors import InputError
from kopir.core.outward import as_json
from kopir.model.folder.opening import open_model
from kopir.project import Project
from kopir.report.brief import tell
from kopir.report.content import Brief, Number
from kopir.report.results import compute
from kopir.strategy.questions import questions
from kopir.strategy.value.setup import prepare
from tests.folders import states, veto, write_model

BASIS = {"basis": "miniature"}
SIZES = {"coal": (61.7, 1.0), "grain": (3.1, 9.0)}
"""Mt a year supplied of each goods, and by how much its prices differ from those of the other."""

ASKED: Mapping[str, Callable[[Project], Any]] = {
    "changed": lambda project: project.changed(),
    "coalitions": lambda project: project.coalitions(draws=0),
    "flow": lambda project: project.flow(denied=["RUS"]),
    "incident": lambda project: project.incident(_links(project), 20, draws=0),
    "leverage": lambda project: project.leverage(draws=0),
    "options": lambda project: project.options(),
    "outages": lambda project: project.outages(assets=1),
    "portfolio": lambda project: project.portfolio(),
    "refusal": lambda project: project.refusal(deny=["RUS"], draws=0),
    "swap": lambda project: project.swap(),
}
NOT_OF_TONNES = {
    "arms",
    "corridor_record",
    "corridors",
    "disputed",
    "fit",
    "hindcast",
    "imports",
    "layers",
    "losses",
    "obligations",
    "plan",
    "prospects",
    "sampled_coalitions",
    "sampled_losses",
    "stress",
    "worst",
}
"""Questions in other units, of one record each, or asked of the same result as one above."""


def folder_of(path: Path, *goods: str) -> Path:
    """Write a state that sells each of ``goods`` by two ways of its own, and lets the same of China pass."""
    tables: dict[str, list[dict[str, object]]] = {
        "jurisdictions": [*states("RUS", "CHN"), {"jurisdiction": "HOME", "kind": "state"}],
        "functions": [{"function": f"{one}_export", "kind": "network"} for one in goods],
    }
    for one in goods:
        for table, rows in _of(one, *SIZES[one]).items():
            tables.setdefault(table, []).extend(rows)
    return write_model(path, tables, players=["RUS", "CHN"])


def _of(goods: str, size: float, dearer: float) -> dict[str, list[dict[str, object]]]:
    at = goods.upper()
    ways = {"NORTH": (0.6 * size, "RUS", 90), "EAST": (0.3 * size, "CHN", 70)}
    own = {"commodity": goods, "owner": "KAZ"}
    return {
        "commodities": [{"commodity": goods, "unit": "Mt"}],
        "nodes": [
            {"node": f"{at}_FIELD", "kind": "field", "territory": "KAZ"},
            {"node": f"{at}_GATE", "kind": "border", "territory": "CHN"},
            *({"node": f"{at}_{way}", "kind": "market", "territory": who} for way, (_, who, _) in ways.items()),
        ],
        "links": [
            *(
                {"link": f"L_{at}_{way}", "from_node": f"{at}_FIELD", "to_node": f"{at}_{way}", "mode": "rail"}
                for way in ways
            ),
            {"link": f"L_{at}_ACROSS", "from_node": f"{at}_GATE", "to_node": f"{at}_NORTH", "mode": "rail"},
        ],
        "carries": [
            *(
                {
                    "link": f"L_{at}_{way}",
                    "commodity": goods,
                    "nameplate": f"{room} [{0.9 * room}..{room}]",
                    "cost": 10,
                }
                | BASIS
                for way, (room, _, _) in ways.items()
            ),
            {"link": f"L_{at}_ACROSS", "commodity": goods, "nameplate": size / 7, "cost": 5} | BASIS,
        ],
        "supplies": [
            {"supply": f"S_{at}", "node": f"{at}_FIELD", "amount": size, "cost": 20} | own | BASIS,
            {"supply": f"S_{at}_CHN", "node": f"{at}_GATE", "amount": size / 7, "cost": 1, **own, "owner": "CHN"}
            | BASIS,
        ],
        "markets": [
            *(
                {"market": f"M_{at}_{way}", "node": f"{at}_{way}", "buyer": who, "kind": "export"}
                | own
                | {"price": f"{price + dearer} [{price}..{price + 2 * dearer}]", "depth": size}
                | BASIS
                for way, (_, who, price) in ways.items()
            ),
            {"market": f"M_{at}_ACROSS", "node": f"{at}_NORTH", "kind": "transit", **own, "owner": "CHN"}
            | {"price": 80, "depth": size}
            | BASIS,
        ],
        "denial": [
            veto("link", f"L_{at}_NORTH", "RUS", f"{goods}_export"),
            veto("link", f"L_{at}_EAST", "CHN", f"{goods}_export"),
            veto("link", f"L_{at}_ACROSS", "HOME", f"{goods}_export"),
            veto("link", f"L_{at}_NORTH", "HOME", f"{goods}_export"),
        ],
        "options": [{"option": f"O_{at}", "kind": "build", "annual_cost": 1, "lead_time": 0} | BASIS],
        "option_gains": [
            {"option": f"O_{at}", "asset_type": "link", "asset": f"L_{at}_EAST", "gain": size / 11} | BASIS
        ],
    }


def _links(project: Project) -> list[str]:
    links = project.model.table("links")["link"].to_list()
    return [link for link in links if link.endswith("_NORTH")]


def tonnes(value: object) -> Iterator[float]:
    """Yield every number of a record that is in tonnes by its name."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            own = str(name).endswith("_mt") or str(value.get("measure", "")).endswith("_mt")
            if own and isinstance(inner, int | float) and not isinstance(inner, bool):
                yield float(inner)
            else:
                yield from tonnes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from tonnes(inner)


def record_of(answer: Any) -> object:
    return json.loads(as_json(answer.as_record()))


def test_each_question_is_asked_here_or_is_not_of_tonnes() -> None:
    assert {one.name for one in questions()} == set(ASKED) | NOT_OF_TONNES


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_what_is_said_of_both_goods_is_said_of_each_alone(tmp_path: Path, name: str) -> None:
    both, coal, grain = (
        set(tonnes(record_of(ASKED[name](kopir.open(folder_of(tmp_path / "_".join(goods), *goods))))))
        for goods in (("coal", "grain"), ("coal",), ("grain",))
    )
    assert name in {"coalitions", "portfolio", "outages"} or both - {0.0}
    strange = [one for one in both if not any(math.isclose(one, other, abs_tol=1e-6) for other in coal | grain)]
    assert strange == [], f"{name}: amounts of neither goods"


@pytest.mark.slow
def test_the_brief_tells_each_goods_as_if_alone(tmp_path: Path) -> None:
    both, coal, grain = (
        {
            number.value
            for number in brief_of(folder_of(tmp_path / "_".join(goods), *goods)).numbers()
            if in_mt(number)
        }
        for goods in (("coal", "grain"), ("coal",), ("grain",))
    )
    assert both - {0.0, None}
    alone = [one for one in coal | grain if one is not None]
    strange = [
        one for one in both if one is not None and not any(math.isclose(one, it, abs_tol=1e-6) for it in alone)
    ]
    assert strange == []


def brief_of(folder: Path) -> Brief:
    return tell(compute(prepare(open_model(folder)), seed=1, draws=2), "en")


def in_mt(number: Number) -> bool:
    return number.unit.startswith("Mt") and not number.id.startswith(("carries", "supplies", "markets"))


@pytest.mark.parametrize("ask", ["outages", "worst"])
def test_lost_tonnes_of_several_goods_are_refused(tmp_path: Path, ask: str) -> None:
    project = kopir.open(folder_of(tmp_path / "both", "coal", "grain"))
    with pytest.raises(InputError, match=r"coal.*grain"):
        getattr(project, ask)(measure="tonnes")
    alone = kopir.open(folder_of(tmp_path / "alone", "coal"))
    assert getattr(alone, ask)(measure="tonnes").result.table.height
