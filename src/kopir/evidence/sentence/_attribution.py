"""Who said it: the person, office or state that a sentence names as its source."""

from __future__ import annotations

from kopir.evidence.sentence._sentence import Sentence

REACH = 8
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыэюяәғқңөұүһіъь"
LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya a g q n o u u h i - -"


def attribution(sentence: Sentence) -> str | None:
    """Return the source that a sentence names: a person (``I.Surname``), else an actor; None for the author."""
    speech = sentence.hits["speech"]
    cues = [hit for hit in speech.values() if hit.row["kind"] != "office" and hit.row["kind"] != "title"]
    if not cues:
        return None
    persons = [m for m in sentence.mentions if m.kind == "person"]
    if persons:
        return min(persons, key=lambda m: min(abs(m.first - hit.first) for hit in cues)).code
    named = _named(sentence)
    if named is not None:
        return named
    speaker = next((m for m in sentence.mentions if m.speaker), None)
    return speaker.code if speaker is not None else None


def _named(sentence: Sentence) -> str | None:
    """Read "title ... Name Surname" and "Name Surname said" where the name is not in the tables."""
    tokens = sentence.tokens
    known = {n for table in ("actors", "cues", "periods", "units") for n in sentence.hits[table]}
    starts = [hit for hit in sentence.hits["speech"].values() if hit.row["kind"] in ("title", "say")]
    for hit in starts:
        for i in range(max(1, hit.first - REACH), min(len(tokens) - 1, hit.last + REACH)):
            first, last = tokens[i], tokens[i + 1]
            if {i, i + 1} & known or i in sentence.hits["speech"] or first.upper:
                continue
            if first.kind == last.kind == "word" and first.capital and last.capital:
                return f"{_latin(first.text)[:1]}.{_latin(last.text)}"
    return None


def _latin(word: str) -> str:
    letters = dict(zip(CYRILLIC, LATIN.split(), strict=True))
    return "".join(letters.get(c, c) for c in word).replace("-", "").capitalize()
