"""The worst set of lost assets: kopir's branching beside the dual as one mixed-integer programme by HiGHS.

The dual of the flow programme prices capacities; a lost asset takes its capacities out of the sum that is
maximised. The product of the two is linear with a bound on prices ("big M": no capacity is worth more than twice
the dearest tonne), as in Wood (1993), Mathematical and Computer Modelling 17(2). Both find the least value that is
left; answers are checked equal.
"""

from __future__ import annotations

import time

import highspy
import numpy as np
from scipy import sparse

from benchmarks.contestants import pass_programme
from benchmarks.instances import problem, to_network
from benchmarks.measure import TOLERANCE, Table
from kopir.flow.formulation import Formulation, Situation
from kopir.flow.outages import Outages
from kopir.flow.simplex.worst_sets import Branching
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats, Ints

PATIENCE = 120.0
"""Seconds after which the peer is stopped; its best answer and its bound are then told."""


def worst_sets(_rounds: int, size: str = "300x5", most: int = 3, patience: float = PATIENCE) -> list[Table]:
    """Compare on the synthetic network of ``size``, one run of each."""
    network = to_network(problem(size))
    function = ValueFunction(network)
    asked = function.formulation, function.situation(network.limits.capacity.usable)
    seconds, left = _by_branching(*asked, most)
    peer, found, bound = _by_dual(*asked, most, patience)
    slack = TOLERANCE * max(1.0, abs(left))
    notes = [
        f"branching: {seconds:.2f} s, the worst {most} leave {left:,.4f}",
        f"dual by HiGHS: {peer:.2f} s, {found:,.4f} left"
        + ("" if found - bound <= slack else f", at best {bound:,.4f}"),
        f"time of the dual over that of branching: {peer / seconds:.1f}",
    ]
    if found < left - slack or (found - bound <= slack and abs(found - left) > slack):
        raise AssertionError(f"answers differ: {notes}")
    return [Table(f"Synthetic {size}: worst set of {most} lost assets", notes=tuple(notes))]


def _by_branching(formulation: Formulation, situation: Situation, most: int) -> tuple[float, float]:
    Outages(formulation, situation, many=True).values([(0,)])  # compiled before
    start = time.process_time()
    outages = Outages(formulation, situation, many=True)
    paths = outages.dropped_paths()
    assert paths is not None
    found = Branching(outages, paths, 1e-9 * max(1.0, abs(outages.undisturbed)), most).worst(most)
    return time.process_time() - start, outages.undisturbed - max(found.losses)


def _by_dual(
    formulation: Formulation, situation: Situation, most: int, patience: float
) -> tuple[float, float, float]:
    """Return CPU seconds, the least value found and the bound below which none can lie."""
    start = time.process_time()
    programme = _dual(formulation, situation, most)
    highs = pass_programme(programme)
    assert highs.setOptionValue("time_limit", patience) == highspy.HighsStatus.kOk
    assert highs.setOptionValue("mip_rel_gap", 1e-9) == highspy.HighsStatus.kOk
    assets = len(situation.open_share)
    whole = np.full(assets, highspy.HighsVarType.kInteger)
    chosen = np.arange(len(programme["c"]) - assets, len(programme["c"]), dtype=np.int32)
    assert highs.changeColsIntegrality(assets, chosen, whole) == highspy.HighsStatus.kOk
    assert highs.run() in {highspy.HighsStatus.kOk, highspy.HighsStatus.kWarning}
    info = highs.getInfo()
    return time.process_time() - start, float(info.objective_function_value), float(info.mip_dual_bound)


def _dual(formulation: Formulation, situation: Situation, most: int) -> dict[str, object]:
    """Return the programme over prices of rows (lower, upper) and columns, what they count for, and assets lost.

    ``min -(rl p - ru v - ub w)`` with ``A'(p - q) - m <= c``; ``v >= q`` and ``w >= m`` but where an asset that
    stops them is lost.
    """
    bounds = formulation.bounds(situation)
    programme = formulation.programme(bounds)
    matrix = programme.matrix.scipy()
    rows, columns = matrix.shape
    stops_rows, stops_columns = _stopped(formulation, situation)
    dearest = 2.0 * float(np.abs(programme.cost).max())
    lower, upper = np.isfinite(bounds.row_lower), np.isfinite(bounds.row_upper)
    # A column or row without an end has a price only when it is lost.
    capped, open_rows = np.isfinite(bounds.upper), ~upper
    one, none = sparse.identity, lambda height, width: sparse.csr_array((height, width))
    assets = stops_rows.shape[1]
    blocks = [
        [matrix.T, -matrix.T, -one(columns), none(columns, rows), none(columns, columns), none(columns, assets)],
        [none(rows, rows), one(rows), none(rows, columns), -one(rows), none(rows, columns), -dearest * stops_rows],
        [none(columns, rows), none(columns, rows), one(columns), none(columns, rows), -one(columns),
         -dearest * stops_columns],
        [none(1, rows), none(1, rows), none(1, columns), none(1, rows), none(1, columns), np.ones((1, assets))],
    ]  # fmt: skip
    cost = np.concatenate([
        -np.where(lower, bounds.row_lower, 0.0), np.zeros(rows), np.zeros(columns),
        np.where(upper, bounds.row_upper, 0.0), np.where(capped, bounds.upper, 0.0), np.zeros(assets),
    ])  # fmt: skip
    most_of = [
        np.where(lower, np.inf, 0.0), np.full(rows, dearest), np.full(columns, dearest),
        np.where(open_rows, 0.0, np.inf), np.where(capped, np.inf, 0.0), np.ones(assets),
    ]  # fmt: skip
    right = np.concatenate([programme.cost, np.zeros(rows), np.zeros(columns), [float(most)]])
    return {
        "c": cost,
        "A": sparse.csc_array(sparse.block_array(blocks)),
        "lb": np.zeros(len(cost)),
        "ub": np.concatenate(most_of),
        "rl": np.full(len(right), -np.inf),
        "ru": right,
    }


def _stopped(formulation: Formulation, situation: Situation) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return which rows and which columns each asset stops when it is lost (rows x assets, columns x assets)."""
    before = formulation.bounds(situation)
    rows: list[Ints] = []
    columns: list[Ints] = []
    for asset in range(len(situation.open_share)):
        share: Floats = situation.open_share.copy()
        share[asset] = 0.0
        after = formulation.bounds(Situation(situation.capacity, share, situation.plan, situation.reach))
        rows.append(np.flatnonzero(after.row_upper != before.row_upper))
        columns.append(np.flatnonzero(after.upper != before.upper))
        assert (
            after.row_lower[np.isfinite(after.row_lower)] == before.row_lower[np.isfinite(after.row_lower)]
        ).all()
    return _flags(rows, len(before.row_upper)), _flags(columns, len(before.upper))


def _flags(places: list[Ints], height: int) -> sparse.csr_array:
    which = np.repeat(np.arange(len(places)), [len(one) for one in places])
    held = np.concatenate(places)
    return sparse.csr_array((np.ones(len(held)), (held, which)), shape=(height, len(places)))
