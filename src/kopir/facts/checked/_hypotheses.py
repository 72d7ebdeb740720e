"""Hypotheses: every statement held of a state tried on a figure, by what the words around it name.

Where no reading of a figure leads to a statement, each statement of its unit is weighed by how well its own slots
(parties, good, measure, site, time, mode, source) stand in the words around the figure, nearest first. A
statement that the words deny is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kopir.core.periods import parse_period
from kopir.facts.claimed._keys import Key
from kopir.facts.claimed._measures import measure, perimeter
from kopir.facts.named._kinship import is_firm
from kopir.facts.named._scene import (
    BEFORE,
    CLAUSE,
    IMPLIED,
    NOWHERE,
    PARAGRAPH,
    SENTENCE,
    Scene,
    is_state,
    speakers_in,
)
from kopir.facts.named._statements import REPORTS, TURNED, Statement, meets, same_unit

_DENIED = -9.0
CAPACITIES = frozenset({"capacity", "transit_capacity"})
PROMISED = frozenset({"financing_pledged", "project_value", "deals_value", "jobs", "investment_flow"})
"""What is promised or signed: words of plans beside it take nothing away."""
LOOSE = 1.35
"""How much more than a figure a bound that holds may be."""
_NARROW = 0.02
_YEAR = 4
_YEARS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_VERBS = ("buy", "receive", "supply", "sell", "in_return", "acquire", "delivery")
"""Cues of trade that one party's exports and the other's imports have in common."""
PROJECTED = frozenset({"project_value", "railway_length", "pipeline_length", "route_length", "dimension"})
"""What a project is told to be, built or not."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A statement tried on a figure: ``slots`` are the weights of its slots, ``fits`` tells equality of value."""

    of: Statement
    said: Statement
    slots: Mapping[str, float]
    fits: bool

    @property
    def weight(self) -> float:
        """How well the words around the figure speak of the statement."""
        return sum(self.slots.values())


def hypotheses(
    figures: Sequence[Statement], held: Sequence[Statement], scene: Scene, focal: str, spoken: Sequence[Key] = ()
) -> list[Hypothesis]:
    """Return the statements that a figure may be about, the likeliest first; ``figures`` are its readings.

    ``spoken`` are the keys of what the figures before it in its sentence say.
    """
    pairs = []
    for one in held:
        alike = [said for said in figures if said.kind == one.kind and same_unit(said, one)]
        if alike:
            pairs.append((one, next((said for said in alike if _fits(said, one)), alike[0])))
    words = _measures_told(scene, {one.key.indicator for one, _ in pairs})
    found = []
    for one, said in pairs:
        slots = weighed(one, scene, focal, words, spoken)
        if min(slots.values()) > _DENIED:
            found.append(Hypothesis(one, said, slots, _fits(said, one)))
    return sorted(found, key=lambda each: (-each.weight, each.of.rank, each.of.id))


def _fits(said: Statement, one: Statement) -> bool:
    """Tell whether a statement bears a figure out; a bound that holds need not be near."""
    if "computed" in one.row:  # as wide as the figure is told, not as its parts are
        slack = _NARROW * abs(one.value)
        return said.low - slack <= one.value <= said.high + slack
    if meets(said, one):
        return True
    if said.is_closed or not one.is_closed or not said.value or not one.value:
        return False
    ratio = max(one.value / said.value, said.value / one.value)
    return said.low <= one.value <= said.high and 0 < ratio <= LOOSE


def _measures_told(scene: Scene, held: Set[str]) -> dict[str, float]:
    """Return the weight of each measure of ``held`` by the words that stand for it.

    A stem tells less than a cue: in a clause that a cue speaks for it counts as of the sentence; a word for one
    thing in two words a little less than its own.
    """
    verbs = min((scene.nearness("cue", cue) for cue in _VERBS), default=NOWHERE)
    if verbs >= min(scene.nearness("cue", name) for name in TURNED):  # a noun tells it
        verbs = NOWHERE
    told = dict.fromkeys(held & set(TURNED), verbs)  # who sells and who buys the verb alone does not tell
    loose: set[str] = set()
    for name in held:
        kin = measure(name).kin
        exact = scene.cued.get(name, NOWHERE)
        alike = min(
            (level for each, level in scene.cued.items() if kin and measure(each).kin == kin), default=NOWHERE
        )
        if alike < exact:
            loose.add(name)
        told[name] = min(told.get(name, NOWHERE), exact, alike)
    cued = any(level == CLAUSE for level in told.values())
    for name in held:
        level = scene.stemmed.get(name, NOWHERE)
        if level < NOWHERE:
            told[name] = min(told[name], max(level, SENTENCE) if cued else level)
    if scene.found.modes or scene.found.own & {"able", "already", "now"}:  # what goes through may be what can
        flows = {**scene.stemmed, **scene.cued}
        for name in held & CAPACITIES:
            through = [level for each, level in flows.items() if name in measure(each).mistaken_for]
            told[name] = min([told[name], *through])
    others = any(level == CLAUSE for level in told.values())
    return {name: _weight(level, others=others) - 0.25 * (name in loose) for name, level in told.items()}


def _weight(level: int, *, others: bool) -> float:
    """Return the weight of a measure by the nearness of its words; ``others`` tells that the clause names one."""
    if level == NOWHERE:
        return -1.5 if others else -0.5
    if level > CLAUSE and others:
        return -0.5
    return {CLAUSE: 1.5, SENTENCE: 0.75, BEFORE: 0.5}.get(level, 0.25)


def weighed(
    one: Statement, scene: Scene, focal: str, words: Mapping[str, float], spoken: Sequence[Key] = ()
) -> dict[str, float]:
    """Return the weight of each slot of a statement in a scene."""
    return {
        "party": _of_party(one, scene, focal),
        "site": _of_site(one, scene),
        "good": _of_good(one, scene),
        "measure": (told := _of_measure(one, words, mirror=is_mirror(one, focal))),
        "time": _of_time(one, scene),
        "mode": _of_mode(one, scene),
        "source": _of_source(one, scene),
        "part": -0.5 * is_part(one),
        "spoken": _of_spoken(one, spoken) * (0.5 if told < 0 else 1.0),
    }


def is_part(one: Statement) -> bool:
    """Tell whether a statement is of a perimeter that the text need not mean."""
    return (
        bool(one.key.perimeter)
        and one.key.perimeter not in site_names(one)
        and perimeter(one.key.perimeter).facet != "side"
    )


def _of_spoken(one: Statement, spoken: Sequence[Key]) -> float:
    """Weigh that a figure goes on about what the one before it said: a growth of it, the same at another time."""
    if not spoken:
        return 0.0
    last = spoken[-1]
    parts = one.row.get("parts") or ()
    if parts and set(parts) <= set(spoken):
        return 2.0
    if "computed" in one.row and one.kind in {"change_pct", "change_abs", "mult"}:
        return 1.5 if one.key == last else 0.75 if one.key in spoken else 0.0
    return 0.5 if replace(one.key, period="") == replace(last, period="") else 0.0


def _of_party(one: Statement, scene: Scene, focal: str) -> float:
    theirs = frozenset(each for each in one.parties if is_state(each)) - {focal}
    named = {each: level for each, level in scene.near["party"].items() if is_state(each) and each != focal}
    inside = {each for each, level in named.items() if level == CLAUSE}
    around = {each for each, level in named.items() if level <= SENTENCE}
    if not theirs:
        fixed = measure(one.key.indicator).standing or one.key.indicator in PROJECTED  # a state is where it ends
        by_name = any(scene.spells(each) == CLAUSE for each in site_names(one))
        whole = 0.5 if scene.whole else 0.0
        return (-0.3 if fixed or by_name else -1.5) if inside else (-0.3 if around else 0.5) + whole
    told = dict(named)
    for kind in ("aside", "speaker"):  # peoples are named by stems alone («the Brazilians»)
        for each, level in scene.near[kind].items():
            told[each] = min(level, told.get(each, NOWHERE))
    level = max(told.get(each, NOWHERE) for each in theirs)
    if level == NOWHERE:
        return _DENIED
    if level == CLAUSE:
        return 2.0 if inside <= theirs else 1.0
    if inside - theirs:
        return -2.0
    if level == SENTENCE:
        return 1.0
    return (0.25 if scene.whole or level == PARAGRAPH else 0.75) if not around else -1.0


def site_names(one: Statement) -> list[str]:
    """Return the sites and firms that a statement is of: codes of no state, and perimeters that are names."""
    names = [*(each for each in one.parties if is_firm(each)), *one.routes]
    part = one.key.perimeter
    return [*names, part] if part[:1].isupper() else names


def _of_site(one: Statement, scene: Scene) -> float:
    names = site_names(one)
    if scene.sites and measure(one.key.indicator).of_sites and not scene.sites & set(names):
        return -2.0  # told of another site
    if not names:
        return (
            -1.0
            if any(not is_state(each) and level == CLAUSE for each, level in scene.near["party"].items())
            else 0.0
        )
    level = min(scene.spells(each) for each in names)
    others = {each for each, at in scene.near["party"].items() if at == CLAUSE and not is_state(each)}
    if level > SENTENCE and others - set(names):
        return -1.0
    return {CLAUSE: 2.0, SENTENCE: 1.5, BEFORE: 1.0, PARAGRAPH: 0.5}.get(level, -0.75)


def _of_good(one: Statement, scene: Scene) -> float:
    good = one.key.commodity
    inside = {each for each, level in scene.near["good"].items() if level == CLAUSE}
    if not good:
        if inside & set(measure(one.key.indicator).implies):
            return 1.0
        free = measure(one.key.indicator).standing or one.key.indicator in PROJECTED
        return -1.0 if inside and not free else 0.0
    level = scene.nearness("good", good)
    if level == NOWHERE:
        return 0.0 if IMPLIED.get(one.unit) == good else -1.0 if inside else -1.25
    if level != CLAUSE and inside - {good}:
        return -1.5
    return {CLAUSE: 1.5, SENTENCE: 1.0, BEFORE: 0.5}.get(level, -0.25)


def is_mirror(one: Statement, focal: str) -> bool:
    """Tell whether a statement is the other side's: what a partner says that it sold to the state."""
    traded = one.key.indicator in TURNED or one.key.indicator == "trade_turnover"
    return traded and bool(focal) and focal in one.parties and is_state(one.subject) and one.subject != focal


def _of_measure(one: Statement, words: Mapping[str, float], *, mirror: bool) -> float:
    own = words[one.key.indicator]
    return max(own, words.get(TURNED.get(one.key.indicator, ""), own)) if mirror else own


def _of_time(one: Statement, scene: Scene) -> float:
    mine, own, theirs = scene.found.period, scene.found.own, one.key.period
    if parse_period(mine.removesuffix("/")) is None:  # «over the year»
        mine = ""
    if not theirs:
        return 0.0 if measure(one.key.indicator).standing or not mine else -0.25
    changes = one.kind in {"change_pct", "change_abs", "mult"}
    finer = len(scene.read) > _YEAR or changes
    if finer and same_time(
        scene.read, theirs
    ):  # a finer time that the reader found; that of a change, not its base
        return 1.0
    if len(scene.read) > _YEAR and scene.read[:_YEAR] == theirs and measure(one.key.indicator).adds_over_time:
        return -0.75  # of a part of that year
    if not mine or ("now" in own and "period" not in own):
        return (0.25 if _is_last(theirs, scene.date) else -0.5) if one.is_report else 0.0
    if mine[:_YEAR].isdigit() and (changes or "from" in own):
        step = 1 if changes else -1  # what another came from is of the year before; a change may name its base
        if same_time(_YEARS.sub(lambda each: str(int(each[0]) + step), mine), theirs):
            return 0.75
    same = same_time(mine, theirs) or (scene.half and theirs == f"{mine[:4]}-01/{mine[:4]}-06")
    if not one.is_report and scene.found.modes and not same and theirs == mine[:_YEAR]:
        return 0.25  # a goal for the year told beside a part of it
    if "period" in own:
        return 1.5 if same else -2.0
    return 0.75 if same else -0.75


def same_time(mine: str, theirs: str) -> bool:
    """Tell whether two periods are one, or a month told for all months of its year until then."""
    if mine.removesuffix("/") == theirs.removesuffix("/"):
        return True
    first, second = parse_period(mine), parse_period(theirs)
    if first is None or second is None:
        return False
    if (first.first, first.last) == (second.first, second.last):
        return True
    return (
        first.last == second.last
        and second.first.month == 1
        and second.first <= first.first
        and first.days < 32
        and first.last.month != 12
    )


def _is_last(period: str, date: str) -> bool:
    return bool(date) and period[:4] >= str(int(date[:4]) - 1)


def _of_mode(one: Statement, scene: Scene) -> float:
    modes = bool(scene.found.modes)
    if one.key.modality in REPORTS:
        return -1.0 if modes and one.key.indicator not in CAPACITIES | PROMISED else 0.0
    when = parse_period(scene.found.period)
    coming = when is not None and bool(scene.date) and str(when.last) > scene.date and "period" in scene.found.own
    if one.key.indicator in PROJECTED and not modes:
        return 0.0
    return 1.0 if modes or coming else -0.75


def _of_source(one: Statement, scene: Scene) -> float:
    told = {code for code, level in scene.near["speaker"].items() if level == CLAUSE}
    own = speakers_in(str(one.row["source"])) if told else frozenset()
    if not told or not own:
        return 0.0
    return 1.0 if own & told else -1.0
