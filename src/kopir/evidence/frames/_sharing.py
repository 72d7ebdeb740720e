"""A share of a trade that somebody else holds: "B's share of A's exports", "A took 4 % of B's imports"."""

from __future__ import annotations

from kopir.evidence.frames._binding import FLOWS, Bound
from kopir.evidence.frames._frames import Cue, measured
from kopir.evidence.sentence._indicators import Reading
from kopir.evidence.sentence._sentence import Sentence

OF_TRADE = FLOWS | {"mutual"}
SETTLED = ("several subjects", "loose actor", "a share of what", "no subject", "item unclear")
"""Beginnings of the gaps that are closed by knowing whose trade is shared out and who holds the share."""
ACTING = frozenset({"state", "group"})


def settle_share(
    sentence: Sentence,
    bound: Bound,
    trade: Reading | None,
    told: tuple[str | None, tuple[str, ...]],
) -> None:
    """License the parties of a share where the clause names just two, one of them tied to the trade itself.

    ``trade`` is what the share is read to be of, ``told`` the subject (whose trade it is) and the partners read.
    """
    clause, (subject, partners) = bound.clause, told
    if clause is None or trade is None or bound.frame not in OF_TRADE or not clause.holds(trade.place[0]):
        return
    acting = [m for m in sentence.mentions if clause.holds(m.first) and not m.speaker]
    cue = Cue(*trade.place, late=sentence.lexicon.settings["verb_side"] == "after")
    whose = measured([m for m in acting if m.kind in ACTING], cue)
    others = {m.code: m for m in acting if whose is not None and m.code != whose.code}
    if whose is None or len(others) != 1 or any(m.kind not in ACTING for m in acting):
        return
    if any(q.unit_kind != "percent" for q in clause.figures):
        return
    ((holder, by),) = others.items()
    if {subject, *partners} != {whose.code, holder} or len(partners) != 1:
        return
    bound.subject, bound.partners = subject, partners
    bound.rules |= {"subject": f"share:{bound.frame}:{whose.role}", "partners": f"share:held:{by.role}"}
    bound.gaps[:] = [gap for gap in bound.gaps if not gap.startswith(SETTLED)]
