"""What a head or a caption says: actors, goods, period, cues, unit; and the words in it that nothing explains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from kopir.core.codes import codes
from kopir.evidence.figures._calendar import month_code
from kopir.evidence.figures._periods import PeriodMention
from kopir.evidence.sentence._sentence import Sentence
from kopir.evidence.tables._figures import bare
from kopir.evidence.tables._parts import parts_of
from kopir.evidence.tables._units import HeadUnit, units_of
from kopir.evidence.words._lexicon import LANGUAGES, Hit, iterate, lexicon
from kopir.evidence.words._mentions import Mention
from kopir.evidence.words._view import fold, language_of

_LATIN, _CYRILLIC = regex.compile(r"\p{Latin}"), regex.compile(r"\p{Cyrillic}")
_MARKS = regex.compile(r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+|\[\^?\w{1,3}\]|[*†‡]+$|(?<=\p{L}) ?\d{1,2}\)$")
_LEAD = regex.compile(r"^[\s\-–—•·.:]+")
_YEAR = regex.compile(r"(?:19[5-9]|20\d)\d")
QUIET = frozenset({"cargo", "world", "economy", "share", "flow"})
TURNING = frozenset({"re", "no", "не", "e", "f", "p", "п"})
"""Short words that turn what they stand before into something else."""
GOODS = frozenset({"oil", "gas", "arms", "goods", "merchandise"})


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase says. ``words`` are kinds of the table of heads; ``left`` the words that nothing explains."""

    text: str
    actors: tuple[Mention, ...] = ()
    cues: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    units: tuple[HeadUnit, ...] = ()
    periods: tuple[PeriodMention, ...] = ()
    words: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    modality: str | None = None
    left: tuple[str, ...] = ()


def sense_of(text: str, language: str, date: str | None) -> Sense:
    """Read one phrase."""
    text = _LEAD.sub("", _MARKS.sub("", bare(" ".join(text.replace("_", " ").split()))))[:400]
    tongue = _language(text, language)
    tables = lexicon(tongue)
    phrase = Sentence(text, fold(text), 0, len(text), 0, tables, date)
    units, used = units_of(phrase)
    rest = _without(phrase, used)
    whole = _named(text)
    goods, spoken = _goods(rest)
    if whole is not None:
        return Sense(text, (Mention(whole, "state", "nom", 0, len(rest.tokens)),), units=tuple(units))
    hits = rest.hits
    actors = rest.mentions
    heads = list(iterate(hits["heads"]))
    cues = [h for h in iterate(hits["cues"]) if h.row["cue"] not in QUIET]
    changes = [h for h in hits["changes"].values() if h.row["effect"] in ("rise", "fall")]
    modal = next(iter(hits["modality"].values()), None)
    covered = spoken.copy()
    for m in actors:
        covered |= set(range(m.first, m.last)) if _stands_for_state(m, rest) else set()
    for hit in (*heads, *hits["cues"].values(), *changes, *hits["particles"].values(), *hits["rates"].values()):
        covered |= set(range(hit.first, hit.last))
    for hit in hits["modality"].values():
        covered |= set(range(hit.first, hit.last))
    periods = _periods(rest, covered)
    return Sense(
        text,
        tuple(m for m in actors if _stands_for_state(m, rest)),
        tuple(dict.fromkeys(h.row["cue"] for h in cues)),
        goods,
        tuple(units),
        tuple(periods),
        frozenset(h.row["kind"] for h in heads),
        frozenset(h.row["effect"] for h in changes),
        modal.row["modality"] if modal is not None else None,
        tuple(_left(rest, covered, heads)),
    )


def _language(text: str, language: str) -> str:
    """Return the language of a phrase: that of the document unless the letters are of another script."""
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    if language in ("ru", "kk") and latin > 3 and not cyrillic:
        return language_of(text) or "en"
    if language in ("en", "tr") and cyrillic > latin:
        return language_of(text) or "ru"
    return language


def _without(phrase: Sentence, used: set[int]) -> Sentence:
    """Return the phrase without the tokens of its units."""
    letters = list(phrase.text)
    for n in used:
        token = phrase.tokens[n]
        for at in range(token.start, token.end):
            letters[at] = ";" if at == token.start else " "
    text = "".join(letters)
    return Sentence(text, fold(text), 0, len(text), 0, phrase.lexicon, phrase.date)


# ── actors and goods ─────────────────────────────────────────────────────────────────────────────────


@cache
def _state_names() -> dict[str, str]:
    """Return the registered names of states and groups in four languages, folded."""
    out: dict[str, str] = {}
    for kind in ("groups", "states"):
        for code in codes(kind).values():
            for name in code.names.values():
                out[fold(name)] = code.code
    return out


def _named(text: str) -> str | None:
    """Return the state or group whose registered name the whole phrase is."""
    return _state_names().get(fold(text).strip(" .:"))


def _stands_for_state(mention: Mention, phrase: Sentence) -> bool:
    """Tell a state named by its name from one named by its capital: a row "Baku" is a city's, not a state's."""
    if mention.kind not in ("state", "group"):
        return mention.kind in ("route", "firm")
    if mention.kind == "group":
        return True
    word = fold(phrase.text[phrase.tokens[mention.first].start : phrase.tokens[mention.last - 1].end])
    if phrase.tokens[mention.first].upper and len(word) <= 4:
        return True
    for language in LANGUAGES:
        name = codes("states").get(mention.code)
        told = fold(name.names[language]) if name is not None else ""
        stems = {part[:2] for part in told.split() if len(part) > 2}
        if any(word.startswith(stem) for stem in stems):
            return True
    return False


def _goods(phrase: Sentence) -> tuple[tuple[str, ...], set[int]]:
    """Return the goods a phrase names and the tokens that name them; ``?`` is one the tables do not know."""
    out: dict[str, None] = {}
    used: set[int] = set()
    for hit in iterate(phrase.hits["goods"]):
        out.setdefault(hit.row["commodity"])
        used |= set(range(hit.first, hit.last))
    for hit in iterate(phrase.hits["cues"]):
        if hit.row["cue"] in ("oil", "gas", "goods") and not used & set(range(hit.first, hit.last)):
            out.setdefault({"oil": "crude", "gas": "gas"}.get(hit.row["cue"], "?"))
            used |= set(range(hit.first, hit.last))
    return tuple(out), used


# ── periods and what is left ─────────────────────────────────────────────────────────────────────────


def _periods(phrase: Sentence, covered: set[int]) -> list[PeriodMention]:
    """Return the periods of a phrase; a year by itself is one."""
    out = [p for p in phrase.periods if p.months is not None or p.day is not None]
    for part in parts_of(phrase.view):
        held = {n for n, t in enumerate(phrase.tokens) if part.start <= t.start < part.end}
        if held and not any(held & set(range(p.first, p.last)) for p in out):
            text = None if part.year is None else month_code(part.year, part.months)
            out.append(PeriodMention(min(held), max(held) + 1, text, "at", part.year, part.months))
    out += [p for p in phrase.periods if p.months is None and p.day is None]
    for period in out:
        covered |= set(range(period.first, period.last))
    for n, token in enumerate(phrase.tokens):
        inside = n in covered or any(p.first <= n < p.last for p in out)
        if not inside and token.kind == "num" and _YEAR.fullmatch(token.text):
            out.append(PeriodMention(n, n + 1, token.text, "at", int(token.text)))
            covered.add(n)
    covered |= {n for hit in phrase.hits["periods"].values() for n in range(hit.first, hit.last)}
    return out


def _left(phrase: Sentence, covered: set[int], heads: list[Hit]) -> list[str]:
    named = [h for h in heads if h.row["kind"] in ("filler", "order")]
    numbered = {n for h in named for n in (h.last, h.last + 1, h.first - 1, h.first - 2)}
    out = []
    for n, token in enumerate(phrase.tokens):
        if n in covered or token.kind == "sign" or (token.kind == "num" and n in numbered):
            continue
        if len(token.text) <= 2 and not token.capital and token.kind == "word" and token.text not in TURNING:
            continue
        out.append(token.text)
    return out
