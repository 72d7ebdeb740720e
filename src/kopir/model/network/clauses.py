"""Denial clauses: which assets a set of jurisdictions can close, and how far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from kopir.core.errors import Fault, InputError
from kopir.core.spelling import did_you_mean
from kopir.model.contents.accounting import accounting_links
from kopir.model.contents.model import Model
from kopir.model.contents.subjects import Subject
from kopir.model.network.obligations import Obligation, assets_of, in_force, read_institutions

Asset = tuple[str, str]
"""Asset type and code, for example ``("link", "C01c")``."""

Basis = Literal["flow", "capacity"]
"""Of what a clause closes a share: of what the asset usually carries, or of its capacity."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A smallest set of ``parties`` that together can close ``asset`` to ``effectiveness`` (a share of it).

    ``of`` says of what the share is. A clause ``in_force`` limits capacity whatever it says: what the asset
    usually carries has been cut by it already.
    """

    asset: Asset
    parties: frozenset[str]
    effectiveness: float
    low: float
    high: float
    basis_kind: str
    in_force: bool
    function: str
    line: int
    table: str = "denial"
    of: Basis = "flow"


@dataclass(frozen=True, slots=True)
class PlanClosure:
    """A share of ``asset`` that is closed while ``option`` is built or, with ``unless``, while it is not."""

    asset: Asset
    option: str
    unless: bool
    effectiveness: float
    low: float
    high: float
    line: int


_Uncertain = TypeVar("_Uncertain", Clause, PlanClosure)


@dataclass(frozen=True, slots=True)
class Denial:
    """Jurisdictions that refuse everything their clauses cover, to a severity (share of effectiveness).

    ``function`` restricts the refusal to assets of one function, for the partner-by-function table.
    """

    parties: frozenset[str] = field(default_factory=frozenset)
    severity: float = 1.0
    function: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.severity <= 1:
            mend = "write a number between 0 and 1"
            raise InputError(Fault("K0503", "a severity outside 0 to 1", mend, value=f"{self.severity:g}"))


@dataclass(frozen=True, slots=True)
class Closure:
    """Shares that a refusal leaves of the assets it hits: of their ``capacity``, and of their usual ``use``.

    Assets that are not named keep all of it.
    """

    capacity: Mapping[Asset, float]
    use: Mapping[Asset, float]


@dataclass(frozen=True)
class ClauseBook:
    """All denial clauses of a model, which jurisdictions act together, and what depends on the plan."""

    clauses: tuple[Clause, ...]
    members: Mapping[str, frozenset[str]]
    closures: tuple[PlanClosure, ...] = ()

    def at(self, effectiveness: float) -> ClauseBook:
        """Return the same clauses at another place in their intervals: 0 the low end, 1 the high end."""

        def placed(one: _Uncertain) -> _Uncertain:
            at = one.low + effectiveness * (one.high - one.low)
            return one if at == one.effectiveness else replace(one, effectiveness=at)

        return replace(self, clauses=tuple(map(placed, self.clauses)), closures=tuple(map(placed, self.closures)))

    def expand(self, parties: Iterable[str]) -> frozenset[str]:
        """Return ``parties`` with every member of a union among them.

        Raises :class:`InputError` naming each party that is no jurisdiction of the model.
        """
        named = frozenset(parties)
        unknown = sorted(named - set(self.members))
        if unknown:
            raise InputError(
                [
                    Fault(
                        "K0501",
                        f"unknown jurisdiction {name!r}",
                        did_you_mean(name, self.members, "a code of jurisdictions.csv"),
                        value=name,
                    )
                    for name in unknown
                ]
            )
        return named.union(*(self.members[name] for name in named))

    def availability(self, denial: Denial, plan: Iterable[str] = ()) -> dict[Asset, float]:
        """Return the share of each hit asset that stays open, of its capacity or of its use alike.

        See :meth:`closure`; assets not in the result stay wholly open.
        """
        closure = self.closure(denial, plan)
        shares = dict(closure.capacity)
        for asset, left in closure.use.items():
            shares[asset] = shares.get(asset, 1.0) * left
        return shares

    def closure(self, denial: Denial, plan: Iterable[str] = ()) -> Closure:
        """Return what stays open of each hit asset: the product of 1 - severity x effectiveness.

        The product runs over the clauses whose parties all deny (design: avail_a(D)). Clauses in force close
        their share of capacity whoever denies, at full severity, and so do obligations that the options of
        ``plan`` meet or break.
        """
        parties = self.expand(denial.parties)
        left: dict[Basis, dict[Asset, float]] = {"capacity": {}, "flow": {}}

        def close(basis: Basis, asset: Asset, share: float) -> None:
            left[basis][asset] = left[basis].get(asset, 1.0) * (1 - share)

        for clause in self.clauses:
            if clause.in_force:
                close("capacity", clause.asset, clause.effectiveness)
            elif clause.parties <= parties and denial.function in {None, clause.function}:
                close(clause.of, clause.asset, denial.severity * clause.effectiveness)
        built = frozenset(plan)
        for closure in self.closures:
            if (closure.option in built) != closure.unless:
                close("capacity", closure.asset, closure.effectiveness)
        capacity, use = (
            {asset: share for asset, share in left[basis].items() if share < 1} for basis in ("capacity", "flow")
        )
        return Closure(capacity, use)

    def controlled_by(self, party: str) -> frozenset[Asset]:
        """Return the assets that ``party`` (with its members) can close alone, wholly or in part."""
        parties = self.expand([party])
        return frozenset(
            clause.asset
            for clause in self.clauses
            if not clause.in_force and clause.high > 0 and clause.parties <= parties
        )

    def functions_of(self, party: str) -> tuple[str, ...]:
        """Return the functions in which ``party`` takes part in some clause, sorted."""
        parties = self.expand([party])
        return tuple(
            sorted({clause.function for clause in self.clauses if clause.parties & parties and clause.high > 0})
        )


def read_clauses(model: Model, effectiveness: float = 0.5, *, accounting: bool = False) -> ClauseBook:
    """Return the clauses of ``denial.csv`` and those that obligations add.

    ``effectiveness`` places each clause within its interval: 0 the low end, 0.5 the middle, 1 the high end.
    Those on links of accounting layers or of containers alone change no value and are left out unless
    ``accounting``.
    """
    beyond = frozenset[str]() if accounting else accounting_links(model.folder)
    clauses = tuple(
        Clause(
            asset=(row["asset_type"], row["asset"]),
            parties=frozenset(part.strip() for part in row["clause"]),
            effectiveness=row["effectiveness_low"]
            + effectiveness * (row["effectiveness_high"] - row["effectiveness_low"]),
            low=row["effectiveness_low"],
            high=row["effectiveness_high"],
            basis_kind=row["basis_kind"],
            in_force=row["in_force"],
            function=row["function"],
            line=row["line"],
            of=row["of"],
        )
        for row in model.table("denial").iter_rows(named=True)
        if row["asset_type"] != "link" or row["asset"] not in beyond
    )
    direct = {row["jurisdiction"]: row["members"] for row in model.table("jurisdictions").iter_rows(named=True)}
    members = {name: _all_members(name, direct) for name in sorted(direct)}
    found = [one for one in _from_obligations(model, effectiveness) if one.asset[1] not in beyond]
    added = tuple(one for one in found if isinstance(one, Clause))
    closures = tuple(one for one in found if isinstance(one, PlanClosure))
    return ClauseBook((*clauses, *added), members, closures)


def _from_obligations(model: Model, effectiveness: float) -> Iterator[Clause | PlanClosure]:
    """Yield what hard obligations close: by adding a jurisdiction, by membership, or by a plan."""
    institutions = {one.code: one for one in read_institutions(model)}
    for one in in_force(model):
        if one.soft:
            continue
        _, low, high = one.share
        imposed = institutions[one.institution].kind == "sanctions"
        clause = Clause(
            asset=("", ""),
            parties=frozenset(institutions[one.institution].members) if imposed else frozenset(),
            effectiveness=low + effectiveness * (high - low),
            low=low,
            high=high,
            basis_kind="sanction" if imposed else "treaty",
            in_force=True,
            function=one.function or "",
            line=one.line,
            table="obligations",
        )
        if one.form == "adds":
            added = replace(clause, parties=frozenset({one.target.code}), in_force=False)
            for asset in assets_of(model, one.left):
                yield replace(added, asset=asset, function=one.function or one.left.code)
            continue
        closed, condition, unless = _closed_when(model, one)
        for asset in closed:
            if condition.kind == "option":
                yield PlanClosure(asset, condition.code, unless, clause.effectiveness, low, high, one.line)
            elif condition.kind == "institution" and institutions[condition.code].held != unless:
                yield replace(clause, asset=asset)


def _closed_when(model: Model, one: Obligation) -> tuple[tuple[Asset, ...], Subject, bool]:
    """Return the assets that a clause closes, on what that depends, and whether it closes unless that holds.

    What depends on the use of an asset is a trigger of the network and closes nothing here.
    """
    if one.form == "triggers":
        return assets_of(model, one.target), one.left, False
    if one.form in {"requires", "excludes"} and one.left.is_asset:
        return assets_of(model, one.left), one.target, one.form == "requires"
    return (), one.target, False


def _all_members(name: str, direct: Mapping[str, list[str]]) -> frozenset[str]:
    reached: set[str] = set()
    frontier = list(direct[name])
    while frontier:
        member = frontier.pop()
        if member not in reached:
            reached.add(member)
            frontier += direct.get(member, [])
    return frozenset(reached)
