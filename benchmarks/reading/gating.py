"""Which claims to publish: counts of what filled each slot, and the least confidence of a claim, by language.

Counts and floors are chosen on passages that may be looked at. What they are worth is told by halves: counted and
chosen on the documents of one half, scored on those of the other, and the reverse. Within what it is chosen on a
floor sees each claim with the counts of other documents only (cross-validation in ``FOLDS``), for counts flatter
the claims they were made of.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.reading.figures import Figure, verdict
from benchmarks.reading.matching import FIGURE, pairs_of, right
from benchmarks.reading.samples import Sample
from kopir.evidence.frames._confidence import SORTS, Counts, parts, sort_of
from kopir.evidence.frames._doubts import doubt_of

FOLDS = 10
WANTED = 0.9
"""Share right that a floor must give where it is chosen."""
ALONE = 0.85
"""Share right that claims of a sort must reach by themselves."""
EVEN = 0.5
"""No floor lies lower: what its own counts hold to be wrong as often as right is not published."""
LEAST = 5
"""Claims that a floor must be judged on."""
ENOUGH = 20
"""Claims of a sort that a language must have for a floor of its own."""
SETTLED, LED = SORTS[0], SORTS[-1]
"""The sort in which nothing is open, and that in which who or what is a lead: none of these is published."""
CLOSED = 1.01
"""A floor that nothing passes."""
SLOTS = ("indicator", "subject", "partners", "period", "modality", "kind", "value")


@dataclass(frozen=True, slots=True)
class Case:
    """One claim read where a figure is annotated: what filled its slots, which were right, and the whole.

    ``whole`` is None where a claim of that figure is not judged; ``open`` tells that nothing forbids publication.
    """

    language: str
    doc: str
    filled: Mapping[str, str]
    right: Mapping[str, bool]
    whole: bool | None
    open: bool


Judged = tuple[Case, float]
"""A case with its confidence."""
Sort = tuple[str, str]
"""A language and a sort of claims."""


def cases(sample: Sample) -> list[Case]:
    """Return the claims of a sample that stand at an annotated figure, and those that stand at none."""
    out = []
    pairs = pairs_of(sample.gold, sample.read)
    for pair in pairs:
        core = pair.gold["tier"] == "core"
        told = pair.read["indicator"]
        good = {"value": right(pair, FIGURE)}
        if core:
            good |= {slot: right(pair, (slot,)) for slot in SLOTS[:-1]}
        elif told and pair.gold.get("indicator") is None:
            good["indicator"] = False
        open_ = not any(doubt_of(why).forbids for why in pair.read["withheld"])
        filled = {slot: rule for slot, rule in pair.read["bound_by"].items() if slot in SLOTS}
        out.append(
            Case(
                sample.language,
                pair.gold["doc"],
                filled,
                good,
                verdict(pair),
                open_ and bool(told) and bool(filled),
            )
        )
    return out


def counted(found: Iterable[Case], twins: Mapping[tuple[str, str], tuple[int, int]] | None = None) -> Counts:
    """Count rules and doubts; ``twins`` holds how many generated texts each rule read rightly and wrongly."""
    good: Counter[tuple[str, str]] = Counter()
    bad: Counter[tuple[str, str]] = Counter()
    for case in found:
        for slot, well in case.right.items():
            rule, *doubts = parts(case.filled.get(slot, ""))
            for name in doubts or [rule]:
                (good if well else bad)[slot, name] += 1
    told = twins or {}
    keys = [key for key in {*good, *bad, *told} if key[1]]
    return Counts(
        {key: (good[key], bad[key] + told.get(key, (0, 0))[1], told.get(key, (0, 0))[0]) for key in sorted(keys)}
    )


def across(found: Sequence[Case], twins: Mapping[tuple[str, str], tuple[int, int]]) -> list[Judged]:
    """Return each case with the confidence that the counts of other documents give it."""
    out = []
    for fold in range(FOLDS):
        inside = [case for case in found if _fold(case.doc) == fold]
        if inside:
            table = counted((case for case in found if _fold(case.doc) != fold), twins)
            out += [(case, table.claim(case.filled)) for case in inside]
    return out


def floors(judged: Sequence[Judged], languages: Sequence[str]) -> dict[Sort, float]:
    """Return the floor of each language and sort: its own where enough are judged.

    A sort is judged together with what the surer sorts publish: all of it must be right as often as wanted, and
    the sort by itself nearly so. Where few are judged, claims in which nothing is open have the floor of all
    languages, and the others none: what one language's open claims are worth says nothing of another's. Leads are
    for the reviewer, however sure.
    """
    out = {}
    pooled = [pair for pair in judged if sort_of(pair[0].filled) == SETTLED]
    for language in languages:
        surer: list[bool] = []
        for sort in SORTS:
            own = [p for p in judged if p[0].language == language and sort_of(p[0].filled) == sort]
            judged_by = own if _enough(own) else pooled if sort == SETTLED else []
            least = CLOSED if sort == LED else lowest(judged_by, beside=surer)
            out[language, sort] = least
            surer += [bool(c.whole) for c, sure in own if c.open and c.whole is not None and sure >= least]
    return out


def _enough(judged: Sequence[Judged]) -> bool:
    return sum(case.open and case.whole is not None for case, _ in judged) >= ENOUGH


def lowest(judged: Sequence[Judged], beside: Sequence[bool] = ()) -> float:
    """Return the lowest confidence above which claims are right as often as wanted; ``CLOSED`` where none is.

    ``beside`` tells of claims published anyway which were right: with them the claims must be right as often as
    wanted, alone at least ``ALONE``. It is :data:`EVEN` at least.
    """
    rows = sorted(
        ((sure, case.whole) for case, sure in judged if case.open and case.whole is not None), reverse=True
    )
    found, good = CLOSED, 0
    for n, (sure, whole) in enumerate(rows, 1):
        good += bool(whole)
        last = n == len(rows) or rows[n][0] < sure
        together = good + sum(beside) >= WANTED * (n + len(beside))
        if last and n >= LEAST and together and good >= ALONE * n:
            found = max(sure if n < len(rows) else 0.0, EVEN)
    return found


@dataclass(frozen=True, slots=True)
class Published:
    """What a floor publishes: share right of what is judged, and right claims of all that are wanted."""

    precision: Figure
    recall: Figure


def published(judged: Iterable[Judged], least: Mapping[Sort, float], wanted: int) -> Published:
    """Score what lies at or above its floor; ``wanted`` is the number of core claims."""
    passed = [
        case.whole
        for case, sure in judged
        if case.open and case.whole is not None and sure >= least[case.language, sort_of(case.filled)]
    ]
    return Published(Figure.share(sum(passed), len(passed)), Figure.share(sum(passed), wanted))


def _fold(doc: str) -> int:
    return hashlib.sha256(f"fold:{doc}".encode()).digest()[0] % FOLDS


@dataclass(frozen=True, slots=True)
class Gate:
    """Floors of a language, chosen on one part of the documents to look at, and what they publish on another.

    ``chosen`` names the part: a half, scored on the other; or all, each document scored with counts of the others.
    """

    language: str
    chosen: str
    settled: float
    doubted: float
    led: float
    precision: Figure
    recall: Figure


def gates(samples: Sequence[Sample], twins: Mapping[tuple[str, str], tuple[int, int]]) -> Iterator[Gate]:
    """Yield the gate of each language, chosen on either half and on all."""
    languages = [s.language for s in samples]
    parted = [[c for s in samples for c in cases(s.half(n))] for n in (0, 1)]
    for n, name in ((0, "first half"), (1, "second half")):
        table, other = counted(parted[n], twins), [s.half(1 - n) for s in samples]
        judged = [(case, table.claim(case.filled)) for case in parted[1 - n]]
        yield from _gates(name, floors(across(parted[n], twins), languages), judged, other)
    every = across([*parted[0], *parted[1]], twins)
    yield from _gates("all", floors(every, languages), every, samples)


def _gates(
    name: str, least: Mapping[Sort, float], judged: Sequence[Judged], samples: Sequence[Sample]
) -> Iterator[Gate]:
    for sample in samples:
        own = [pair for pair in judged if pair[0].language == sample.language]
        wanted = sum(row["tier"] == "core" for row in sample.gold)
        got = published(own, least, wanted)
        chosen = (least[sample.language, sort] for sort in SORTS)
        yield Gate(sample.language, name, *chosen, got.precision, got.recall)
