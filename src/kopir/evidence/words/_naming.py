"""Names in a sentence that no table holds: firms that the document names, and capitalised names nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from kopir.evidence.words._firms import Firms, code_of
from kopir.evidence.words._lexicon import Hit, Lexicon, Token

SHORTEST = 3
LONGEST = 5
"""Letters of an abbreviation that may be a name."""
JOINTS = "-.&"
"""Signs that tie the parts of one name together."""
OPENING = '":.-('
"""Signs after which a capital tells nothing."""


def named_firms(firms: Firms, tokens: Sequence[Token]) -> list[Hit]:
    """Return the firms of the document that a sentence names."""
    out: list[Hit] = []
    last = 0
    for i in range(len(tokens) if firms.by_letters else 0):
        found = firms.at(tokens, i) if i >= last else None
        if found is not None:
            last, code = found
            out.append(_hit(i, last, code, "firm", tokens))
    return out


def unknown_names(
    tokens: Sequence[Token], hits: Mapping[str, Mapping[int, Hit]], named: Sequence[Hit], lexicon: Lexicon
) -> list[Hit]:
    """Return capitalised names that no table knows: in Cyrillic text Latin ones and abbreviations."""
    aside = ("particles",) if lexicon.cyrillic else ("particles", "firms")
    known = {i for table in hits if table not in aside for i in hits[table]}
    held = (*named, *hits["actors"].values(), *hits["units"].values())
    known |= {i for hit in held for i in range(hit.first, hit.last)}
    if not lexicon.cyrillic and sum(t.upper for t in tokens) > len(tokens) // 4:
        return []
    out: list[Hit] = []
    first: int | None = None
    for i, token in enumerate([*tokens, Token("sign", "", 0, 0)]):
        part = i not in known and (_foreign(token) if lexicon.cyrillic else _of_name(tokens, i, token, lexicon))
        part = part or (first is not None and lexicon.cyrillic and i not in known and token.upper)
        part = part or (first is not None and bool(lexicon.cases or lexicon.cyrillic) and _joins(tokens, i))
        ended = first is not None and i - first > 0 and bool(tokens[i - 1].suffix) and bool(lexicon.cases)
        if first is not None and part and ended and not lexicon.cyrillic:
            words = [t.text.upper() if t.upper else t.text.capitalize() for t in tokens[first:i]]
            out.append(_hit(first, i, code_of(words, lexicon.language), "name", tokens))
            first = i
        elif first is None and part and token.capital:
            first = i
        elif first is not None and not part:
            alone = i - first == 1 and _opens(tokens, first) and not tokens[first].suffix
            topic = lexicon.cases and i < len(tokens) and tokens[i].text == "," and first == 0
            quoted = (
                lexicon.cases and i < len(tokens) and first > 0 and tokens[first - 1].text == tokens[i].text == '"'
            )
            strange = quoted or topic or _strange(tokens, first, lexicon)
            if alone and not lexicon.cyrillic and not strange:
                first = None
                continue
            written = [t for t in tokens[first:i] if t.kind != "sign"]
            words = [t.text.upper() if t.upper else t.text.capitalize() for t in written]
            out.append(_hit(first, i, code_of(words, lexicon.language), "name", tokens))
            first = None
    return out


PEOPLES = regex.compile(r"l[iuü]l[ae]r|m[iuü]z$")
"""Endings of Turkish words of a people ("Perulular") and of what is ours."""


def _strange(tokens: Sequence[Token], i: int, lexicon: Lexicon) -> bool:
    """Tell a lone word that opens a sentence without an ending of the language: a name ("Meridian yüzde 5")."""
    if not lexicon.cases or i != 0 or i + 1 >= len(tokens) or tokens[i + 1].kind == "sign":
        return False
    word = tokens[i].text
    behind = tokens[i + 1]
    if behind.capital and behind.kind == "word":
        return not ADJECTIVES.search(word)
    return bool(set(word) & FOREIGN) or (len(word) > SHORTEST and not ENDS.search(word))


FOREIGN = frozenset("wqx")
"""Letters that no Turkish word has."""
ENDS = regex.compile(
    r"(?:l[ae]r|[dt][ae]n?|[iuü]n|[iuü]|[ae]|[ae]n|[iuü]p|[ae]r[ae]k|ken|ki|c[ae]|m[ae]k|l[iuü]k|[dt][iuü]k|s[iuü]z|"
    r"y[lc][ae]|m[iuü]ş|m[ae]z|[iuü]yor|sel|sal|cil|[dt][iuü]r|daş|[dt]aş)$"
)
"""Endings of Turkish words."""
ADJECTIVES = regex.compile(r"(?:l[iuü]|s[iuü]|ki|[ae]n|m[iuü]ş|[iuü]n|l[ae]r[iuü]?)$")
"""Endings of Turkish words that describe a name behind them."""


def _hit(first: int, last: int, code: str, kind: str, tokens: Sequence[Token]) -> Hit:
    row = {"code": code, "kind": kind, "state": "", "pattern": code}
    return Hit("actors", first, last, row, tokens[last - 1].suffix)


def _opens(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a word stands where a capital tells nothing."""
    return i == 0 or tokens[i - 1].text in OPENING


def _joins(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a sign or what it ties on goes on with the name before it ("ТНК-BP", "Mail.ru")."""
    if i >= len(tokens):
        return False
    sign = i if tokens[i].kind == "sign" else i - 1
    if not 0 < sign < len(tokens) - 1 or tokens[sign].text not in JOINTS:
        return False
    before, behind = tokens[sign - 1], tokens[sign + 1]
    tight = before.end == tokens[sign].start and tokens[sign].end == behind.start
    return tight and behind.kind in ("word", "code") and (behind.capital or behind.text[0].isascii())


def _foreign(token: Token) -> bool:
    """Tell whether a word of Cyrillic text is in Latin letters or an abbreviation."""
    latin = token.kind in ("word", "code") and token.text[0].isascii() and token.text[0].isalpha()
    return latin or (token.kind == "word" and token.upper and SHORTEST <= len(token.text) <= LONGEST)


def _of_name(tokens: Sequence[Token], i: int, token: Token, lexicon: Lexicon) -> bool:
    """Tell whether a word is part of a name in text whose other words are in the same letters."""
    if token.kind != "word" or not token.capital or len(token.text) < SHORTEST or token.text in lexicon.openers:
        return False
    if lexicon.cases and PEOPLES.search(token.text):
        return False
    following = tokens[i + 1] if _opens(tokens, i) and i + 1 < len(tokens) else None
    if following is not None and following.text == "," and i == 0 and lexicon.cases:
        return True
    if following is None or (following.kind == "word" and following.capital) or bool(token.suffix):
        return True
    return _strange(tokens, i, lexicon)
