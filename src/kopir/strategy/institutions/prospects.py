"""Whether a change of memberships and plan pays: values with and without a refusal, and from which probability."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from kopir.core.errors import Fault, InfeasibleError, InputError
from kopir.model.contents.model import Model
from kopir.model.network.assembly import build_network
from kopir.model.network.clauses import Denial, read_clauses
from kopir.model.network.obligations import with_memberships
from kopir.strategy.institutions.obligations import obligations, refuse_contradictions
from kopir.strategy.value.setup import Setup, prepare
from kopir.strategy.value.valuation import NOBODY, Span

MOST_CHANGES = 6
"""Changes whose combinations are all valued: each doubles the number of models that are solved."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A combination of changes: its value undisturbed and under a refusal, and its cost (equal units).

    ``unpriced`` are soft clauses that it breaks at a penalty nobody knows, which ``cost`` leaves out.
    """

    name: str
    undisturbed: float
    denied: float
    cost: float = 0.0
    unpriced: tuple[str, ...] = ()

    @property
    def leverage(self) -> float:
        """What the refusal takes."""
        return self.undisturbed - self.denied

    @property
    def robust(self) -> float:
        """Value net of cost under the refusal, or undisturbed where that is less."""
        return min(self.undisturbed, self.denied) - self.cost

    def expected(self, probability: float) -> float:
        """Return the expected value net of cost when the refusal comes with ``probability``."""
        return (1 - probability) * self.undisturbed + probability * self.denied - self.cost


def best_at(prospects: Sequence[Prospect], probability: float) -> Prospect:
    """Return the prospect of highest expected value; of several, the one whose refusal costs least."""
    return max(prospects, key=lambda one: (round(one.expected(probability), 9), -one.leverage))


def robust_choice(prospects: Sequence[Prospect]) -> Prospect:
    """Return the prospect that is worth most at its worst."""
    return max(prospects, key=lambda one: (one.robust, one.undisturbed))


def switching_points(prospects: Sequence[Prospect]) -> tuple[tuple[float, str, str], ...]:
    """Return each probability between 0 and 1 at which the best choice changes, with the choice before and after.

    Expected values are straight lines in the probability, so that the best choice follows their upper
    envelope: from each line to the one that crosses it first.
    """
    points: list[tuple[float, str, str]] = []
    now, at = best_at(prospects, 0.0), 0.0
    while True:
        crossings = [
            (probability, other.leverage, other)
            for other in prospects
            if other.leverage < now.leverage and at <= (probability := _crossing(now, other)) <= 1
        ]
        if not crossings:
            return tuple(points)
        at, _, after = min(crossings, key=lambda crossing: crossing[:2])
        points.append((at, now.name, after.name))
        now = after


def _crossing(now: Prospect, other: Prospect) -> float:
    gap = (now.undisturbed - now.cost) - (other.undisturbed - other.cost)
    return gap / (now.leverage - other.leverage)


@dataclass(frozen=True)
class ProspectResult:
    """Combinations of changes under a refusal by ``denied``; million USD a year.

    ``table``: ``changes``, ``undisturbed_musd``, ``denied_musd``, ``cost_musd`` (of options, clauses that cost,
    and soft clauses broken), ``leverage_musd``, ``robust_musd``, ``unpriced`` (broken clauses of unknown
    penalty). ``forbidden`` are the combinations that hard clauses rule out, with those clauses. ``switches``:
    ``probability``, ``before``, ``after``.
    """

    denied: tuple[str, ...]
    table: pl.DataFrame
    robust: str
    switches: pl.DataFrame
    forbidden: pl.DataFrame

    def as_record(self) -> dict[str, object]:
        """Return the result as plain values."""
        tables = {name: getattr(self, name).to_dicts() for name in ("table", "switches", "forbidden")}
        return {"denied": list(self.denied), "robust": self.robust, **tables}


def weigh(
    model: Model,
    denied: Iterable[str],
    *,
    plan: Iterable[str] = (),
    leave: Iterable[str] = (),
    join: Iterable[str] = (),
    span: Span = "long",
) -> ProspectResult:
    """Return what each combination of the changes is worth with and without a refusal by ``denied``.

    The changes are the options of ``plan`` and the institutions left and joined; combinations that hard
    clauses forbid are left out and named. Raises :class:`InputError` for unknown codes and for more than
    ``MOST_CHANGES`` changes, :class:`kopir.core.errors.ModelError` where there is no optimum.
    """
    named = {"build": tuple(plan), "leave": tuple(leave), "join": tuple(join)}
    changes = [(verb, code) for verb, codes in named.items() for code in sorted(set(codes))]
    if len(changes) > MOST_CHANGES:
        mend = f"name at most {MOST_CHANGES}"
        raise InputError(Fault("K0505", "too many changes to weigh together", mend, value=str(len(changes))))
    refusing = Denial(frozenset(denied))
    setup = prepare(model)
    prospects: list[Prospect] = []
    forbidden: list[tuple[str, str]] = []
    for size in range(len(changes) + 1):
        for chosen in combinations(changes, size):
            name = " + ".join(f"{verb} {code}" for verb, code in chosen) or "as it stands"
            try:
                prospects.append(_prospect(setup, name, chosen, refusing, span))
            except _Forbidden as error:
                forbidden.append((name, str(error)))
    return _result(refusing, prospects, forbidden)


class _Forbidden(Exception):
    """Hard clauses rule a combination out."""


def _prospect(
    setup: Setup, name: str, changes: Sequence[tuple[str, str]], refusing: Denial, span: Span
) -> Prospect:
    plan, leave, join = ([code for verb, code in changes if verb == named] for named in ("build", "leave", "join"))
    changed = with_memberships(setup.model, leave=leave, join=join)
    try:
        refuse_contradictions(changed, plan)
    except InfeasibleError as error:
        raise _Forbidden("; ".join(fault.value or "" for fault in error.faults)) from None
    # Calibrated as things stand: another calibration would change values for reasons of its own.
    valuation = replace(
        setup, model=changed, network=build_network(changed), clauses=read_clauses(changed)
    ).valuation(span)
    asked = obligations(changed, plan=plan)
    return Prospect(
        name=name,
        undisturbed=valuation.value(NOBODY, plan),
        denied=valuation.value(refusing, plan),
        cost=valuation.plan_cost(plan) + asked.fees[0] + asked.penalty[0],
        unpriced=asked.unpriced,
    )


def _result(
    refusing: Denial, prospects: Sequence[Prospect], forbidden: Sequence[tuple[str, str]]
) -> ProspectResult:
    rows = [
        (one.name, one.undisturbed, one.denied, one.cost, one.leverage, one.robust, " ".join(one.unpriced))
        for one in prospects
    ]
    money = [f"{name}_musd" for name in ("undisturbed", "denied", "cost", "leverage", "robust")]
    schema = {"changes": pl.String, **dict.fromkeys(money, pl.Float64), "unpriced": pl.String}
    switches = {"probability": pl.Float64, "before": pl.String, "after": pl.String}
    return ProspectResult(
        denied=tuple(sorted(refusing.parties)),
        table=pl.DataFrame(rows, schema=schema, orient="row"),
        robust=robust_choice(prospects).name,
        switches=pl.DataFrame(switching_points(prospects), schema=switches, orient="row"),
        forbidden=pl.DataFrame(forbidden, schema={"changes": pl.String, "clauses": pl.String}, orient="row"),
    )
