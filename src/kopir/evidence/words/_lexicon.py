"""Language tables as data, and one matcher for all of them.

A pattern is a sequence of words. ``word`` matches exactly, ``stem~`` takes an ending of the language's
inflection, ``stem*`` takes any ending, a lone ``*`` is any word. A word written in capitals (``РК``, ``US``)
matches capitals only; one with ``=`` before it matches its own capitals and small letters (``=Mt``, ``=mt``).
Alternatives stand in one cell, parted by ``|``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

import regex

from kopir.evidence.words._view import fold

LANGUAGES = ("ru", "en", "tr", "kk")
TABLES = (
    "actors",
    "bodies",
    "bridges",
    "changes",
    "comparators",
    "cues",
    "firms",
    "heads",
    "goods",
    "modality",
    "numerals",
    "particles",
    "periods",
    "persons",
    "places",
    "rates",
    "references",
    "relations",
    "speech",
    "units",
)
PROPER = frozenset({"actors", "persons", "places"})
COMMON = frozenset({"alternative_routes"})

SOFT_FEMININE = {"я": "nom", "и": "gen", "ю": "acc", "ей": "ins"}
HARD_FEMININE = {"а": "nom", "ы": "gen", "и": "gen", "е": "dat", "у": "acc", "ой": "ins"}
FEMININES = (
    "авиакомпани",
    "нефтекомпани",
    "госкомпани",
    "телекомпани",
    "компани",
    "госкорпораци",
    "корпораци",
    *("фирм", "агрофирм", "птицефабрик", "фабрик", "структур", "студи", "электростанци", "шахт"),
    "групп",
)
NEUTER = {
    "ем": "ins",
    "ом": "ins",
    "е": "nom",
    "о": "nom",
    "я": "gen",
    "а": "gen",
    "ю": "dat",
    "у": "dat",
    "и": "loc",
}
NEUTERS = ("предприяти", "объединени", "агентств", "издательств")
"""Beginnings of Russian nouns of firms that are feminine and neuter."""
PLURAL = {"ы": "nom", "": "gen", "ов": "gen", "ам": "dat", "ами": "ins", "ах": "loc"}
MASCULINE = {
    "": "nom", "й": "nom", "ь": "nom", "а": "gen", "я": "gen", "и": "gen", "у": "dat", "ю": "dat",
    "ом": "ins", "ем": "ins", "ью": "ins", "е": "loc",
}  # fmt: skip
"""Endings of names in Russian by declension; "и" of a soft stem is genitive: prepositions tell the rest."""
WORD_JOINTS = frozenset({"-", '"'})
JOINTS = MappingProxyType(
    {
        "units": WORD_JOINTS | {".", "/", "·", "*"},
        "comparators": WORD_JOINTS | {","},
        "particles": WORD_JOINTS | {"."},
    }
)
"""Signs that may stand between the words of a pattern."""

LONGEST_ENDING = 6
"""Letters of the longest ending that a hyphen ties to an abbreviation."""

Row = Mapping[str, str]


class Token(NamedTuple):
    """A word, number or sign of a sentence; offsets count from the start of the document."""

    kind: str
    text: str
    start: int
    end: int
    suffix: str = ""
    capital: bool = False
    upper: bool = False


class Hit(NamedTuple):
    """A row of a table found at tokens ``first`` to ``last`` (exclusive); ``tail`` is the ending met."""

    table: str
    first: int
    last: int
    row: Row
    tail: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    mode: str
    upper: bool
    shape: tuple[bool, bool] | None = None


@dataclass(frozen=True)
class _Pattern:
    table: str
    row: Row
    words: tuple[_Word, ...]

    @cached_property
    def plain(self) -> bool:
        """Tell whether finding the first word settles the match."""
        word = self.words[0]
        return len(self.words) == 1 and not word.upper and word.shape is None and self.table not in PROPER


def read_table(language: str, name: str) -> tuple[Row, ...]:
    """Read one table of one language; an absent table is empty."""
    path = files("kopir.evidence").joinpath(f"languages/{language}/{name}.csv")
    if not path.is_file():
        return ()
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _word(raw: str) -> _Word:
    if raw[0] == "=" and len(raw) > 1:
        return _Word(fold(raw[1:]), "", False, (raw[1].isupper(), raw[1:].isupper()))
    mode = raw[-1] if raw[-1] in "~*" else ""
    stem = raw[:-1] if mode else raw
    upper = len(stem) > 1 and stem.isupper()
    return _Word(fold(stem), mode, upper)


class Lexicon:
    """All tables of one language, indexed by first word."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.cyrillic = language in ("ru", "kk")
        self.settings = {row["key"]: row["value"] for row in read_table(language, "language")}
        self.openers, self.pronouns = (
            frozenset(self.settings.get(key, "").split()) for key in ("openers", "pronouns")
        )
        self.abbreviations = frozenset(fold(row["pattern"]) for row in read_table(language, "abbreviations"))
        self.cases = _cases(read_table(language, "cases"))
        self._inflection = regex.compile(fold(self.settings["inflection"]))
        adjective = self.settings["adjective"]
        self._adjective = regex.compile(fold(adjective)) if adjective else None
        self._verb, self._hedge = (regex.compile(fold(self.settings[key])) for key in ("verb", "hedge"))
        self._feminine, self._plural = (
            frozenset(self.settings.get(key, "").split("|")) for key in ("feminine", "plural")
        )
        self._exact: dict[str, list[_Pattern]] = {}
        self._stems: dict[str, list[_Pattern]] = {}
        self._memo: dict[str, tuple[tuple[_Pattern, str], ...]] = {}
        self.candidate, self.relational = self._index()

    def _index(self) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
        """Index every pattern; return the scans that find sentences with figures and with relations."""
        starts: set[str] = set()
        ties: set[str] = set()
        for table in TABLES:
            for row in read_table(self.language, table):
                for raw in row["pattern"].split("|"):
                    words = tuple(_word(part) for part in raw.split())
                    pattern = _Pattern(table, row, words)
                    index = self._stems if words[0].mode else self._exact
                    index.setdefault(words[0].text, []).append(pattern)
                    if _starts_quantity(table, row):
                        starts.add(words[0].text)
                    elif table == "relations":
                        ties.add(words[0].text)
        return regex.compile(r"\d|" + _any_of(starts)), regex.compile(_any_of(ties))

    def case_of(self, tail: str) -> str:
        """Name the case that an ending stands for; ``nom`` where it names none."""
        for ending, case in self.cases:
            if tail.endswith(ending):
                return case
        return "nom"

    def _firsts(self, word: str) -> tuple[tuple[_Pattern, str], ...]:
        known = self._memo.get(word)
        if known is not None:
            return known
        found: list[tuple[_Pattern, str]] = [(p, "") for p in self._exact.get(word, ())]
        for cut in range(1, len(word) + 1):
            for pattern in self._stems.get(word[:cut], ()):
                tail = word[cut:]
                if pattern.words[0].mode == "*" or self._inflection.fullmatch(tail):
                    found.append((pattern, tail))
        if len(self._memo) > 200_000:
            self._memo.clear()
        self._memo[word] = tuple(found)
        return self._memo[word]

    def hits(self, tokens: Sequence[Token]) -> dict[str, dict[int, Hit]]:
        """Return for every table the longest hit at each first token."""
        out: dict[str, dict[int, Hit]] = {table: {} for table in TABLES}
        for i, token in enumerate(tokens):
            if token.kind != "word":
                continue
            for pattern, tail in self._firsts(token.text):
                if pattern.plain:
                    hit = Hit(pattern.table, i, i + 1, pattern.row, token.suffix or tail)
                elif (found := self._match(pattern, tail, tokens, i)) is not None:
                    hit = found
                else:
                    continue
                held = out[hit.table].get(i)
                if held is None or _better(hit, held):
                    out[hit.table][i] = hit
        return out

    def _match(self, pattern: _Pattern, tail: str, tokens: Sequence[Token], i: int) -> Hit | None:
        word = pattern.words[0]
        if word.upper and not tokens[i].upper:
            return None
        if word.shape is not None and word.shape != (tokens[i].capital, tokens[i].upper):
            return None
        if pattern.table in PROPER and pattern.row["code"] not in COMMON and not self._proper(pattern, tokens[i]):
            return None
        j = i + 1
        for word in pattern.words[1:]:
            joints = JOINTS.get(pattern.table, WORD_JOINTS)
            while j < len(tokens) and tokens[j].text in joints:
                j += 1
            if j >= len(tokens) or (tokens[j].kind != "word" and tokens[j].text != word.text):
                return None
            text = tokens[j].text
            if word.mode:
                if not text.startswith(word.text):
                    return None
                tail = text[len(word.text) :]
                if word.mode == "~" and not self._inflection.fullmatch(tail):
                    return None
            elif text != word.text:
                return None
            else:
                tail = ""
            j += 1
        return Hit(pattern.table, i, j, pattern.row, tokens[j - 1].suffix or tail)

    def _proper(self, pattern: _Pattern, token: Token) -> bool:
        if token.capital:
            return True
        return self.is_adjective(token.text)

    def inflects(self, ending: str) -> bool:
        """Tell whether a word is an ending, as a hyphen ties it to an abbreviation ("ІЖӨ-сі", "АҚШ-тың")."""
        return bool(self.cases) and len(ending) <= LONGEST_ENDING and bool(self._inflection.fullmatch(ending))

    def is_verb(self, word: str) -> bool:
        """Tell whether a word has the form of a finite verb or participle."""
        return self._verb.search(word) is not None

    def is_hedge(self, word: str) -> bool:
        """Tell whether a word makes what is said possible, needed or asked for rather than done."""
        return self._hedge.search(word) is not None

    def name_case(self, hit: Hit) -> str | None:
        """Name the case of a Slavic name by its ending; ``None`` for a name that is not inflected."""
        stem = hit.row["pattern"]
        word = next((p for p in stem.split("|") if p.endswith("~")), None)
        if word is None:
            return None
        last = word[:-1].split()[-1]
        if last.endswith("и"):
            return SOFT_FEMININE.get(hit.tail)
        if last in self._feminine:
            return HARD_FEMININE.get(hit.tail)
        if last in self._plural:
            return PLURAL.get(hit.tail)
        return MASCULINE.get(hit.tail)

    def noun_case(self, word: str) -> str | None:
        """Name the case of a Russian noun of firms by its ending: "компании" is genitive or dative."""
        for ending, case in NEUTER.items() if word.startswith(NEUTERS) else ():
            if word.endswith(ending):
                return case
        if (stem := next((s for s in FEMININES if word.startswith(s)), None)) is not None:
            tail = word[word.index(stem) + len(stem) :]
            return (
                {"и": "gen or dat"}.get(tail, SOFT_FEMININE.get(tail))
                if stem[-1] == "и"
                else HARD_FEMININE.get(tail)
            )
        tail = next((t for t in ("ом", "а", "у", "е") if word.endswith(t)), "")
        return MASCULINE[tail]

    def is_adjective(self, word: str) -> bool:
        """Tell whether a word has the form of an adjective made from a name."""
        return self._adjective is not None and self._adjective.search(word) is not None


def _any_of(starts: Iterable[str]) -> str:
    return r"\b(?:" + "|".join(regex.escape(start) for start in sorted(starts)) + ")"


def _better(new: Hit, held: Hit) -> bool:
    if new.last != held.last:
        return new.last > held.last
    longer_stem = new.table == "actors" and new.tail == held.tail != ""
    return longer_stem or len(new.tail) < len(held.tail)


def _starts_quantity(table: str, row: Row) -> bool:
    if table == "numerals":
        return row["kind"] in ("scale", "half", "share", "unit", "ten", "hundred", "dozen")
    return table == "changes" and row["effect"].startswith("mult")


def _cases(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    pairs = [(fold(ending), row["case"]) for row in rows for ending in row["ending"].split("|")]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


_TOKEN = regex.compile(
    r"(?P<num>\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)*)"
    r"|(?P<word>(?=[unh])(?:u\.s\.(?:a\.)?|u\.k\.|u\.a\.e\.|n\.z\.|h\.k\.)|(?=[uergkc])(?:usd|eur|gbp|rub|kzt|cny)(?=\d)"
    r"|\p{L}[\p{L}\p{M}]*+(?:(?<=[mм])(?:[²³]|[23](?!\w)))?)"
    r"(?:'(?P<apos>\p{L}+))?(?P<code>(?<!usd|eur|gbp|rub|kzt|cny)\d[\w]*)?"
    r"|(?P<note>(?<=[\p{L}\d%])\[\d{1,2}\]|(?<=[\d\p{L}])(?:\*+|[¹²³⁰-⁹]+)|\*+(?=\d))"
    r"|(?P<sign>[^\s\w]|_)"
)


def tokenize(text: str, view: str, start: int, end: int, lexicon: Lexicon) -> list[Token]:
    """Cut ``view[start:end]`` into tokens; case endings set off by an apostrophe or hyphen are joined.

    Marks of notes that touch a figure or word (``14.1[2]``, ``14.1*``) are left out.
    """
    out: list[Token] = []
    for found in _TOKEN.finditer(view, start, end):
        a, b = found.span()
        if found["note"]:
            continue
        if found["num"]:
            out.append(Token("num", found["num"], a, b))
        elif found["word"]:
            if found["code"]:
                out.append(Token("code", found[0], a, b))
                continue
            if _joins(out, found["word"], a, lexicon):
                held = out[-2]
                out[-2:] = [Token(held.kind, held.text, held.start, b, found["word"], held.capital, held.upper)]
                continue
            raw = text[a : a + len(found["word"])]
            out.append(Token("word", found["word"], a, b, found["apos"] or "", _capital(raw), raw.isupper()))
        else:
            out.append(Token("sign", found["sign"], a, b))
    return out


def _capital(raw: str) -> bool:
    """Tell a word that begins with a capital, or with a small letter before one as names of firms do ("eBay")."""
    return raw[0].isupper() or (len(raw) > 3 and raw[1].isupper() and raw[2:].islower())


def _joins(out: list[Token], word: str, at: int, lexicon: Lexicon) -> bool:
    """Tell whether ``word`` is an ending that an apostrophe or hyphen ties to the token before."""
    if len(out) < 2 or out[-1].text not in "-'" or out[-1].end != at or out[-2].end != out[-1].start:
        return False
    held = out[-2]
    if held.kind == "num" or held.text == "%":
        return len(word) <= 4 or lexicon.inflects(word)
    if held.upper and lexicon.inflects(word):
        return True
    return held.kind == "word" and any(word == ending for ending, _ in lexicon.cases)


@cache
def lexicon(language: str) -> Lexicon:
    """Return the tables of a language, read once per process."""
    return Lexicon(language)


def indicator_rules() -> tuple[Row, ...]:
    """Return the rules, common to all languages, that turn cues into indicators."""
    path = files("kopir.evidence").joinpath("rules/indicators.csv")
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def iterate(hits: Mapping[int, Hit]) -> Iterator[Hit]:
    """Walk hits from left to right, leaving out those inside a longer one."""
    last = -1
    for first in sorted(hits):
        if first >= last:
            yield hits[first]
            last = hits[first].last
