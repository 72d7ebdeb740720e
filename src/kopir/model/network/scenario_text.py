"""A scenario as the text of its file: what is closed for some days, and nothing that goes without saying."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from kopir.core.outward import without_controls
from kopir.model.network.scenario import Prices, Refusal, Shock, Window


def scenario_text(
    title: str,
    start: date,
    days: int,
    *,
    shocks: Sequence[Shock] = (),
    refusals: Sequence[Refusal] = (),
    prices: Prices = "dated",
    note: str = "",
) -> str:
    """Return the TOML text of a scenario of ``days`` steps of a day from ``start``.

    :func:`kopir.model.network.scenario.parse_scenario` reads back what was given. ``note`` stands above it as a
    comment; signs that could command a terminal are replaced in both texts.
    """
    lines = [f"# {line}" for line in _plain(note).splitlines() if line.strip()]
    lines += ["[scenario]", f"title = {_quoted(title)}", f"start = {start}", f"steps = {days}"]
    if prices != "dated":
        lines.append(f'prices = "{prices}"')
    for shock in shocks:
        lines += ["", "[[shock]]", f'asset_type = "{shock.asset[0]}"', f"asset = {_quoted(shock.asset[1])}"]
        lines += [f"left = {_share(shock.left)}"]
        if shock.of != "capacity":
            lines.append(f'of = "{shock.of}"')
        lines += _days(shock.window)
    for refusal in refusals:
        parties = ", ".join(_quoted(one) for one in sorted(refusal.parties))
        lines += ["", "[[denial]]", f"parties = [{parties}]", f"severity = {_share(refusal.severity)}"]
        lines += _days(refusal.window)
    return "\n".join(lines) + "\n"


def _days(window: Window) -> Iterator[str]:
    yield f"from = {window.first}"
    if window.last is not None:
        yield f"to = {window.last}"
    if window.repair:
        yield f"repair = {window.repair}"


def _share(share: float) -> str:
    """Return a share as TOML has it; ``repr`` reads back as the same number."""
    return repr(float(share))


def _quoted(text: str) -> str:
    """Return a basic string of TOML: JSON has the same escapes."""
    return json.dumps(" ".join(_plain(text).split()), ensure_ascii=False)


def _plain(text: str) -> str:
    return without_controls(text)
