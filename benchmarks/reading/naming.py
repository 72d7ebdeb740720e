"""Whether two names mean one actor.

What stands in the tables of states, groups and routes has one code, and a code equals only itself. Firms, persons
and other names have as many spellings as people who write them down, so these are compared by their letters: the
same after folding, one the initials of the other, or the words of one among the words of the other.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kopir.core.codes import codes

_TABLES = ("states", "groups", "routes")
_FORMS = frozenset(
    [
        "ao",
        "oao",
        "zao",
        "pao",
        "too",
        "ooo",
        "llp",
        "llc",
        "inc",
        "corp",
        "corporation",
        "company",
        "co",
        "ltd",
        "plc",
        "ag",
        "sa",
        "as",
        "nv",
        "bv",
        "se",
        "gmbh",
        "spa",
        "oyj",
        "jsc",
        "ojsc",
        "pjsc",
        "holding",
        "holdings",
        "group",
        "the",
    ]
)
"""Legal forms and articles: words that name no one."""
_FOLDS = (
    ("shch", "s"),
    ("iya", "a"),
    ("kh", "h"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "j"),
    ("ts", "c"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("yu", "u"),
    ("iu", "u"),
    ("ya", "a"),
    ("ia", "a"),
    ("yo", "o"),
    ("x", "ks"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("q", "k"),
    ("c", "k"),
)
"""Spellings of one sound in the usual ways to write Cyrillic and Turkish in Latin letters."""
_SHORTEST = 3
"""Letters of the longest word that does not yet tell one actor from another."""


@cache
def same_actor(first: str | None, second: str | None) -> bool:
    """Tell whether two codes or names mean the same actor; nobody is the same as nobody."""
    if not first or not second:
        return not first and not second
    if _plain(first) == _plain(second):
        return True
    if _listed(first) or _listed(second):
        return False
    a, b = _words(first), _words(second)
    if not a or not b:
        return False
    alike = "".join(a) == "".join(b) or set(a) == set(b)
    return alike or _initials(first, second) or _initials(second, first) or _part(a, b) or _part(b, a)


def same_actors(first: list[str] | tuple[str, ...], second: list[str] | tuple[str, ...]) -> bool:
    """Tell whether two lists name the same actors, in any order."""
    left = sorted(set(second))
    for name in sorted(set(first)):
        found = next((other for other in left if same_actor(name, other)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _listed(name: str) -> bool:
    return any(name in codes(kind) for kind in _TABLES) or bool(re.fullmatch(r"[A-Z]{3}_[A-Z]+", name))


def _words(name: str) -> tuple[str, ...]:
    """Return the telling words of a name, folded to plain letters."""
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name))
    raw = re.split(r"[\W_]+", "".join(c for c in letters if not unicodedata.combining(c)).lower())
    telling = [word for word in raw if word and word not in _FORMS] or [word for word in raw if word]
    return tuple(_fold(word) for word in telling)


def _fold(word: str) -> str:
    for long, short in _FOLDS:
        word = word.replace(long, short)
    return re.sub(r"(.)\1", r"\1", word.replace("ı", "i"))


def _initials(short: str, long: str) -> bool:
    words = [word for word in re.split(r"[\W_]+", long) if word]
    initials = "".join(word[0] for word in words).lower()
    return len(words) > 1 and _plain(short) in {
        initials,
        *(initials[:-1] for word in words[-1:] if word.lower() in _FORMS),
    }


def _part(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether a name is at least half of a longer one and says enough to know it by."""
    enough = any(len(word) > _SHORTEST for word in short)
    return set(short) < set(long) and 2 * len(short) >= len(long) and enough
