"""Names for codes: what a person calls a partner, an option, an asset or a function, in any of four languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kopir.core.codes import LANGUAGES, Kind, codes, registered_name
from kopir.core.spelling import nearest
from kopir.model.contents.model import Model

Sort = Literal["partners", "assets", "places", "functions", "options", "institutions", "layers"]
SORTS: Mapping[Sort, Mapping[str, str]] = {
    "partners": {"jurisdictions": "jurisdiction"},
    "assets": {
        "links": "link",
        "transfers": "transfer",
        "nodes": "node",
        "capacity_groups": "group",
        "supplies": "supply",
        "markets": "market",
        "conversions": "conversion",
        "storage": "storage",
    },
    "places": {"nodes": "node"},
    "functions": {"functions": "function"},
    "options": {"options": "option"},
    "institutions": {"institutions": "institution"},
    "layers": {"commodities": "layer"},
}
"""The tables, with their column of codes, in which each sort of thing stands."""
LISTED = 12
"""Codes that a fault lists when none is near."""
PART, FEW = 4, 5
"""Letters from which a part of a name counts, and codes to which it may lead."""
KINDS_OF_PARTNERS: tuple[Kind, ...] = ("states", "groups")


@dataclass(frozen=True)
class Spoken:
    """Codes of one sort, with every name that stands for them: ``codes`` in table order, ``names`` of each."""

    sort: Sort
    names: Mapping[str, tuple[str, ...]]

    def code(self, word: str) -> str:
        """Return the code that ``word`` means: itself, or the only one that bears this name.

        Case does not matter, nor do accents and the signs between words of a name. A word that is no name, or
        the name of several, is returned as it is; :meth:`mend` then says what may have been meant.
        """
        if word in self.names:
            return word
        name, letters = folded(word), word.casefold()
        meant = {
            code for code, own in self.names.items() if letters == code.casefold() or name in map(folded, own)
        }
        return meant.pop() if len(meant) == 1 else word

    def codes(self, words: str) -> str:
        """Return what ``words`` mean: several joined by ``+``, each a name or code, with ``:COUNT`` behind it.

        A code that holds such a sign is one.
        """
        return (
            "+".join(self._counted(part.strip()) for part in words.split("+"))
            if words not in self.names
            else words
        )

    def _counted(self, word: str) -> str:
        name, colon, count = word.rpartition(":")
        return f"{self.code(name)}:{count}" if colon and count.isdecimal() else self.code(word)

    def mend(self, word: str) -> str:
        """Return what to write instead of ``word``: codes whose names hold it, the nearest, or some of all.

        A state or union that is registered and none of the model is never answered with another.
        """
        name = folded(word)
        if self.sort == "partners" and (told := self._elsewhere(name)) is not None:
            return told
        holding = [code for code, own in self.names.items() if any(name in folded(one) for one in own)]
        if len(name) >= PART and 0 < len(holding) <= FEW:
            return f"did you mean {' or '.join(holding)}? `kopir list {self.sort}` has all"
        spoken = {folded(name): (code, name) for code, names in self.names.items() for name in (code, *names)}
        found = nearest(name, [one for one in spoken if abs(len(one) - len(name)) <= max(2, len(name) // 3)])
        if found is not None:
            code, name = spoken[found]
            return f'did you mean "{code}"{f" ({name})" if name != code else ""}? `kopir list {self.sort}` has all'
        return self._allowed()

    def members(self, word: str) -> tuple[str, ...]:
        """Return the partners that belong to the registered union ``word``, which is no partner itself."""
        name = folded(word)
        if self.sort != "partners" or self.code(word) in self.names:
            return ()
        for code, union in codes("groups").items():
            if name in {folded(code), *map(folded, union.names.values())}:
                return tuple(state for state in union.members if state in self.names)
        return ()

    def _elsewhere(self, name: str) -> str | None:
        """Return what to write for a registered state or union that the model lacks, ``None`` for others."""
        for kind in KINDS_OF_PARTNERS:
            for code, one in codes(kind).items():
                if code in self.names or name not in {folded(code), *map(folded, one.names.values())}:
                    continue
                members = [state for state in one.members if state in self.names]
                if members:
                    return f"{code} is no partner of the model; those of its members that are: {' '.join(members)}"
                return f"{code} is no partner of the model; {self._allowed()}"
        return None

    def _allowed(self) -> str:
        some = sorted(self.names)[:LISTED]
        more = (
            f" and {len(self.names) - LISTED} more (`kopir list {self.sort}`)" if len(self.names) > LISTED else ""
        )
        return f"use one of {', '.join(some)}{more}" if some else f"the model has no {self.sort}"


def spoken(model: Model, sort: Sort) -> Spoken:
    """Return the codes of one sort that ``model`` holds, with their names there and in the registry."""
    own = {row["code"]: row for row in model.folder.tables["names"].records()}
    return Spoken(sort, _Names({code: own.get(code, {}) for code in _codes(model, sort)}))


class _Names(Mapping[str, tuple[str, ...]]):
    """Names by code, looked up where they are asked for: a code is known without those of the registry."""

    def __init__(self, own: Mapping[str, Mapping[str, str]]) -> None:
        """Take the codes, each with the row of its own names."""
        self._own = own

    def __getitem__(self, code: str) -> tuple[str, ...]:
        return tuple(_names(code, self._own[code]))

    def __contains__(self, code: object) -> bool:
        return code in self._own

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


def _codes(model: Model, sort: Sort) -> Iterator[str]:
    for table, column in SORTS[sort].items():
        yield from filter(None, model.folder.tables[table].cells[column].to_list())


def _names(code: str, row: Mapping[str, str]) -> Iterable[str]:
    found = [row.get(language) or registered_name(code, language) for language in LANGUAGES]
    return dict.fromkeys(name for name in found if name)


def folded(name: str) -> str:
    """Return a name without case, accents, and signs between words; the Turkish dotless i is an i."""
    bare = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("İ", "i")).casefold()
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return "".join(sign for sign in plain if sign.isalnum())
