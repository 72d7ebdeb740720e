"""A chart that can be pointed at: what a drawn one shows, with what a pointer finds and a legend hides."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Spec = dict[str, Any]
Tell = Callable[[Mapping[str, Any]], str]
"""What is said of one value of a chart: ``{"year": 2024, "share": 91.0}`` as ``2024: 91 %``."""
TOLD = "told"
"""The field of a value that holds what is said of it."""
_GROUPS = ("concat", "hconcat", "vconcat", "layer")
_SMALL, _LARGE = 22, 110
"""Sizes (square pixels) of a point, and of the one that is pointed at."""
_FAINT = 0.15


def live(spec: Mapping[str, Any], tell: Tell) -> Spec:
    """Return a Vega-Lite specification that looks as ``spec`` does and tells of each value that is pointed at.

    Of lines and areas the nearest point answers; bars answer themselves, and their legend keeps what is clicked.
    """
    found: Spec = copy.deepcopy(dict(spec))
    for values in _values(found):
        for value in values:
            if isinstance(value, dict):
                value[TOLD] = tell(value)
    for number, group in enumerate(_panels(found)):
        _point_at(group, number)
    return found


def _values(node: Spec) -> Iterator[list[Any]]:
    """Yield each list of values that a specification holds."""
    yield from (values for values in node.get("datasets", {}).values() if isinstance(values, list))
    own = (node.get("data") or {}).get("values")
    if isinstance(own, list):
        yield own
    for name in _GROUPS:
        for part in node.get(name, ()):
            yield from _values(part)


def _panels(node: Spec) -> Iterator[Spec]:
    """Yield the views of a specification that lie beside each other: layers together, a mark alone."""
    rows = [part for name in _GROUPS[:3] for part in node.get(name, ())]
    if not rows:
        yield node
    for row in rows:
        yield from _panels(row)


def _point_at(panel: Spec, number: int) -> None:
    layers: list[Spec] = panel.get("layer", [panel])
    for unit in layers:
        if _mark(unit) in {"bar", "rect"}:
            _bars(unit, number)
            return
    dots = next((unit for unit in layers if _mark(unit) == "point"), None)
    if dots is None:
        curve = next((unit for unit in layers if _mark(unit) in {"line", "area"} and _plain(unit)), None)
        if curve is None:
            return
        dots = _dots_of(curve)
        layers.append(dots)
        _nearest(dots, number, 0)
    else:
        _nearest(dots, number, 1)


def _nearest(dots: Spec, number: int, rest: float) -> None:
    """Let the nearest of some points answer, and stand out; others have the opacity ``rest``."""
    over = f"over{number}"
    select = {"type": "point", "on": "pointerover", "clear": "pointerout", "nearest": True}
    dots.setdefault("params", []).append({"name": over, "select": select})
    dots["encoding"] |= {
        "tooltip": {"field": TOLD, "type": "nominal"},
        "size": _if(over, _LARGE, _SMALL),
        "opacity": _if(over, 1, rest),
    }


def _bars(unit: Spec, number: int) -> None:
    over, kept = f"over{number}", f"kept{number}"
    encoding = unit["encoding"]
    unit.setdefault("params", []).append(
        {"name": over, "select": {"type": "point", "on": "pointerover", "clear": "pointerout"}}
    )
    encoding["tooltip"] = {"field": TOLD, "type": "nominal"}
    encoding["stroke"] = _if(over, "var(--ink)", None)
    colour = encoding.get("color", {})
    if colour.get("legend", {}) is not None and "field" in colour:
        select = {"type": "point", "fields": [colour["field"]]}
        unit["params"].append({"name": kept, "select": select, "bind": "legend"})
        encoding["opacity"] = {"condition": {"param": kept, "value": 1}, "value": _FAINT}


def _if(param: str, there: object, else_: object) -> Spec:
    return {"condition": {"param": param, "value": there, "empty": False}, "value": else_}


def _dots_of(curve: Spec) -> Spec:
    """Return points on a line or the edge of an area."""
    mark = {"type": "point", "filled": True, "color": "var(--ink)"}
    own = {"data": curve["data"]} if "data" in curve else {}
    encoding = {name: curve["encoding"][name] for name in ("x", "y")}
    return {**own, "mark": mark, "encoding": copy.deepcopy(encoding)}


def _mark(unit: Spec) -> str:
    mark = unit.get("mark", "")
    return str(mark.get("type", "") if isinstance(mark, dict) else mark)


def _plain(unit: Spec) -> bool:
    """Return whether a mark goes along one line, not between two."""
    return {"x", "y"} <= unit.get("encoding", {}).keys() and "y2" not in unit["encoding"]
