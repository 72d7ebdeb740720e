"""Names of firms that no table knows: by legal form, by a noun beside them, and their short names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import regex

from kopir.evidence.words._lexicon import Lexicon, Token, lexicon, read_table
from kopir.evidence.words._view import fold

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыэюяәғқңөұүһіъь"
LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya a g q n o u u h i _ _"
_LETTERS = dict(zip(CYRILLIC, LATIN.split(), strict=True))
_CAP = r"\p{Lu}[\p{L}\p{N}]{0,40}+(?:[&.'’-]\p{L}[\p{L}\p{N}]{0,40}+){0,3}+"
_RUN = rf"(?:Bank[ ]of[ ])?{_CAP}(?:[ ](?:(?:&|and|de)[ ])?{_CAP}){{0,4}}?"
_TRADES = (
    "Development|Electric|Exploration|Gas|Light|Power|Trading|Chemical|Chemicals|Refining|Transmission|Telegraph|"
    "Petroleum|Mining|Metals|Oil|Resources|Transport|Trust|Production|Refinery|Minerals|Steel|Beverage|Marketing"
)
"""Words behind "and" that go on with the name of one firm ("X Energy and Development Corp")."""
_TURKISH_OFFICES = "Bakan|Piyasa|Kurum|Kurul|İşleri|Dairesi|Politika|Boru|Forum|Ajans|Ofis|Teşkilat|Birliği"
"""Beginnings of words behind "Enerji", "Petrol" that make a name one of an office, not of a firm."""
_CENTRAL_BANK = "Merkez Bankası"
_PAIRED = rf"{_CAP}[ ]ve[ ]{_CAP}"
_SCRIPTS = (
    r"(?:[A-Z][\w&.-]{0,40}+(?:[ ][A-Z][\w&.-]{0,40}+){0,3}"
    r"|(?=\p{Cyrillic})\p{Lu}[\p{L}\p{N}-]{1,40}+(?!\w|[ ]\p{Lu}))"
)
"""A name outside quotes in Cyrillic text: words in Latin letters, or one word in Cyrillic."""
_KAZAKH = _SCRIPTS.replace(r"{1,40}+(?!", r"{1,40}+(?:[ ]\p{Lu}[\p{L}-]{1,40}+)?(?:[ ]\d)?(?!")
"""The same in Kazakh, where a name of two words, or with a number, stands before what it names."""
_QUOTED = r"[\"«“„](?P<quoted>\p{Lu}[^\"»”“«\n]{1,40})[\"»”“]"
_NAME_IN_QUOTES = regex.compile(r"[«\"](?P<name>\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?)[»\"]")
_VOWELS = "аяыийьоеу"
_TICKER = r"<\p{Lu}{1,5}(?:\.\p{Lu}{1,3})?>"
_SHORT = regex.compile(r"[ ]?[(,][ ]?(?P<short>\p{Lu}{2,6})(?=[,)])")
LETTERS = 3
STEM = 4
"""Letters of a Cyrillic name that must stay when its ending changes."""
_CASE = regex.compile(
    r"(?:[аяуюыийеьо]|о[мйю]|е[мйю]|ью|ов|ев|ами?|ями?|а?х|ы[мйх]|о?го|о?му|н?[іы]ң|[дт][іыае]|[дт]ан|[дт]ен|"
    r"[ғгкқ][ае]|ның|нің|мен|пен|бен)?"
)
"""Endings of names in Russian and Kazakh."""


@dataclass(frozen=True, slots=True)
class Firm:
    """A name as a text writes it, folded, and the code it stands for."""

    words: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Firms:
    """The firms that a text names, by the first letters of their first word, longest first."""

    by_letters: Mapping[str, Sequence[Firm]] = field(default_factory=dict)

    def at(self, tokens: Sequence[Token], i: int) -> tuple[int, str] | None:
        """Return the end (exclusive) and code of the firm named at token ``i``."""
        if not tokens[i].capital:
            return None
        for firm in self.by_letters.get(tokens[i].text[:LETTERS], ()):
            end = _spelled(tokens, i, firm.words)
            if end is not None:
                return end, firm.code
        return None


NONE = Firms()


def firms_of(text: str, language: str) -> Firms:
    """Find the firms that a text names with a legal form or a noun of firms, and their short names."""
    tables = lexicon(language)
    found: dict[tuple[str, ...], str] = {}
    for raw, after in _licensed(text, language):
        words = _trimmed(raw.split(), tables)
        code = code_of(words, language)
        if not code:
            continue
        _add(found, words, code)
        core = _core(words, language)
        _add(found, core, code)
        if len(core) > 1 and _telling(core[0], text, tables):
            _add(found, core[:1], code)
        short = _SHORT.match(after)
        if short is not None and not _known(short["short"], tables):
            _add(found, (short["short"],), code)
    for words in _quoted_twice(text, tables):
        _add(found, words, code_of(words, language))
    grouped: dict[str, list[Firm]] = {}
    for key, code in found.items():
        grouped.setdefault(key[0][:LETTERS], []).append(Firm(key, code))
    return Firms({letters: sorted(held, key=lambda f: -len(f.words)) for letters, held in grouped.items()})


def code_of(words: Sequence[str], language: str) -> str:
    """Write a name as a code: Latin letters, words joined by ``_``, legal forms left out."""
    return "_".join(_latin(word) for word in _core(words, language))


def transliterated(word: str) -> str:
    """Write a word in Latin letters."""
    return "".join(_LETTERS.get(c, c).strip("_") for c in word if c != "-").capitalize()


def _add(found: dict[tuple[str, ...], str], words: Sequence[str], code: str) -> None:
    key = tuple(part for word in words for part in regex.split(r"[^\w]+", fold(word)) if part)
    if key and len(key[0]) > 1:
        found.setdefault(key, code)


def _quoted_twice(text: str, tables: Lexicon) -> Iterator[Sequence[str]]:
    """Yield Cyrillic names of one or two words that a text sets in quotation marks more than once."""
    if not tables.cyrillic:
        return
    seen: dict[str, Sequence[str]] = {}
    for found in _NAME_IN_QUOTES.finditer(text):
        words = found["name"].split()
        stem = fold(found["name"]).rstrip(_VOWELS)
        if stem in seen and not _known(words[0], tables):
            yield seen[stem]
        seen.setdefault(stem, words)


def _licensed(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield names with what licenses them, and the text right behind."""
    scan, pattern = _patterns(language)
    if not scan.search(text):
        return
    for found in pattern.finditer(text):
        name = str(found["quoted"] or found["name"] or found["named"])
        if name.endswith(_CENTRAL_BANK):
            continue
        bare = found["named"] or " " not in name
        first = name.split()[0]
        if bare and (_means(first, lexicon(language)) or fold(first) in _shared()):
            continue
        yield name.strip(), text[found.end() : found.end() + 12]


@cache
def _patterns(language: str) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Return the scan for words of firms, and the pattern of names beside such words."""
    kinds: dict[str, list[str]] = {"legal": [], "head": [], "before": [], "after": [], "general": [], "acts": []}
    for row in read_table(language, "firms"):
        kinds[row["kind"]] += [_written(word) for word in row["pattern"].split("|")]
    legal, head = ("|".join(kinds[kind]) or r"(?!)" for kind in ("legal", "head"))
    ends = f"{legal}|{head}"
    after = "|".join(kinds["after"]) or r"(?!)"
    before = "|".join(kinds["before"]) or r"(?!)"
    acts = "|".join(kinds["acts"]) or r"(?!)"
    goes_on = rf"|[ ]\p{{Lu}}\p{{Ll}}|[ ](?:and|&)[ ](?:{_TRADES})(?!\w)" if language == "en" else ""
    goes_on = goes_on or (rf"|[ ](?:{_TURKISH_OFFICES})" if language == "tr" else "")
    last = rf"(?:(?:{legal})(?!\w)\.?|(?:{head})(?!\w{goes_on}))"
    ending = rf"(?:[ ](?:{ends})(?!\w)\.?)*[ ]{last}(?:[ ]{_TICKER})?"
    cyrillic = language in ("ru", "kk")
    kept = r"[ ](?:\p{Ll}+[ ]){0,2}" if cyrillic else r"[ ]"
    scripts = _KAZAKH if language == "kk" else _SCRIPTS
    named = scripts if cyrillic else rf"{_CAP}(?:[ ]{_CAP}){{0,3}}"
    pattern = regex.compile(
        rf"(?<![\w])(?:(?:{before}){kept}(?:{_QUOTED}|(?P<named>{named}))"
        rf"|{_QUOTED}[ ](?:{after})|(?P<name>{_PAIRED}{ending}|{_RUN}{ending}|{_RUN}(?=[ ]{_TICKER})"
        rf"|{named}(?=[ ](?:{after}))|(?<!\p{{Lu}}\p{{L}}{{0,40}}[ ]){_CAP}(?=[ ](?:{acts})(?!\w))))"
    )
    return regex.compile(rf"(?<!\w)(?:{ends}|{before}|{after}|{acts})(?!\w)|{_TICKER}"), pattern


def _written(word: str) -> str:
    stem = str(regex.escape(word.rstrip("~*"), special_only=True))
    first = f"[{stem[0]}{stem[0].upper()}]" if stem[0].islower() else stem[0]
    return first + stem[1:] + (r"\w*" if word[-1] in "~*" else "")


def _trimmed(words: Sequence[str], tables: Lexicon) -> Sequence[str]:
    """Drop words before a name that are no part of it: "On", "The", "Japan's"."""
    words = [word for word in words if not word.startswith("<")]
    while len(words) > 1 and (
        words[0].endswith(("'s", "’s")) or fold(words[0]) in tables.openers or _is_period(words[0], tables)
    ):
        words = words[1:]
    return words


def _is_period(word: str, tables: Lexicon) -> bool:
    token = Token("word", fold(word), 0, len(word), "", True, word.isupper())
    return fold(word) not in _shared() and bool(tables.hits([token])["periods"])


def _core(words: Sequence[str], language: str) -> Sequence[str]:
    legal = _legal(language)
    out = [word.rstrip(".,") for word in words]
    while len(out) > 1 and out[-1] in legal:
        out.pop()
    return out


@cache
def _legal(language: str) -> frozenset[str]:
    return _words_of(language, ("legal",))


@cache
def _shared() -> frozenset[str]:
    """First words that many firms share; alone they name none."""
    return _words_of("en", ("general",))


@cache
def _ends(language: str) -> frozenset[str]:
    return _words_of(language, ("legal", "head"))


def _words_of(language: str, kinds: Sequence[str]) -> frozenset[str]:
    rows = [row for row in read_table(language, "firms") if row["kind"] in kinds]
    return frozenset(word for row in rows for word in row["pattern"].split("|"))


def _telling(word: str, text: str, tables: Lexicon) -> bool:
    """Tell whether the first word of a name is enough to name the firm again."""
    if len(word) < LETTERS or word.lower() in _shared() or word in _ends(tables.language) or _known(word, tables):
        return False
    return regex.search(rf"(?<![\w]){regex.escape(word.lower())}(?!\w)", text) is None


def _means(word: str, tables: Lexicon) -> bool:
    """Tell whether a word is no name of its own: a known one, a pronoun, an opener, the end of a name."""
    plain = fold(word)
    ends = word in _ends(tables.language)
    return ends or plain in tables.openers or plain in tables.pronouns or _known(word, tables)


def _known(word: str, tables: Lexicon) -> bool:
    """Tell whether a word alone names an actor or means something of its own."""
    token = Token("word", fold(word), 0, len(word), "", True, word.isupper())
    return any(tables.hits([token]).values())


def _latin(word: str) -> str:
    plain = fold(word)
    if any(c in _LETTERS for c in plain):
        written = "".join(_cased(_LETTERS.get(low, low).strip("_"), c) for low, c in zip(plain, word, strict=True))
        return "_".join(part for part in regex.split(r"[^\w]+", written) if part)
    flat = word.replace("ı", "i").replace("İ", "I")
    return "".join(c for c in unicodedata.normalize("NFKD", flat) if c.isascii() and (c.isalnum() or c in "&_"))


def _cased(letters: str, like: str) -> str:
    return letters.capitalize() if like.isupper() else letters


def _spelled(tokens: Sequence[Token], i: int, words: Sequence[str]) -> int | None:
    """Return the end of a name spelled from token ``i`` on; signs inside it are passed over."""
    j = i
    for word in words:
        while j > i and j < len(tokens) and tokens[j].kind == "sign" and tokens[j].text in "&.-'":
            j += 1
        if j >= len(tokens) or not _inflected(tokens[j].text, word):
            return None
        j += 1
    return j


def _inflected(text: str, word: str) -> bool:
    """Tell whether a word of a text is a word of a name, a Cyrillic one in any case."""
    if text == word:
        return True
    stem = word.rstrip(_VOWELS)
    return (
        len(stem) >= STEM
        and stem[-1] in _LETTERS
        and text.startswith(stem)
        and _CASE.fullmatch(text[len(stem) :]) is not None
    )
