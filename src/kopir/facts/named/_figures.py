"""Readings of a figure: what its own words may count, whatever the reader made of them.

A share may be a growth and a growth a share; a step may be a level; a number without its unit counts what the
figures beside it do; a currency that several states have («dinars») is the state's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kopir.evidence import Claim, Named, Reading, money_noun, money_of
from kopir.facts.claimed._keys import canonical_unit, unit_scale
from kopir.facts.claimed._wording import worded_interval
from kopir.facts.named._openings import in_unit, is_bare
from kopir.facts.named._statements import Statement

_PERCENT = "pct"
_MULTIPLE = "times"
_BOTH = ("share", "change_pct")
_GROWTH = re.compile(
    r"\b(?:grew|grow|rose|risen|rising|rise|climb|jump|surg|fell|fall|drop|declin|shrank|shrink|slump|up|down|more"
    r"|less|higher|lower|fewer|increa[s]|decrea[s]|expand|contract|gain)|\b(?:вырос|рост|прирост|прибав|увелич|сократ|сниз"
    r"|упал|больше|меньше|выше|ниже|подня|подскоч|просе)|\b(?:art|büyü|yüksel|azal|düş|gerile|fazla|daha az|çoğal"
    r"|küçül)|(?:өс|арт|кеме|төменде|азай|көбей|ұлғай|өсім|артық)(?:т|к|і|ы|е|а|й|с|\b)",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:share|of (?:all|the|its|our|total|them|which|these)|account|made up|makes up"
    r"|proportion)|\b(?:дол[яюие]|от (?:обще|все)"
    r"|приход|составля|из них|всего)|\b(?:payı|pay[ıi]n|bunun|bunların|toplam|oluştur)"
    r"|(?:үлес|соның|оның|жалпы|құрайды)",
    re.IGNORECASE,
)


def with_own_money(reading: Reading, focal: str) -> Reading:
    """Return a reading with currencies of several states («dinars») read as that of ``focal``."""
    if not focal:
        return reading
    return replace(reading, claims=tuple(_in_own_money(claim, focal) for claim in reading.claims))


def _in_own_money(claim: Claim, focal: str) -> Claim:
    own = money_of(claim.unit or "", {focal: 1})
    return claim if own is None else replace(claim, unit=own)


def readings_of(
    said: Statement, written: Named | None, text: str, clause: str, beside: Sequence[str], focal: str
) -> list[Statement]:
    """Return what a figure may be, as read first.

    ``written`` is the figure as its words alone give it, ``text`` these words, ``beside`` the units of the figures
    near it, nearest first.
    """
    found = [said]
    if said.kind == "change_abs":
        found.append(_level(said, said.value))
    if written is not None and written.value is not None:
        unit = money_of(money_noun(written.unit) or written.unit, {focal: 1}) or written.unit
        if is_bare(text):
            base = _made(said, written.value, "", text, "level")
            found += [
                base,
                *(in_unit(base, one) for one in dict.fromkeys(beside) if one not in {_PERCENT, _MULTIPLE}),
            ]
        elif unit == _PERCENT:
            told_kinds = _kinds(clause)
            agreed = said.kind in told_kinds or said.kind not in _BOTH
            kinds = told_kinds if told_kinds and agreed else _BOTH
            found = [one for one in found if one.kind in kinds]
            sure = said.kind == "change_pct"  # the reader tells a rise from a fall
            signs = ((-1 if said.value < 0 else 1),) if sure else (1, -1)
            found += [_made(said, sign * written.value, unit, text, kind) for kind in kinds for sign in signs]
        elif unit == _MULTIPLE:
            found.append(_made(said, written.value, unit, text, "mult"))
        else:
            found.append(_made(said, written.value, unit, text, "level"))
    return found


def _kinds(clause: str) -> tuple[str, ...]:
    """Return the one kind of a percentage that its clause tells, growth or share, nothing for none or both."""
    told = [kind for kind, words in (("change_pct", _GROWTH), ("share", _SHARE)) if words.search(clause)]
    return tuple(told) if len(told) == 1 else ()


def _level(said: Statement, value: float) -> Statement:
    low, high = sorted((abs(said.low), abs(said.high)))
    return replace(said, kind="level", value=abs(value), low=low, high=high)


def _made(said: Statement, value: float, unit: str, text: str, kind: str) -> Statement:
    """Return a figure with a value and a unit of its own, worded as the reading says."""
    comparator = said.comparator if said.comparator != "range" else "eq"
    interval = worded_interval(comparator, value, None, None, text)
    level = kind == "level"
    scale = unit_scale(unit) if level and unit else 1.0
    low, high = (value, value) if interval is None else (interval.low, interval.high)
    row = {**said.row, "unit": unit or None, "value": value, "rate": None}
    row["kind"] = ("level" if unit else "count") if level else kind
    key = replace(said.key, unit=canonical_unit(unit) if level and unit else "")
    return replace(
        said,
        key=key,
        kind=kind,
        value=value * scale,
        low=low * scale,
        high=high * scale,
        comparator=comparator,
        row=row,
    )
