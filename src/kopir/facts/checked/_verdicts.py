"""Verdicts: a figure against what sources state, with the burden of proof on whoever says yes or no.

A figure is confirmed only within a closed interval that another source states; it is contradicted only where
every reading of it fails and what went wrong has a name, or the text leaves no other reading. Else the nearest
statement is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kopir.core.codes import codes
from kopir.facts.checked._anchored import measures_told, variants
from kopir.facts.checked._computed import computed
from kopir.facts.checked._slips import THEIRS, find_slip
from kopir.facts.claimed._keys import normal_key
from kopir.facts.claimed._measures import measure, perimeter
from kopir.facts.named._anchors import Anchors
from kopir.facts.named._kinship import WIDER, Told, distance, is_of_another, same_measure, when
from kopir.facts.named._naming import named_in
from kopir.facts.named._statements import Statement, allows, meets, same_unit

VERDICTS = ("confirmed", "repeats", "contradicted", "out of date", "perimeter mixed", "unknown")
_DENIALS: Mapping[str, str] = {
    "en": r"\b(?:did|does|do|was|were|is|has|have|had|will|could|can) not\b(?! only)|\b\w+n['’]t\b"
    r"|\bnever\b|\bno longer\b",
    "ru": r"\bне (?!только|мен|бол|ниже|выше|счит|включ)\w+(?:л|ла|ло|ли|ет|ут|ют|ит|ат|ят|лся|лась)\b",
    "tr": r"\b(?!tamam|zaman)\w+(?:ma[dm]ı|me[dm]i|m[ıiuü]yor)\w*\b|\bdeğil\b",
    "kk": r"\bемес\b|\b\w+(?:ған|ген|қан|кен) жоқ\b|\b\w+(?:м|п|б)(?:ады|еді)\b",
}


_CITES = re.compile(
    r"\b(?:customs|statistic|тамож|статистик|статкомит|gümrük|i̇?statisti|tü(?:i̇?|İ)k\b|кеден)", re.IGNORECASE
)
"""Words of a sentence that says whose statistics it takes, where the reader does not tell whose."""
_JUST_BEFORE = 14
_BESIDE = 24
"""Characters to either side of such a word within which the state stands."""
_TRANSIT = re.compile(r"transit|транзит", re.IGNORECASE)
_DIFFERS = "differs from what is held in every reading"
APART = "differs from what the words beside it speak of"
_WRONG = frozenset({"contradicted", "out of date", "perimeter mixed"})
PROVED = frozenset({"confirmed", "repeats"})
_TELLING, _FEWER = 3, 2
"""Digits from which a bare number is no other by chance, and where its clause says of whom, and what."""
TYPED = ("digits", "scale")
"""How the reasons begin that tell a slip of the pen."""
_SAME_BUT_FOR_PERIMETER = 0.02


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons: ``of`` bears the verdict, ``right`` are the statements a mend is made of."""

    verdict: str
    why: str
    of: tuple[Statement, ...] = ()
    right: tuple[Statement, ...] = ()


def is_denied(sentence: str, language: str, modality: str) -> bool:
    """Tell whether a sentence says that something was not so; «not less than» is no denial."""
    words = _DENIALS.get(language)
    return modality == "denied" or bool(words and re.search(words, sentence, re.IGNORECASE))


def judge(
    told: Told, found: Anchors, held: Sequence[Statement], *, own: str, denied: bool, sure: bool
) -> Judgement:
    """Judge a figure against ``held``.

    ``own`` names the draft, whose own words prove nothing; ``sure`` tells that its reading is published: otherwise
    it is also read by what its own words name (``found``), and a difference without a name contradicts it only
    where these name party, measure and time.
    """
    judged = _judge(told, found, held, own=own, denied=denied, sure=sure)
    if judged.why == _DIFFERS and is_of_another(told.said, judged.of):
        return _nearest(told, judged.of, f"nothing is held of {told.said.subject} itself")
    return judged


def _judge(
    told: Told, found: Anchors, held: Sequence[Statement], *, own: str, denied: bool, sure: bool
) -> Judgement:
    first = _judged(told, held, own=own, denied=denied, sure=sure)
    if sure:
        return _surely(told, found, held, first, own=own, denied=denied)
    if first.verdict in PROVED and not _strays(told, found, first):
        return first
    bound = []
    for again, binds in _readings(told):
        second = _judged(again, held, own=own, denied=denied, sure=False)
        if second.verdict in PROVED:
            return second
        if binds and second.verdict != "unknown":
            bound.append(second)
    by_words = _by_words(told, found, held, own=own, denied=denied)
    if by_words is not None:
        return by_words
    if bound and not elsewhere(told, found):
        return bound[0]
    if first.verdict != "unknown" and elsewhere(told, found):
        return _nearest(told, first.of, "the words beside the figure say otherwise")
    if told.said.parties - told.named - {told.focal} and first.verdict != "unknown":
        return Judgement("unknown", f"the sentence names no such partner; {first.why}", first.of)
    return first


def _surely(
    told: Told, found: Anchors, held: Sequence[Statement], first: Judgement, *, own: str, denied: bool
) -> Judgement:
    """Return the judgement of a figure that the reader is sure of, ``first`` by what was read.

    Where nothing is held of that, what the words name may be; where the words beside say otherwise than was read,
    they may bear the figure out, and a difference without a name says nothing.
    """
    doubted = first.verdict in _WRONG and elsewhere(told, found)
    if first.of and not doubted:
        return first
    by_words = _by_words(told, found, held, own=own, denied=denied)
    if by_words is not None and (by_words.verdict in PROVED or not first.of):
        return by_words
    if doubted and first.why == _DIFFERS:
        return _nearest(told, first.of, "the words beside the figure say otherwise")
    return first


def _strays(told: Told, found: Anchors, proved: Judgement) -> bool:
    """Tell whether a proof is of a partner carried over from elsewhere, where the sentence names another."""
    carried = told.said.parties - told.named - {told.focal}
    others = {one for one in found.around - {told.focal} if one in codes("states")}
    good = told.said.key.commodity
    return bool(others - told.said.parties and good) and any(
        one.parties & carried and one.key.commodity != good for one in proved.of
    )


def _by_words(
    told: Told, found: Anchors, held: Sequence[Statement], *, own: str, denied: bool
) -> Judgement | None:
    """Judge a figure by what its own words name; ``None`` where that neither bears it out nor contradicts it."""
    wrong: list[Judgement] = []
    proofs: dict[str, Judgement] = {}
    open_measure = False
    for one in variants(told, found, held):
        among = [each for each in held if not each.is_report] if one.plans else held
        judged = _judged(one.told, among, own=own, denied=denied, sure=False, binds=one.binds)
        name = one.told.said.key.indicator
        open_measure = one.open
        if judged.verdict in PROVED:
            if not one.open:
                return judged
            if "computed" in judged.of[0].row:
                continue  # what nobody states may be of anything
            why = f"{judged.why}, if {name.replace('_', ' ')} is meant"
            proofs.setdefault(measure(name).kin or name, replace(judged, why=why))
        elif (one.open and not one.told.said.parties and not one.sole) or (
            found.modes and one.told.said.is_report
        ):
            continue  # of no measure and of nobody, or told as a plan: it contradicts nothing
        elif judged.verdict != "unknown" and (one.whole or judged.why.startswith("scale")):
            wrong.append(judged)
    if open_measure:
        wrong = [one for one in wrong if {each.key.indicator for each in one.of} == {wrong[0].of[0].key.indicator}]
        if len(proofs) == 1:
            return next(iter(proofs.values()))
        if proofs:
            return None
    return wrong[0] if wrong else None


def placed(told: Told, found: Anchors, held: Sequence[Statement], *, own: str) -> Judgement | None:
    """Judge a figure that was not read, by number and words alone: borne out where it equals one measure only."""
    digits = re.sub(r"[^1-9]*$", "", f"{abs(told.said.value):.6e}".split("e")[0].replace(".", ""))
    whole = {replace(one.key, period="") for one in held if found.period and one.key.period == found.period}
    among = [  # of a year that is held whole no part is meant
        one for one in held if one.key.period == found.period or replace(one.key, period="") not in whole
    ]
    telling = _FEWER if found.cues and "party inside" in found.own else _TELLING
    judged = _by_words(told, found, among, own=own, denied=False) if len(digits) >= telling else None
    if judged is None or judged.verdict in PROVED:
        return judged
    return judged if telling == _FEWER and judged.why.startswith(TYPED) else None


def cites(told: Told, whose: str) -> bool:
    """Tell whether a sentence takes the statistics of a state by name («китайская таможня»).

    Whose they are the word before says, else the only state that stands beside.
    """
    for one in _CITES.finditer(told.sentence):
        before = named_in(told.sentence[max(one.start() - _JUST_BEFORE, 0) : one.start()]) & set(codes("states"))
        beside = named_in(told.sentence[max(one.start() - _BESIDE, 0) : one.end() + _BESIDE]) & set(
            codes("states")
        )
        if whose in before or (not before and whose in beside and not beside - {whose}):
            return True
        if not before and whose != told.focal and whose in beside and told.focal not in beside:
            return True
    return False


def is_unnamed(judged: Judgement) -> bool:
    """Tell whether a judgement is of a difference without a name."""
    return judged.why in {_DIFFERS, APART} or judged.why.startswith("bound")


def is_doubtful(judged: Judgement) -> bool:
    """Tell whether what is held of another reading may prove a judgement wrong: a verb tells no way of trade."""
    turned = judged.why in {"measure: this is the export", "measure: this is the import"}
    return is_unnamed(judged) or turned or judged.why.startswith("partner")


def unproved(judged: Judgement) -> Judgement:
    """Return the judgement of a figure whose unit is a guess: a difference without a name says nothing of it."""
    if judged.why != _DIFFERS:
        return judged
    return Judgement("unknown", "the text does not say what it counts", judged.of)


def elsewhere(told: Told, found: Anchors) -> bool:
    """Tell whether the words beside a figure name another time, good or party than was read."""
    said = told.said
    other_time = bool(found.period and said.key.period) and found.period[:4] != said.key.period[:4]
    goods = {normal_key(replace(said.key, commodity=one)).commodity for one in found.goods}
    other_good = bool(goods) and said.key.commodity not in goods
    by_way = bool(found.parties & (said.routes | set(codes("routes"))))
    other_party = "party" in found.own and not by_way and not found.parties <= said.parties | {told.focal}
    return (
        other_time
        or other_good
        or other_party
        or (bool(found.modes) and said.is_report)
        or _measured_as(said, found)
    )


def _measured_as(said: Statement, found: Anchors) -> bool:
    """Tell whether the words of a level's own sentence stand for other measures than was read."""
    words = measures_told(found, said.kind) if "cue" in found.own and said.kind == "level" else frozenset[str]()
    mine = {said.key.indicator, measure(said.key.indicator).kin} - {""}
    return bool(words and mine) and not mine & {*words, *(measure(one).kin for one in words)}


def _judged(
    told: Told, held: Sequence[Statement], *, own: str, denied: bool, sure: bool, binds: bool = False
) -> Judgement:
    said = told.said
    if not said.key.indicator:
        return _placed_by_value(told, held, own)
    if said.key.indicator == "price":  # of what is not named nothing is held
        held = [one for one in held if one.key.commodity == said.key.commodity or one.key.indicator != "price"]
    held = [*held, *computed(told, held)]
    near = [(cost, one) for one in held if same_unit(said, one) and (cost := distance(told, one)) is not None]
    alike = [(cost, one) for cost, one in near if same_measure(said, one)]
    now = _of_the_time(told, [pair for pair in alike if pair[1].is_report == said.is_report])
    least = min((cost for cost, _ in now), default=0)
    base = sorted((one for cost, one in now if cost == least), key=lambda one: one.rank)
    wrongly = _proved(told, now, base, least, own=own)
    if wrongly is not None:
        return _denied(wrongly) if denied else wrongly
    if denied:
        return _nearest(told, base or [one for _, one in alike], "the sentence denies it")
    room = next((one for one in base if allows(said, one)), None)
    slip = find_slip(told, base, [one for _, one in near], held)
    typed = slip is not None and slip.why.startswith(TYPED)
    if room is not None and not typed:
        return _nearest(told, [room], "within an open bound, which proves nothing")
    right = _right(told, base, slip.of if slip else None)
    if slip is not None and slip.why.startswith(THEIRS) and cites(told, slip.of.subject):
        return Judgement("confirmed", f"stated (statistics of {slip.of.subject})", (slip.of,))
    if slip is not None:
        return Judgement(slip.verdict, slip.why, (slip.of,), right)
    closed = [one for one in base if one.is_closed]
    placed = (sure and told.has_period) or binds
    if closed and placed and said.is_report and least < WIDER and said.is_closed:
        return Judgement("contradicted", _DIFFERS, tuple(right), right)
    return _nearest(told, base or [one for _, one in alike], "")


def _readings(told: Told) -> Iterator[tuple[Told, bool]]:
    """Yield an unsure reading with other parties, and whether it may contradict.

    Those that its own sentence names, where it holds others or none; those of the sentences before it, where
    nobody is named at all, can only bear it out.
    """
    own, before = (
        frozenset(one for one in names if one in codes("states") or one in codes("groups"))
        for names in (told.named, told.before)
    )
    said = told.said
    if own and (not said.parties or said.parties - told.named - {told.focal}):
        subject = said.subject if said.subject in own else ""
        yield replace(told, said=replace(said, parties=own, subject=subject)), True
    if before and not own and not said.parties:
        yield replace(told, said=replace(said, parties=before, subject="")), False


def _placed_by_value(told: Told, held: Sequence[Statement], own: str) -> Judgement:
    """Judge a figure of no measure: what it equals, of the parties and the time that the sentence names.

    Only one measure may be meant, and a figure that equals none contradicts none.
    """
    said = told.said
    if not said.parties or not said.key.period:
        return Judgement("unknown", "the text does not say enough to place the figure")
    same = [
        one
        for one in held
        if same_unit(said, one)
        and one.is_closed
        and said.parties <= one.parties | {told.focal}
        and distance(replace(told, said=replace(said, subject="")), one) is not None
        and when(told, one) == "same"
        and meets(said, one)
        and own not in {str(one.row["doc"]), str(one.row["source"])}
    ]
    if len({measure(one.key.indicator).kin or one.key.indicator for one in same}) != 1:
        return Judgement("unknown", "the text does not say what is measured")
    best = min(same, key=lambda one: (one.rank, one.id))
    name = best.key.indicator.replace("_", " ")
    told_as = "" if best.key.modality == "actual" else f", {best.key.modality}"
    return Judgement("confirmed", f"stated, if {name} is meant{told_as}", (best,))


def _proved(
    told: Told, now: Sequence[tuple[int, Statement]], base: Sequence[Statement], least: int, *, own: str
) -> Judgement | None:
    """Return the verdict of the statements that bear a figure out, ``None`` when none does."""
    found = sorted((cost, one.rank, one.id, one) for cost, one in now if meets(told.said, one))
    if not found:
        return None
    cost = found[0][0]
    proofs = [one for at, _, _, one in found if at == cost]
    others = [one for one in proofs if own not in {str(one.row["doc"]), str(one.row["source"])}]
    closed = any(one.is_closed for one in base)
    of_good = proofs[0].key.commodity and not told.said.key.commodity
    if of_good and (told.said.kind == "share" or (cost > least and closed and not told.named)):
        return None  # of a good that the text does not name, or that no table knows
    if cost > least and closed and not any(_near(one, proofs[0]) for one in base):
        return Judgement(
            "perimeter mixed",
            f"this is the figure of {_set_apart(told, proofs[0])}",
            (proofs[0],),
            _right(told, base, None),
        )
    if told.said.side and proofs[0].side and proofs[0].side != told.said.side:
        why = f"these are the statistics of {proofs[0].side}, not of {told.said.side}"
        return Judgement("perimeter mixed", why, (proofs[0],), _right(told, base, None))
    if not others:
        return Judgement("repeats", "only this text itself says so", tuple(proofs[:1]))
    whole = _part_of_freight(told, others[0], base)
    if whole is not None:
        return Judgement("perimeter mixed", "this is the figure of transit alone", (others[0],), (whole,))
    theirs = _of_the_other_side(told, others, base)
    if theirs:
        return Judgement(
            "perimeter mixed", f"these are the statistics of {theirs}", (others[0],), _right(told, base, None)
        )
    also = [
        one
        for one in base
        if one.is_closed
        and not _overlap(one, others[0])
        and (one.subject, one.key.perimeter) == (others[0].subject, others[0].key.perimeter)
    ]
    why = "stated" + (f" ({_set_apart(told, others[0])})" if _set_apart(told, others[0]) else "")
    why += f"; another source says {also[0].row['text'] or _plain(also[0])}" if also else ""
    return Judgement("confirmed", why, tuple(others))


def _part_of_freight(told: Told, proof: Statement, base: Sequence[Statement]) -> Statement | None:
    """Return what is carried in all, where a sentence that says nothing of transit gives the figure of transit."""
    if proof.key.indicator != "freight_transit" or _TRANSIT.search(told.sentence):
        return None
    wholes = [one for one in base if one.key.indicator == "freight_carried" and one.is_closed]
    return next((one for one in wholes if not _overlap(one, proof) and one.value > proof.value), None)


def _of_the_other_side(told: Told, proofs: Sequence[Statement], base: Sequence[Statement]) -> str:
    """Return whose statistics alone bear a figure out, where the state's own say otherwise.

    Not where the sentence cites somebody else's than the state's own.
    """
    whose = {one.subject for one in proofs}
    cited = told.said.side
    citers = [bool(_CITES.search(part)) for part in told.sentence.split(";")]
    if (cited and (cited != told.focal or sum(citers) > 1)) or (not cited and any(citers)) or len(whose) != 1:
        return ""
    if not whose <= told.said.parties - {told.focal}:
        return ""
    own = [one for one in base if one.is_closed and one.subject == told.focal]
    return min(whose) if own and not any(_overlap(one, proofs[0]) for one in own) else ""


def _denied(found: Judgement) -> Judgement:
    return Judgement("unknown", "the sentence denies what a source states", found.of)


def _set_apart(told: Told, one: Statement) -> str:
    """Say in what a statement differs from what the sentence says, blank where in nothing."""
    said, parts = told.said, []
    if one.key.perimeter and one.key.perimeter != said.key.perimeter:
        side = perimeter(one.key.perimeter).facet == "side"
        parts.append(f"statistics of {one.side}" if side else one.key.perimeter.replace("_", " "))
    if one.routes and not said.routes:
        parts.append(f"by {', '.join(sorted(one.routes))} alone")
    if one.key.commodity and not said.key.commodity:
        parts.append(f"{one.key.commodity} alone")
    if said.parties - one.parties:
        parts.append("of all, not of " + ", ".join(sorted(said.parties - one.parties)))
    if one.key.period and not said.key.period:
        parts.append(f"in {one.key.period}")
    return ", ".join(parts)


def _right(told: Told, base: Sequence[Statement], slip: Statement | None) -> tuple[Statement, ...]:
    """Return what the figure should be: the statement that a slip was made of, else the best, with a rival."""
    closed = [one for one in base if one.is_closed]
    if slip is not None and slip in closed:
        return (slip,)
    if not closed:
        return ()
    same = [one for one in closed if one.key.perimeter == told.said.key.perimeter] or closed
    meant = told.said.key.indicator if slip is None else slip.key.indicator  # the slip tells what was meant
    same = [one for one in same if one.key.indicator == meant] or same
    if not told.said.side:  # the other side's statistics are no rival of the state's own
        whose = told.said.subject or told.focal
        same = [one for one in same if one.subject == whose] or same
    rivals = [one for one in same if not _overlap(one, same[0])]
    if not rivals:
        return (same[0],)
    return tuple(
        sorted((same[0], max(rivals, key=lambda one: abs(one.value - same[0].value))), key=lambda one: one.value)
    )


def _overlap(one: Statement, other: Statement) -> bool:
    return one.low <= other.high and other.low <= one.high


def _of_the_time(told: Told, alike: Sequence[tuple[int, Statement]]) -> list[tuple[int, Statement]]:
    """Return the statements of the figure's own time; without one, those of the latest time held."""
    if told.said.key.period:
        same = [pair for pair in alike if when(told, pair[1]) == "same"]
        if same or told.has_period:
            return same
    dated = sorted({one.key.period for _, one in alike if one.key.period and len(one.key.period) == 4})
    last = dated[-1] if dated else max((one.key.period for _, one in alike), default="")
    return [pair for pair in alike if pair[1].key.period in {last, ""}]


def _nearest(told: Told, among: Sequence[Statement], why: str) -> Judgement:
    said = told.said

    def far(one: Statement) -> tuple[bool, float, str]:
        ratio = said.value / one.value if one.value else 0.0
        return when(told, one) != "same", abs(math.log(ratio)) if ratio > 0 else math.inf, one.id

    if not among:
        return Judgement("unknown", "; ".join(filter(None, [why, "nothing is held of it"])))
    one = min(among, key=far)
    period = f" for {one.key.period}" if one.key.period and when(told, one) != "same" else ""
    mode = "" if one.is_report == said.is_report else f" ({one.key.modality})"
    shown = f"nearest held{period}{mode}: {one.row['text'] or _plain(one)}"
    return Judgement("unknown", "; ".join(filter(None, [why, shown])), (one,))


def _near(one: Statement, other: Statement) -> bool:
    """Tell whether two perimeters count about the same: a sentence that names neither may mean either."""
    return one.is_closed and abs(one.value - other.value) <= _SAME_BUT_FOR_PERIMETER * abs(one.value)


def _plain(one: Statement) -> str:
    for size, word in ((1e12, "trn"), (1e9, "bn"), (1e6, "mn")):
        if abs(one.value) >= size:
            return f"{one.value / size:,.6g} {word} {one.key.unit}"
    return f"{one.value:,.6g} {one.key.unit}"


def stopped(told: Told, held: Sequence[Statement], of: Sequence[Statement]) -> str:
    """Return what else is held of a way that a verdict rests on: that it was stopped, and when."""
    ways = {way for one in of for way in one.routes}
    parties = {party for one in of for party in one.parties}
    stops = [
        one
        for one in held
        if one.row["kind"] == "date"
        and one.key.perimeter in {"stop", "closed"}
        and one.routes & ways
        and one.parties & parties
        and one.key.period[:4] == told.said.key.period[:4]
    ]
    return f"{', '.join(sorted(stops[0].routes))} stopped on {stops[0].key.period}" if stops else ""
