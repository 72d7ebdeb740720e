"""Rates: how often an amount comes ("a day", "ежегодно"), and what a price is for ("a barrel", "ton başına")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kopir.evidence.words._lexicon import Hit, Token

REPORTS = frozenset(
    {"report", "reports", "figures", "data", "statement", "survey", "bulletin", "review", "newsletter", "meeting"}
    | {"average", "limit", "trading", "price", "prices", "change", "rise", "fall", "gain", "growth", "newspaper"}
)
"""English words that say of what an adjective of time is."""
FAR = 6
"""Most words between the measure of a price and its figure, where nouns stand before their figures."""


class RateReader:
    """Finds the words of rate that belong to a figure; those inside a period or "a year earlier" are left out."""

    def __init__(
        self,
        tokens: Sequence[Token],
        hits: Mapping[str, Mapping[int, Hit]],
        blocked: frozenset[int],
        *,
        late: bool = False,
    ) -> None:
        self.tokens, self.tables, self.late = tokens, hits, late
        kinds = ("compare", "earlier", "ytd", "so_far")
        times = [h for h in hits["periods"].values() if h.row["kind"] in kinds]
        self.hits = [
            h
            for h in hits["rates"].values()
            if not (_of_time(h, times, blocked) or self._counted(h) or self._of_report(h))
        ]

    def of(self, first: int, last: int, behind: int) -> Hit | None:
        """Return the word of rate of the figure at ``first`` to ``last``; ``behind`` is its end past a hyphen."""
        for hit in self.hits:
            if hit.first == behind:
                return hit
        for hit in self.hits:
            if hit.last == first or (hit.last == first - 1 and self._priced(hit)):
                return hit
        if self.late and (far := self._far_before(first)) is not None:
            return far
        near = (h for h in self.hits if last < h.first <= last + 2)
        return next((h for h in near if self._plain(last, h.first)), None)

    def _far_before(self, first: int) -> Hit | None:
        """Return the measure of a price where other words part the two: "bakırın tonu dün 6.200 dolara"."""
        for hit in self.hits:
            between = range(hit.last, first)
            if hit.row["kind"] != "per" or hit.last - hit.first > 1 or not 0 < len(between) <= FAR:
                continue
            if all(self.tokens[n].kind == "word" and n not in self.tables["changes"] for n in between):
                return hit
        return None

    def _counted(self, hit: Hit) -> bool:
        """Tell what is counted from a rate: "son 12 ayda" is no "ayda", "2 мың тоннасы" no price of a tonne."""
        if hit.first == 0 or hit.last - hit.first > 1:
            return False
        numbered = self.tokens[hit.first - 1].kind == "num"
        scaled = self.tables["numerals"].get(hit.first - 1)
        scaled = scaled if scaled is not None and scaled.row["kind"] == "scale" else None
        return (hit.row["kind"] == "free" and numbered) or (hit.row["kind"] == "per" and scaled is not None)

    def _of_report(self, hit: Hit) -> bool:
        """Tell how often a report comes: "its monthly report", "the daily trading limit"."""
        return hit.last < len(self.tokens) and self.tokens[hit.last].text in REPORTS

    def _priced(self, hit: Hit) -> bool:
        return hit.row["kind"] == "per" and self.tokens[hit.last].text in ("-", "за", "at", ":")

    def _plain(self, first: int, last: int) -> bool:
        """Tell whether only describing words part a figure from a word of rate."""
        return all(
            self.tokens[n].kind == "word" and n not in self.tables["numerals"] and self._quiet(n)
            for n in range(first, last)
        )

    def _quiet(self, n: int) -> bool:
        hit = self.tables["particles"].get(n)
        return hit is None or hit.row["role"] == "of"


def _of_time(hit: Hit, times: Sequence[Hit], blocked: frozenset[int]) -> bool:
    """Tell a word of rate that is part of a period ("son 5 yılda") or of "a year earlier"."""
    if any(i in blocked for i in range(hit.first, hit.last)):
        return True
    return any(other.first < hit.last and hit.first < other.last for other in times)


SLASHED = {
    "bbl": "bbl",
    "barrel": "bbl",
    "барр": "bbl",
    "баррель": "bbl",
    "tonne": "t",
    "ton": "t",
    "t": "t",
    "т": "t",
    "тонна": "t",
    "тонну": "t",
    "varil": "bbl",
    "bushel": "bushel",
    "lb": "pound",
    "oz": "ounce",
    "ounce": "ounce",
    "mmbtu": "MMBtu",
    "kwh": "kWh",
    "mwh": "MWh",
}
IN_TONNES = {"kg": ("t", 1e3), "gram": ("t", 1e6), "100kg": ("t", 10.0), "100g": ("t", 1e4)}
"""Measures of a price that are told by the tonne, and how many of them a tonne is."""
