"""Claims that no fact rests on: said, never dropped without a word."""

from __future__ import annotations

import numpy as np

from kopir.core.errors import Fault
from kopir.facts.settled._reconciliation import Reconciliation

_SHOWN = 3


def unused_faults(found: Reconciliation) -> list[Fault]:
    """Return a warning for the levels that no fact rests on, by why; none is dropped without a word."""
    seen, settled = found.system.observations, found.settled
    silent = np.flatnonzero((seen.base < 0) & (settled.basis[seen.fact] == "none"))
    if not len(silent):
        return []
    ids = [found.claims["id"][int(seen.claim[row])] for row in silent]
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    why = (
        f"{len(ids)} claims give no fact: their figures are not above zero, or stand beside such of the same thing"
    )
    mend = "give falls as kind change_abs, and leave out a zero that means «not known»"
    return [Fault("K3012", why, mend, value=f"{', '.join(ids[:_SHOWN])}{more}")]
