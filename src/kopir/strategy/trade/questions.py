"""The question of this room: what it costs when partners withhold their goods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kopir.strategy.value.question import PARTNER, SEVERITY, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.grounds.cited import CitedNumber, Numbers
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.trade.imports import ImportsResult


def imports(
    asked: Asked,
    *,
    parties: Sequence[str] = (),
    by_sector: bool = False,
    severity: float = 1.0,
    months: Sequence[int] = (),
) -> Answer[ImportsResult]:
    """Return what it costs when each of ``parties`` withholds its goods, as a whole or ``by_sector``.

    ``months`` are the lengths of a refusal to count. Raises :class:`kopir.core.errors.InputError` for an
    unknown party and for a model without figures of imports.
    """
    from kopir.strategy.trade.imports import MONTHS
    from kopir.strategy.trade.imports import imports as of_each

    lengths = tuple(months) or MONTHS
    result = of_each(asked.model, parties=parties, by_sector=by_sector, severity=severity, months=lengths)
    options: dict[str, OptionValue] = {
        "function": "imports",
        "by_sector": by_sector,
        "parties": tuple(parties),
        "severity": severity,
        "months": ",".join(map(str, lengths)),
    }
    return asked.answer("leverage", result, result.table, options=options)


def _numbers(asked: Asked, id: str, horizon: Horizon) -> Numbers:
    """Return the numbers of the partner that ``id`` names, of all its goods or else by product group."""
    parties = [id.split(":")[2]]
    found: dict[str, CitedNumber] = {}
    for by_sector in (False, True):
        if id not in found:
            found |= imports(asked, parties=parties, by_sector=by_sector).numbers
    return found


IMPORTS = Question(
    imports,
    names={
        "en": "What partners' goods withheld cost",
        "ru": "Чего стоит прекращение поставок товаров партнёрами",
        "kk": "Серіктестердің тауар жеткізуді тоқтатуының құны",
        "tr": "Ortakların mal vermemesinin maliyeti",
    },
    options={
        "parties": PARTNER,
        "by_sector": Option("--by", "With --function imports: by product group.", "flag"),
        "severity": SEVERITY,
        "months": Option(
            "--months", "With --function imports: count a refusal of so many months.", "wholes", low=1
        ),
    },
    ids=("leverage:imports",),
    numbers=_numbers,
    command="leverage",
)
