"""What an address asks: who refuses, what is lost, how hard, for how long, in which language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from kopir.core.codes import LANGUAGES, Language
from kopir.core.errors import Fault, InputError

MOST_NAMED = 60
"""Codes that one address may name."""
MOST_MONTHS = 600


@dataclass(frozen=True)
class Choice:
    """The state of a page, as its address has it.

    ``deny`` are jurisdictions, ``lose`` assets, both sorted; ``severity`` a share; ``months`` count from the first
    after the refusal, ``None`` for the model's short horizon. ``draws`` ask for intervals, ``before`` shows what
    was before instead of after, ``zoomed`` the map that can be zoomed instead of the drawn one. ``own`` is whether
    the address names the language.
    """

    deny: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    severity: float = 1.0
    months: int | None = None
    draws: bool = False
    before: bool = False
    zoomed: bool = False
    language: Language = "en"
    own: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nobody refuses and nothing is lost."""
        return not self.deny and not self.lose

    @property
    def usual(self) -> bool:
        """Whether it is the refusal that ``kopir leverage`` tells: one partner, all of it, short horizon."""
        return len(self.deny) == 1 and not self.lose and self.severity == 1 and self.months is None

    def toggled(self, *, deny: str | None = None, lose: str | None = None) -> Choice:
        """Return the choice with a jurisdiction or an asset added, or taken out where it is in."""
        return replace(
            self,
            deny=_toggled(self.deny, deny),
            lose=_toggled(self.lose, lose),
            draws=False,
        )

    def query(self, **more: str) -> str:
        """Return the query that asks for this choice, with ``more`` beside it; blank for the default."""
        pairs: list[tuple[str, str]] = [("deny", code) for code in self.deny]
        pairs += [("lose", code) for code in self.lose]
        if self.severity != 1:
            pairs.append(("severity", f"{self.severity:g}"))
        if self.months is not None:
            pairs.append(("months", str(self.months)))
        if self.draws:
            pairs.append(("draws", "1"))
        if self.before:
            pairs.append(("side", "before"))
        if self.zoomed:
            pairs.append(("map", "zoom"))
        if self.own:
            pairs.append(("lang", self.language))
        pairs += list(more.items())
        return urlencode(pairs)

    def at(self, path: str, **more: str) -> str:
        """Return the address of ``path`` with this choice."""
        query = self.query(**more)
        return quote(path) + (f"?{query}" if query else "")


def choice_of(query: Iterable[tuple[str, str]], accepted: str = "") -> Choice:
    """Return the choice that a query asks for; ``accepted`` is what a browser says of languages.

    ``percent`` is the severity as a form has it. Raises :class:`InputError` for a number that is none or out of
    bounds, a language that kopir does not speak, and more names than an address may have.
    """
    given: dict[str, list[str]] = {}
    for name, value in query:
        given.setdefault(name, []).append(value)
    named = {name: _codes(given.get(name, ())) for name in ("deny", "lose")}
    language, own = _language(given, accepted)
    months = _number(given, "months", 1, MOST_MONTHS)
    if months is not None and months != int(months):
        raise _wrong("months", given["months"][-1], "write a whole number of months")
    severity, percent = _number(given, "severity", 0, 1), _number(given, "percent", 0, 100)
    if percent is not None:
        severity = percent / 100
    return Choice(
        deny=named["deny"],
        lose=named["lose"],
        severity=1.0 if severity is None else severity,
        months=None if months is None else int(months),
        draws=_last(given, "draws") not in {"", "0"},
        before=_last(given, "side") == "before",
        zoomed=_last(given, "map") == "zoom",
        language=language,
        own=own,
    )


def _toggled(codes: tuple[str, ...], code: str | None) -> tuple[str, ...]:
    return codes if code is None else tuple(sorted(set(codes) ^ {code}))


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    found = sorted({code.strip() for value in values for code in value.split(",") if code.strip()})
    if len(found) > MOST_NAMED:
        raise _wrong("deny", f"{len(found)} codes", f"name at most {MOST_NAMED}")
    return tuple(found)


def _last(given: Mapping[str, list[str]], name: str) -> str:
    return given.get(name, [""])[-1].strip()


def _number(given: Mapping[str, list[str]], name: str, low: float, high: float) -> float | None:
    text = _last(given, name)
    if not text:
        return None
    mend = f"write a number from {low:g} to {high:g}"
    try:
        value = float(text)
    except ValueError:
        raise _wrong(name, text, mend) from None
    if not low <= value <= high:
        raise _wrong(name, text, mend)
    return value


def _language(given: Mapping[str, list[str]], accepted: str) -> tuple[Language, bool]:
    text = _last(given, "lang")
    spoken: dict[str, Any] = {language: language for language in LANGUAGES}
    if text:
        if text not in spoken:
            raise _wrong("lang", text, f"write one of {', '.join(LANGUAGES)}")
        return spoken[text], True
    asked = [part.partition(";")[0].strip().lower()[:2] for part in accepted.split(",")]
    return next((spoken[one] for one in asked if one in spoken), "en"), False


def _wrong(name: str, value: str, mend: str) -> InputError:
    return InputError(Fault("K0505", f"{name} is not as it should be", mend, column=name, value=value[:80]))
