"""What one cell claims: unit, kind, indicator, parties, goods and period, each from a head or a caption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kopir.evidence.figures._calendar import month_code
from kopir.evidence.figures._money import CURRENCY_SIGNS
from kopir.evidence.sentence._goods import KINDS_OF_FUEL, OF_GOODS, fuel_of
from kopir.evidence.sentence._indicators import WEAK
from kopir.evidence.tables._figures import Figure
from kopir.evidence.tables._parties import TWO_SIDED, Headed, Parties, parties
from kopir.evidence.tables._phrases import GOODS, Sense
from kopir.evidence.tables._units import HeadUnit
from kopir.evidence.words._lexicon import Row, indicator_rules

TRADED = frozenset({"export", "import", "production", "consumption"})
QUALIFYING = frozenset({"place", "firm", "other"})
PERCENT = HeadUnit("pct", "percent")


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands over a whole table: senses of its captions and of the heading above."""

    caption: tuple[Sense, ...] = ()
    title: tuple[Sense, ...] = ()


@dataclass(frozen=True, slots=True)
class Slots:
    """The sense of a cell; ``why`` lists what keeps it from standing without review."""

    unit: HeadUnit
    kind: str
    indicator: str | None
    parties: Parties
    commodity: str | None
    period: str | None
    modality: str
    why: tuple[str, ...] = ()


def slots_of(figure: Figure, heads: Sequence[Headed], setting: Setting, own: Sense | None = None) -> Slots | str:
    """Settle the slots of a cell; a text says why it makes no claim. ``own`` is what stands in the cell itself."""
    senses = [head.sense for head in heads]
    unit = _unit(figure, senses, setting) if own is None else _own_unit(own)
    if isinstance(unit, str):
        return unit
    if any("order" in sense.words for sense in senses):
        return "a rank or a number"
    kind = _kind(unit, senses, setting)
    if kind is None:
        return "a percent or a change that no head explains"
    if any("other" in sense.words for sense in senses):
        return "a row or column of what is left"
    row = _rule(unit, kind, senses, setting)
    frame = row["frame"] if row is not None else ""
    who = parties(frame, heads, setting.caption, setting.title)
    goods, trouble = _goods(row, unit, senses, setting)
    period = _period(senses, setting, kind)
    why = [trouble, who.why, *_troubles(row, senses, setting)]
    if any(head.over is not None and head.over.words & QUALIFYING for head in heads):
        why.append("a place or firm, not a state")
    if row is None:
        why.append("no head says what is measured")
    elif frame not in (*TWO_SIDED, "invest", "none") and who.partners:
        why.append("a partner where the indicator has none")
    if period is None:
        why.append("no period")
    if not figure.certain:
        why.append("a comma or point that may part thousands or decimals")
    modality = next((s.modality for s in (*senses, *setting.caption) if s.modality), "actual")
    told = tuple(dict.fromkeys(reason for reason in why if reason))
    return Slots(unit, kind, row["indicator"] if row is not None else None, who, goods, period, modality, told)


# ── unit and kind ────────────────────────────────────────────────────────────────────────────────────


def _unit(figure: Figure, senses: Sequence[Sense], setting: Setting) -> HeadUnit | str:
    near = list(dict.fromkeys(unit for sense in senses for unit in sense.units))
    far = list(dict.fromkeys(unit for sense in setting.caption for unit in sense.units))
    if figure.percent:
        return PERCENT
    if figure.currency:
        scale = [unit for unit in (*near, *far) if unit.unit == CURRENCY_SIGNS[figure.currency]]
        return scale[0] if scale else HeadUnit(CURRENCY_SIGNS[figure.currency], "money")
    if len(near) == 1:
        return near[0]
    if len(near) > 1:
        return "several units over one cell"
    if any(sense.words & {"share", "index"} for sense in senses):
        return far[0] if [unit.kind for unit in far] == ["percent"] else "no unit for a share"
    if len(far) == 1:
        return far[0]
    return "several units in the caption" if far else "no unit"


def _own_unit(own: Sense) -> HeadUnit | str:
    """Return the unit that stands in the cell; one of scale alone or with other words gives none."""
    if len(own.units) != 1 or own.left or own.cues or own.actors:
        return "words beside the figure that are no unit"
    return own.units[0]


def _kind(unit: HeadUnit, senses: Sequence[Sense], setting: Setting) -> str | None:
    near, far = _told(senses), _told(setting.caption)
    if unit.kind != "percent":
        return "change_abs" if near & {"change", "index"} else "level"
    for told in (near, far):
        if "index" in told:
            return None
        if told & {"share", "change"} == {"share"}:
            return "share"
        if told & {"share", "change"} == {"change"}:
            return "change_pct"
    return None


def _told(senses: Iterable[Sense]) -> set[str]:
    out: set[str] = set()
    for sense in senses:
        out |= sense.words & {"share", "change", "index"}
        if sense.changes:
            out.add("change")
    return out


# ── indicator and goods ──────────────────────────────────────────────────────────────────────────────


@cache
def _rules() -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for row in indicator_rules():
        out.setdefault(row["cue"], []).append(row)
    return out


def _rule(unit: HeadUnit, kind: str, senses: Sequence[Sense], setting: Setting) -> Row | None:
    """Choose the indicator: cues of the heads before those of the caption, strong before weak, never two."""
    far = [sense for sense in setting.caption if sense.cues]
    for level in (senses, far):
        cues = list(dict.fromkeys(cue for sense in level for cue in sense.cues))
        present = _present(unit, senses, setting)
        for weak in (False, True):
            rows = [
                row
                for cue in cues
                if (cue in WEAK) == weak and (row := _fitting(cue, present, unit, kind)) is not None
            ]
            if len({row["indicator"] for row in rows}) == 1:
                return rows[0]
            if rows:
                return None
    return None


def _present(unit: HeadUnit, senses: Sequence[Sense], setting: Setting) -> set[str]:
    near = {cue for sense in senses for cue in (*sense.cues, *sense.goods)}
    far = {cue for sense in setting.caption for cue in (*sense.cues, *sense.goods)}
    if near & GOODS or any(sense.goods for sense in senses):
        far -= GOODS
    return near | far | ({"oil"} if unit.kind == "oilvol" else set())


def _fitting(cue: str, present: set[str], unit: HeadUnit, kind: str) -> Row | None:
    for row in _rules().get(cue, ()):
        if (row["with"] and row["with"] not in present) or (row["unit"] and row["unit"] != unit.kind):
            continue
        if row["kind"] and row["kind"] != kind:
            continue
        return row
    return None


def _goods(
    row: Row | None, unit: HeadUnit, senses: Sequence[Sense], setting: Setting
) -> tuple[str | None, str | None]:
    """Return the commodity, and what keeps it from being settled."""
    indicator = row["indicator"] if row is not None else ""
    near = list(dict.fromkeys(code for sense in senses for code in sense.goods))
    far = list(dict.fromkeys(code for sense in setting.caption for code in sense.goods))
    told = near or ([] if any("total" in s.words for s in senses) and len(far) > 1 else far)
    fuel = fuel_of(indicator)
    if fuel is not None and len(told) <= 1:
        return (told[0] if told and told[0] in KINDS_OF_FUEL else fuel), None
    if len(told) > 1:
        return None, "several goods"
    if told == ["?"]:
        return None, "a good the registry does not know"
    if told:
        return (told[0], None) if indicator in OF_GOODS else (None, "a good where the indicator has none")
    total = any("total" in sense.words for sense in senses)
    if indicator in TRADED and unit.kind in ("mass", "volume", "oilvol") and not total:
        return None, "a quantity without its good"
    return None, None


# ── period and what is left ──────────────────────────────────────────────────────────────────────────


def _period(senses: Sequence[Sense], setting: Setting, kind: str) -> str | None:
    """Return the period of a cell: that of its heads, in the months of the caption where they tell none."""
    far = [p for sense in setting.caption for p in sense.periods if p.months is not None and p.role != "compare"]
    for level in (senses, setting.caption, setting.title):
        told = [p for sense in level for p in sense.periods if p.role != "compare"]
        told = [p for p in told if not p.relative or p.months is not None]
        if told:
            held = [(None, None, p.months) if p.relative else (p.text, p.year, p.months) for p in told]
            if level is senses and far and not any(p.months for p in told):
                held += [(None, None, p.months) for p in far]
            return _one_period(held, changes=kind.startswith("change"))
    return None


def _one_period(
    told: Sequence[tuple[str | None, int | None, tuple[int, int] | None]], *, changes: bool
) -> str | None:
    """Return the one period that heads tell together: a year over its months, or the later year of a change."""
    years = {year for _, year, _ in told if year is not None}
    months = {run for _, _, run in told if run is not None}
    texts = {text for text, _, _ in told if text is not None}
    if len(years) == 1 and len(months) == 1:
        return month_code(next(iter(years)), next(iter(months)))
    if len(texts) == 1:
        return next(iter(texts))
    if changes and len(years) == len(texts) > 1 and not months:
        return str(max(years))
    return None


def _troubles(row: Row | None, senses: Sequence[Sense], setting: Setting) -> list[str]:
    """Return what in heads and caption nothing explains, or narrows the figure in a way no slot can say."""
    used = set() if row is None else {row["cue"], row["with"]}
    out = []
    for sense in (*senses, *setting.caption):
        if sense.left:
            out.append(f"words not understood: {' '.join(sense.left[:4])}")
        if sense.words & QUALIFYING:
            out.append("a place or firm, not a state")
    if any(set(sense.cues) - used - GOODS for sense in senses):
        out.append("a head that narrows the figure")
    far = {cue for sense in setting.caption for cue in sense.cues if not _names_axis(sense, cue)} - used - GOODS
    near = {cue for sense in senses for cue in sense.cues}
    if far and not near & used:
        out.append("a caption that narrows the figure")
    return out


def _names_axis(sense: Sense, cue: str) -> bool:
    """Tell whether a cue of a caption only says what the rows are ("by route")."""
    return cue == "corridor" and "route" in sense.words
