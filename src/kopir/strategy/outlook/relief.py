"""What an option does to residual loss: under refusals, and on the mean of a year with the outages on record.

Options that bring nothing while nobody refuses may be worth their cost when somebody does, or in a storm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from kopir.core.errors import InputError
from kopir.model.network.clauses import Denial
from kopir.strategy.value.record import Record, recorded_outages
from kopir.strategy.value.setup import Setup
from kopir.strategy.value.valuation import NOBODY, Valuation

_LEAST = 1e-6  # million USD a year; less is rounding


class Relief:
    """Changes of residual loss by options of one model; million USD a year, below 0 where less is lost.

    ``refused`` are those who refuse together: ``deny``, else the player whose refusal alone costs most today.
    Raises :class:`InputError` for an unknown party.
    """

    def __init__(self, setup: Setup, valuation: Valuation, deny: Sequence[str] = ()) -> None:
        self._valuation = valuation
        self._setup = setup
        self._alone = {party: Denial(frozenset([party])) for party in setup.model.settings.players}
        setup.clauses.expand(deny)
        worst = max(self._alone, key=lambda party: (valuation.leverage(self._alone[party]), party), default="")
        self.refused: tuple[str, ...] = tuple(sorted(deny)) or ((worst,) if worst else ())

    @cached_property
    def record(self) -> Record | None:
        """The outages on record that hit the network, ``None`` where none does."""
        try:
            return recorded_outages(self._setup)
        except InputError:
            return None

    def of(self, option: str) -> dict[str, object]:
        """Return the columns that an option has in the table of options."""
        single = {party: self._change(denial, option) for party, denial in self._alone.items()}
        most = min(single, key=lambda party: (single[party], party), default=None)
        helps = most is not None and single[most] < -_LEAST
        return {
            "refused_change_musd": self._change(Denial(frozenset(self.refused)), option),
            "outages_change_musd": None if self.record is None else self._in_a_year(self.record, option),
            "most_change_musd": single[most] if most is not None and helps else None,
            "most_party": most if helps else None,
        }

    def _change(self, denial: Denial, option: str) -> float:
        return self._valuation.residual_loss(denial, (option,)) - self._valuation.residual_loss(denial)

    def _in_a_year(self, record: Record, option: str) -> float:
        """Return the change on the mean of a year: at the recorded rate, every outage equally likely."""
        lost = [(self._lost(one, (option,)) - self._lost(one, ())) for one in range(len(record.outages))]
        length = [one.years for one in record.outages]
        mean = sum(change * years for change, years in zip(lost, length, strict=True)) / len(lost)
        return self._change(NOBODY, option) + record.rate * mean

    def _lost(self, outage: int, plan: tuple[str, ...]) -> float:
        """Return what an outage takes at its yearly rate with a plan built."""
        assert self.record is not None
        usual = self._valuation.situation(NOBODY, plan)
        open_share = usual.open_share * self.record.outages[outage].open_share
        return self._valuation.value(NOBODY, plan) - self._valuation.worth(replace(usual, open_share=open_share))
