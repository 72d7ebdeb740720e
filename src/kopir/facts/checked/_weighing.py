"""A judgement by hypotheses: of a figure that no reading places, from the statement that its words speak of most.

The words are weighed before the value: what they speak of (the likeliest statement) and what the figure equals are
found apart. Where both are one the figure is borne out; where what it equals differs from what is spoken of in one
slot alone the slip has a name; a slip of the pen is told of the likeliest statement; a difference without a name
only where the words name all of its slots and speak of no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kopir.core.periods import parse_period
from kopir.facts.checked._hypotheses import Hypothesis, hypotheses, is_mirror, site_names
from kopir.facts.checked._slips import typed_slip
from kopir.facts.checked._verdicts import APART, Judgement, cites
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure
from kopir.facts.named._kinship import Told, same_measure
from kopir.facts.named._scene import SENTENCE, Scene
from kopir.facts.named._statements import TURNED, Statement, meets

BORNE_OUT = {1: 3.0, 2: 2.0, 3: 0.75}
"""Least weight at which a figure of so many digits is borne out by a statement that it equals."""
BEHIND = 0.5
"""How far behind the likeliest statement that one may lie."""
SPOKEN_OF = 2.75
"""Least weight of a statement that a figure contradicts by a slip with a name."""
TYPED = 2.0
PLAINLY = 2.75
"""Least weight of one that it contradicts without."""
CLEAR = 1.0
_TELLING = 2
"""Digits from which a number in another unit is the same by more than chance."""
_SAME = 1e-6
_ROUGH = 0.25
"""Width of an interval, by its value, from which it contradicts nothing."""
_WHOLE = frozenset(
    {"trade_turnover", "trade_balance", "gdp", "tourists", "passengers", "investment_flow", "freight_carried"}
    | {"freight_transit", "port_containers", "port_throughput", "container_transit", "railway_length"}
    | {"pipeline_length", "gas_transit", "oil_production"}
)
"""Measures of which a state has one figure a year."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A figure to be weighed: its readings, the scene around it, and the keys of what its sentence said before."""

    told: Told
    figures: Sequence[Statement]
    scene: Scene
    spoken: Sequence[Key] = ()

    def tried(self, held: Sequence[Statement]) -> list[Hypothesis]:
        """Return the statements that the figure may be about, the likeliest first."""
        return hypotheses(self.figures, held, self.scene, self.told.focal, self.spoken)


def weigh(figure: Weighing, held: Sequence[Statement], own: str) -> Judgement | None:
    """Judge a figure by hypotheses, ``None`` where none is strong enough; the words of ``own`` prove nothing."""
    among = [one for one in held if own not in {str(one.row["doc"]), str(one.row["source"])}]
    found = figure.tried(among)
    equal = [one for one in found if one.fits and one.of.is_closed]
    borne = _borne_out(equal[0], found[0], figure.scene) if equal else None
    if borne is not None:
        theirs = _of_other_side(equal[0], among, figure) if borne.verdict == "confirmed" else None
        return theirs or borne
    unit = _of_unit(figure, among, found[0].weight if found else 0.0)
    if unit is not None or not found or found[0].weight < TYPED or not found[0].of.is_closed:
        return unit
    return _wrong(figure, found, equal)


def _wrong(figure: Weighing, found: Sequence[Hypothesis], equal: Sequence[Hypothesis]) -> Judgement | None:
    """Return what is wrong with a figure that the likeliest statement does not bear out, ``None`` if not sure."""
    best = found[0]
    rival = next((one for one in found[1:] if not _same_thing(one.of, best.of)), None)
    apart = best.weight - rival.weight if rival is not None else CLEAR
    if equal and best.weight >= SPOKEN_OF and best.weight - equal[0].weight >= CLEAR:
        slip = next((made for one in equal if (made := _slip_between(best, one)) is not None), None)
        if slip is not None:
            return slip
    stepped = best.said.kind != figure.figures[0].kind == "change_abs"  # a step is no level
    counted = best.of.row["kind"] == "count" and best.said.unit not in {
        "",
        best.of.unit,
    }  # 47 nurses are no guests
    if stepped or counted or (equal and equal[0].weight >= _least_of(equal[0])):
        return None  # that figure is held, though the words speak of another
    typed = typed_slip(best.said, best.of) if apart >= CLEAR / 2 else ""
    why = typed or (APART if apart >= CLEAR and _is_plain(best, figure.told.focal) else "")
    return Judgement("contradicted", why, (best.of,), (best.of,)) if why else None


def _of_unit(figure: Weighing, held: Sequence[Statement], least: float) -> Judgement | None:
    """Return that the number is held in another unit, of what the words speak of more than of all in its own."""
    levels = [one for one in figure.figures if one.kind == "level"]
    units = {one.unit for one in levels}
    first = next((one for one in levels if one.unit and one.row["value"]), None)
    if first is None or len(_digits(first)) < _TELLING:
        return None
    same = [
        one
        for one in held
        if one.kind == "level"
        and one.is_closed
        and one.unit not in units
        and one.row["value"]
        and abs(one.row["value"] / first.row["value"] - 1) < _SAME
    ]
    found = replace(figure, figures=same).tried(same)
    if not found or found[0].weight < max(SPOKEN_OF, least - BEHIND) or min(found[0].slots.values()) < -0.75:
        return None
    best = found[0].of
    return Judgement("contradicted", f"unit: held in {best.unit}", (best,), (best,))


def _is_plain(best: Hypothesis, focal: str) -> bool:
    """Tell whether the words name every slot of a statement, so that another figure contradicts it.

    What is counted in many goods must be told of one, or of a party; a number of things of one name is none.
    """
    slots, one = best.slots, best.of
    if not one.is_report or (focal and focal not in one.parties):
        return False
    if min(slots.values()) < 0 or not best.said.is_closed or best.weight < PLAINLY:
        return False
    if slots["measure"] < 0.75 or slots["time"] < 0.25 or one.kind in {"mult", "change_abs", "share"}:
        return False
    if one.kind == "level" and 0.5 < slots["party"] < 1.0:
        return False
    if _is_part(one):
        return False
    if one.high - one.low > _ROUGH * abs(one.value):
        return False
    return one.key.indicator in _WHOLE or slots["good"] >= 1.0 or slots["party"] >= 2.0 or one.kind == "change_pct"


def _is_part(one: Statement) -> bool:
    """Tell whether a statement is of a perimeter that the text need not mean."""
    return bool(one.key.perimeter) and one.key.perimeter not in site_names(one)


def _least_of(equal: Hypothesis) -> float:
    return BORNE_OUT.get(min(3, len(_digits(equal.said))), 3.0)


def _borne_out(equal: Hypothesis, best: Hypothesis, scene: Scene) -> Judgement | None:
    behind = (
        2.0 if best.slots["party"] == 1.0 and equal.slots["party"] < 1.0 else BEHIND
    )  # named beside, not of it
    if equal.weight < _least_of(equal) or equal.weight < best.weight - behind or min(equal.slots.values()) <= -1.5:
        return None
    if equal.slots["mode"] < 0:
        return _plan_as_outcome(equal, scene)
    name = equal.of.key.indicator.replace("_", " ")
    made = f"computed: {equal.of.row['computed']}" if "computed" in equal.of.row else f"stated, if {name} is meant"
    return Judgement("confirmed", made, (equal.of,))


def _of_other_side(equal: Hypothesis, held: Sequence[Statement], figure: Weighing) -> Judgement | None:
    """Return that a figure is the other side's where the sentence does not cite it and the state's own differs.

    Their own in another currency differs only where the sentence cites the state's statistics.
    """
    one, told = equal.of, figure.told
    if not is_mirror(one, told.focal) or cites(told, one.subject):
        return None
    turned = TURNED.get(one.key.indicator, one.key.indicator)
    cited = figure.scene.nearness("speaker", told.focal) <= SENTENCE
    own = [
        each
        for each in held
        if each.subject == told.focal
        and each.key.indicator == turned
        and each.parties | {told.focal} == one.parties | {told.focal}
        and (each.key.period, each.key.commodity, each.kind) == (one.key.period, one.key.commodity, one.kind)
        and (cited if each.unit != one.unit else not meets(equal.said, each))
    ]
    if not own:
        return None
    return Judgement("perimeter mixed", f"these are the statistics of {one.subject}", (one,), (own[0],))


def _plan_as_outcome(equal: Hypothesis, scene: Scene) -> Judgement | None:
    """Return that a plan is told as what is so already, where a word says so."""
    if equal.of.is_report or not {"already", "now"} & scene.found.own:
        return None
    why = f"{equal.of.key.modality} for {equal.of.key.period or 'no period'}, told as an outcome"
    return Judgement("contradicted", why, (equal.of,))


def _slip_between(best: Hypothesis, equal: Hypothesis) -> Judgement | None:
    """Return the slip by which a figure of one thing is told of another, ``None`` where they differ in more."""
    one, other = best.of, equal.of
    if _is_part(one) or (_is_part(other) and one.key.perimeter != other.key.perimeter):
        return None
    differ = {
        "time": one.key.period != other.key.period,
        "party": one.parties != other.parties or site_names(one) != site_names(other),
        "good": one.key.commodity != other.key.commodity,
        "measure": not same_measure(one, other),
        "mode": one.is_report != other.is_report,
    }
    slots = {name for name, is_other in differ.items() if is_other}
    sure = best.slots
    if slots in ({"mode", "time"}, {"mode"}) and one.is_report:
        why = f"{other.key.modality} for {other.key.period or 'no period'}, told as an outcome"
        return Judgement("contradicted", why, (other,), (one,))
    if slots == {"time"} and sure["time"] >= 1.0:
        return _of_time(one, other)
    if slots == {"party"} and (sure["party"] >= 2.0 or sure["site"] >= 2.0):
        whom = ", ".join(sorted(other.parties - one.parties) or site_names(other)) or "all"
        return Judgement("contradicted", f"partner: this is the figure of {whom}", (other,), (one,))
    if slots == {"measure"} and (
        other.key.indicator in measure(one.key.indicator).mistaken_for or best.slots["measure"] > 0
    ):
        return Judgement(
            "contradicted", f"measure: this is the {other.key.indicator.replace('_', ' ')}", (other,), (one,)
        )
    return None


def _of_time(one: Statement, other: Statement) -> Judgement:
    mine, theirs = parse_period(one.key.period), parse_period(other.key.period)
    if mine is not None and theirs is not None and abs(mine.days - theirs.days) <= 3 and theirs.last < mine.first:
        return Judgement("out of date", f"this was the figure of {other.key.period}", (other,), (one,))
    return Judgement("contradicted", f"period: the figure of {other.key.period}", (other,), (one,))


def _same_thing(one: Statement, other: Statement) -> bool:
    return replace(one.key, perimeter="") == replace(other.key, perimeter="") and one.parties == other.parties


def _digits(one: Statement) -> str:
    return re.sub(r"[^1-9]*$", "", f"{abs(one.value):.6e}".split("e")[0].replace(".", ""))
