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
from kopir.facts.checked._hypotheses import CAPACITIES, Hypothesis, hypotheses, is_mirror, is_part, site_names
from kopir.facts.checked._slips import typed_slip
from kopir.facts.checked._verdicts import APART, Judgement, cites
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure
from kopir.facts.named._kinship import Told, same_measure
from kopir.facts.named._openings import is_bare
from kopir.facts.named._scene import CLAUSE, NOWHERE, SENTENCE, Scene
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
MISTAKEN = 5.0
"""How many times a figure that of another measure may be for the one to be told as the other."""
CLEAR = 1.0
_TELLING, _LONG = 2, 3
"""Digits from which a number in another unit is the same by more than chance."""
_SAME = 1e-6
_WHOLE_OR_HALF = re.compile(r"\d{4}|(\d{4})-(?:01/\1-06|07/\1-12)")


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
    if equal and figure.scene.whole and is_part(equal[0].of):
        part = _slip_between(found[0], equal[0], present=False)
        if part is not None and part.verdict == "perimeter mixed":
            return part
    borne = _borne_out(equal[0], found[0], figure.scene) if equal else None
    if borne is not None:
        theirs = _of_other_side(equal[0], among, figure) if borne.verdict == "confirmed" else None
        return theirs or borne
    plan = _plan_of_a_site(equal, figure.scene) if not any(one.slots["mode"] >= 0 for one in equal[:1]) else None
    if plan is not None:
        return plan
    unit = _of_unit(figure, among, found[0].weight if found else 0.0)
    if unit is not None or not found or found[0].weight < TYPED or not found[0].of.is_closed:
        return unit
    return _wrong(figure, found, equal, among)


def _wrong(
    figure: Weighing, found: Sequence[Hypothesis], equal: Sequence[Hypothesis], held: Sequence[Statement]
) -> Judgement | None:
    """Return what is wrong with a figure that the likeliest statement does not bear out, ``None`` if not sure."""
    best = found[0]
    near = [one for one in found if best.weight - one.weight <= BEHIND and not one.fits]
    slip = _slip_of(figure, near, equal)
    if slip is not None:
        return slip
    stepped = best.said.kind != figure.figures[0].kind == "change_abs"  # a step is no level
    counted = best.of.row["kind"] == "count" and best.said.unit not in {"", best.of.unit}  # nurses are no guests
    if stepped or counted or (equal and equal[0].weight >= _least_of(equal[0])):
        return None  # that figure is held, though the words speak of another
    rival = next((one for one in found[1:] if not _same_thing(one.of, best.of)), None)
    apart = best.weight - rival.weight if rival is not None else CLEAR
    for one in near if apart < CLEAR / 2 else near[:1]:
        long = len(_digits(one.said)) >= _LONG
        typed = typed_slip(one.said, one.of) if long or apart >= CLEAR / 2 else ""
        if typed and one.weight >= (TYPED if not long else TYPED - 0.5):
            return Judgement("contradicted", typed, (one.of,), (one.of,))
    if apart >= CLEAR and _is_plain(best, figure.told.focal):
        return _of_a_part(best, held) or Judgement("contradicted", APART, (best.of,), (best.of,))
    return None


def _is_comparable(best: Hypothesis) -> bool:
    """Tell whether figure and statement are of one size: what is many times as much measures something else."""
    said, one = abs(best.said.value or 0.0), abs(best.of.value or 0.0)
    return best.of.kind == "change_pct" or (0 < said <= MISTAKEN * one and one <= MISTAKEN * said)


def _slip_of(figure: Weighing, near: Sequence[Hypothesis], equal: Sequence[Hypothesis]) -> Judgement | None:
    """Return the slip by which the figure of one of ``equal`` is told of one that the words speak of."""
    present = bool({"already", "now"} & figure.scene.found.own)
    if "from" in figure.scene.found.own:
        return None
    for best in near:
        for one in equal:
            ahead = best.weight - one.weight
            if best.weight < SPOKEN_OF - 0.5 * present or ahead < CLEAR / 2:
                continue
            turned = TURNED.get(best.of.key.indicator, "") == one.of.key.indicator
            read = figure.told.said.key.indicator
            if turned and (
                figure.scene.nearness("cue", best.of.key.indicator) != CLAUSE or read == one.of.key.indicator
            ):
                continue  # who sells and who buys no noun tells, or it was read so
            slip = _slip_between(best, one, present=present)
            if slip is not None and (ahead >= CLEAR or present or slip.verdict != "contradicted"):
                return slip
    return None


def _of_a_part(best: Hypothesis, held: Sequence[Statement]) -> Judgement | None:
    """Return that a figure told of a whole is that of one party alone, whom no word names."""
    one = best.of
    for each in held:
        alike = each.key.indicator == one.key.indicator and each.kind == one.kind and each.unit == one.unit
        same = (each.key.period, each.key.commodity) == (one.key.period, one.key.commodity)
        if alike and same and each.is_report and each.parties > one.parties and meets(best.said, each):
            whom = ", ".join(sorted(each.parties - one.parties))
            return Judgement("perimeter mixed", f"this is the figure of {whom} alone", (each,), (one,))
    return None


def _of_unit(figure: Weighing, held: Sequence[Statement], least: float) -> Judgement | None:
    """Return that the number is held in another unit, of what the words speak of more than of all in its own."""
    levels = [one for one in figure.figures if one.kind == "level"]
    units = {one.unit for one in levels}
    first = next((one for one in levels if one.unit and one.row["value"]), None)
    if first is None or len(_digits(first)) < _TELLING or is_bare(str(first.row["text"] or "")):
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
    enough = SPOKEN_OF if len(_digits(first)) < _LONG else TYPED
    if not found or found[0].weight < max(enough, least - BEHIND) or min(found[0].slots.values()) < -0.75:
        return None
    best = found[0].of
    return Judgement("contradicted", f"unit: held in {best.unit}", (best,), (best,))


def _is_plain(best: Hypothesis, focal: str) -> bool:
    """Tell whether the words name every slot of a growth, so that another figure contradicts it.

    Of levels they never do: a sentence holds other figures of the same unit, of parts, steps and other measures.
    """
    slots, one = best.slots, best.of
    if one.kind != "change_pct" or is_part(one) or (focal and focal not in one.parties):
        return False
    if not (one.is_report or slots["source"] > 0) or not best.said.is_closed or best.weight < PLAINLY:
        return False
    if not (best.said.high < one.low - 0.1 * abs(one.value) or best.said.low > one.high + 0.1 * abs(one.value)):
        return False
    if slots["spoken"] >= 2.0 and slots["time"] > 0:  # of what the sentence itself said before
        return True
    if slots["source"] > 0 and slots["mode"] > 0 and slots["time"] >= 1.0:  # his own forecast
        return True
    timed = slots["time"] >= 0.25 or not one.key.period
    return min(slots.values()) >= -0.3 and slots["measure"] >= 0.75 and timed


def _least_of(equal: Hypothesis) -> float:
    """Return the least weight at which a figure is borne out, more where nobody states what it equals."""
    drawn = "computed" in equal.of.row and equal.slots["spoken"] < 1.0 and equal.slots["measure"] < 1.0
    return BORNE_OUT.get(min(3, len(_digits(equal.said))), 3.0) + 1.5 * drawn


def _borne_out(equal: Hypothesis, best: Hypothesis, scene: Scene) -> Judgement | None:
    behind = (
        2.0 if best.slots["party"] == 1.0 and equal.slots["party"] < 1.0 else BEHIND
    )  # named beside, not of it
    if equal.weight < _least_of(equal) or equal.weight < best.weight - behind or min(equal.slots.values()) <= -1.5:
        return None
    if equal.slots["mode"] < 0:
        return _plan_as_outcome(equal, scene)
    could = "able" in scene.found.own or scene.found.modes or scene.nearness("cue", "capacity") <= SENTENCE
    if equal.of.key.indicator in CAPACITIES and "period" in scene.found.own and not could:
        return Judgement("contradicted", "measure: this is the capacity", (equal.of,))
    name = equal.of.key.indicator.replace("_", " ")
    made = f"computed: {equal.of.row['computed']}" if "computed" in equal.of.row else f"stated, if {name} is meant"
    return Judgement("confirmed", made, (equal.of,))


def doubted(figure: Weighing, proof: Statement, held: Sequence[Statement]) -> Judgement | None:
    """Return what speaks against a proof: own statistics cited for the other side's, another good or firm."""
    told, scene = figure.told, figure.scene
    near = scene.nearness("speaker", told.focal)
    if near == CLAUSE or (";" not in told.sentence and (near == SENTENCE or cites(told, told.focal))):
        theirs = _of_other_side(Hypothesis(proof, told.said, {}, True), held, figure)
        if theirs is not None:
            return theirs
    alike = [
        one
        for one in held
        if (one.key.indicator, one.kind, one.unit) == (proof.key.indicator, proof.kind, proof.unit)
        and one.key.period == proof.key.period
        and one.is_closed
        and one.is_report == proof.is_report
        and not meets(told.said, one)
    ]
    goods = {good for good, level in scene.near["good"].items() if level == CLAUSE}
    if proof.key.commodity and goods and proof.key.commodity not in goods:
        meant = [one for one in alike if one.key.commodity in goods and one.parties == proof.parties]
        if meant:
            why = f"good: this is the figure of {proof.key.commodity}"
            return Judgement("contradicted", why, (proof,), (meant[0],))
    if site_names(proof):
        return None
    for one in alike:
        whose = [name for name in site_names(one) if scene.spells(name) == CLAUSE]
        if whose and one.key.commodity == proof.key.commodity:
            why = f"this is the figure of all, not of {', '.join(whose)}"
            return Judgement("contradicted", why, (proof,), (one,))
    return None


def _of_other_side(equal: Hypothesis, held: Sequence[Statement], figure: Weighing) -> Judgement | None:
    """Return that a figure is the other side's where the sentence does not cite it and the state's own differs.

    Their own in another currency differs only where the sentence cites the state's statistics.
    """
    one, told = equal.of, figure.told
    speakers = figure.scene.near["speaker"]
    nearest = min(speakers, key=lambda each: speakers[each], default="")
    cited = speakers.get(one.subject, NOWHERE) <= SENTENCE and nearest != told.focal
    if not is_mirror(one, told.focal) or cites(told, one.subject) or cited:
        return None
    turned = TURNED.get(one.key.indicator, one.key.indicator)
    ours = figure.scene.nearness("speaker", told.focal) <= SENTENCE
    own = [
        each
        for each in held
        if each.subject == told.focal
        and each.key.indicator == turned
        and each.parties | {told.focal} == one.parties | {told.focal}
        and (each.key.period, each.key.commodity, each.kind) == (one.key.period, one.key.commodity, one.kind)
        and (ours if each.unit != one.unit else not meets(equal.said, each))
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


def _plan_of_a_site(equal: Sequence[Hypothesis], scene: Scene) -> Judgement | None:
    """Return that the plan for a site or a party that its clause names is told as so already."""
    for one in equal:
        named = one.slots["site"] >= 1.5 or one.slots["party"] >= 2.0
        if named and one.slots["mode"] < 0 and min(one.slots["party"], one.slots["good"]) > -1.0:
            return _plan_as_outcome(one, scene)
    return None


def _slip_between(best: Hypothesis, equal: Hypothesis, *, present: bool) -> Judgement | None:
    """Return the slip by which a figure of one thing is told of another, ``None`` where they differ in more.

    ``present`` tells that a word says so it is now.
    """
    one, other, sure = best.of, equal.of, best.slots
    if is_part(other) and replace(other.key, perimeter="") == one.key and sure["party"] > 0.5:
        return Judgement("perimeter mixed", f"this is the figure of {other.key.perimeter} alone", (other,), (one,))
    if is_part(one) or (is_part(other) and one.key.perimeter != other.key.perimeter):
        return None
    differ = {
        "time": one.key.period != other.key.period and bool(other.key.period),
        "party": one.parties != other.parties or site_names(one) != site_names(other),
        "good": one.key.commodity != other.key.commodity,
        "measure": not same_measure(one, other),
        "mode": one.is_report != other.is_report,
    }
    slots = {name for name, is_other in differ.items() if is_other}
    if slots in ({"mode", "time"}, {"mode"}) and one.is_report:
        why = f"{other.key.modality} for {other.key.period or 'no period'}, told as an outcome"
        return Judgement("contradicted", why, (other,), (one,))
    if slots == {"time"} and (sure["time"] >= 0.75 or present) and _WHOLE_OR_HALF.fullmatch(one.key.period):
        return _of_time(one, other)
    if slots == {"party"}:
        return _of_party(best, equal)
    return _of_matter(best, equal, slots)


def _of_party(best: Hypothesis, equal: Hypothesis) -> Judgement | None:
    one, other, sure = best.of, equal.of, best.slots
    if site_names(other) and not site_names(one) and equal.slots["site"] < 0:
        whose = ", ".join(site_names(other))
        return Judgement("perimeter mixed", f"this is the figure of {whose} alone", (other,), (one,))
    if sure["party"] < 2.0 and sure["site"] < 2.0:
        return None
    whom = ", ".join(sorted(other.parties - one.parties) or site_names(other)) or "all"
    return Judgement("contradicted", f"partner: this is the figure of {whom}", (other,), (one,))


def _of_matter(best: Hypothesis, equal: Hypothesis, slots: set[str]) -> Judgement | None:
    """Return a slip of good, measure or source."""
    one, other, sure = best.of, equal.of, best.slots
    if slots == {"good"} and sure["good"] >= 1.5 and equal.slots["good"] < 0:
        return Judgement("contradicted", f"good: this is the figure of {other.key.commodity}", (other,), (one,))
    mistaken = other.key.indicator in measure(one.key.indicator).mistaken_for
    told = sure["measure"] > 0 > equal.slots["measure"]
    if slots == {"measure"} and (mistaken or told) and _is_comparable(best):
        why = f"measure: this is the {other.key.indicator.replace('_', ' ')}"
        return Judgement("contradicted", why, (other,), (one,))
    if not slots and sure["source"] > 0 > equal.slots["source"]:
        why = f"these are the statistics of {other.row['source']}"
        return Judgement("perimeter mixed", why, (other,), (one,))
    return None


def _of_time(one: Statement, other: Statement) -> Judgement:
    mine, theirs = parse_period(one.key.period), parse_period(other.key.period)
    if mine is not None and theirs is not None and abs(mine.days - theirs.days) <= 3 and theirs.last < mine.first:
        return Judgement("out of date", f"this was the figure of {other.key.period}", (other,), (one,))
    return Judgement("contradicted", f"period: the figure of {other.key.period}", (other,), (one,))


def _same_thing(one: Statement, other: Statement) -> bool:
    """Tell whether two statements speak of one thing at one time, whoever of the two sides makes them."""
    mine, theirs = one.key, other.key
    turned = TURNED.get(mine.indicator, "") == theirs.indicator and one.subject != other.subject
    return (
        one.parties == other.parties
        and (mine.indicator == theirs.indicator or turned)
        and (mine.commodity, mine.period, one.kind) == (theirs.commodity, theirs.period, other.kind)
    )


def _digits(one: Statement) -> str:
    return re.sub(r"[^1-9]*$", "", f"{abs(one.value):.6e}".split("e")[0].replace(".", ""))
