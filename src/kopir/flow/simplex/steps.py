"""The steps of the dual simplex, compiled; with ``NUMBA_DISABLE_JIT=1`` the same lines run as plain Python.

Bounded dual simplex with long steps (Koberstein 2005, "The dual simplex method, techniques for a fast and stable
implementation", sections 3.1 and 6.2): the variable furthest out of its bounds leaves; breakpoints of the dual
are passed, flipping the variable to its other bound, as long as the dual goes on rising; of those that lie
together the one with the largest pivot enters. The basis is the first factor and a list of exchanges (product
form).

All of it is one file: the machine code kept on disk is made anew when its own file changes, not another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from kopir.flow.simplex.arrays import (
    Changes,
    Etas,
    Factor,
    Floats,
    Kept,
    Lists,
    Machine,
    Point,
    Programme,
    Task,
    Work,
)

OUT = 1e-9
"""How far out of its bounds a value may lie (Mt a year)."""
PIVOT = 1e-7
"""The least pivot that is taken."""
TOGETHER = 1e-9
"""USD/t within which two breakpoints lie together."""
GAP = 1e-9
"""Share of the value that may lie between the two ends that certify it."""
MOST_STEPS = 500
_NEARLY_NOTHING = 1e-300
"""What stands for nothing where 0 would say that a variable is not listed yet."""

Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function, *, outside: bool = False) -> Function:
    """Return the function compiled at its first call; the machine code is kept on disk where that can be written.

    Only what is called from ``outside`` gets a way in from Python, which takes long to compile.
    """
    options: dict[str, Any] = {"error_model": "numpy"}
    if not outside:
        options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    try:
        return cast("Function", numba.njit(cache=True, **options)(function))
    except RuntimeError:  # nowhere to write
        return cast("Function", numba.njit(**options)(function))


@_compiled
def _down(lists: Lists, vector: Floats, first: int) -> None:
    """Solve in place with a unit lower triangle by column, nothing standing above ``first``."""
    for k in range(first, len(vector)):
        value = vector[k]
        if value != 0.0:
            for at in range(lists.start[k], lists.start[k + 1]):
                vector[lists.place[at]] -= lists.entry[at] * value


@_compiled
def _up(lists: Lists, vector: Floats) -> None:
    for k in range(len(vector) - 1, -1, -1):
        value = vector[k]
        if value != 0.0:
            for at in range(lists.start[k], lists.start[k + 1]):
                vector[lists.place[at]] -= lists.entry[at] * value


@_compiled
def _forward(factor: Factor, etas: Etas, vector: Floats) -> None:
    """Solve ``B x = vector`` in place."""
    _down(factor.low_columns, vector, 0)
    lists = factor.up_columns
    for k in range(len(vector) - 1, -1, -1):
        if vector[k] != 0.0:
            vector[k] /= factor.pivot[k]
            for at in range(lists.start[k], lists.start[k + 1]):
                vector[lists.place[at]] -= lists.entry[at] * vector[k]
    for eta in range(etas.made[0]):
        value = vector[etas.place[eta]]
        if value != 0.0:
            value /= etas.pivot[eta]
            for at in range(etas.columns.start[eta], etas.columns.start[eta + 1]):
                vector[etas.columns.place[at]] -= etas.columns.entry[at] * value
            vector[etas.place[eta]] = value


@_compiled
def _backward(factor: Factor, etas: Etas, vector: Floats) -> None:
    """Solve ``B.T y = vector`` in place."""
    for eta in range(etas.made[0] - 1, -1, -1):
        value = vector[etas.place[eta]]
        for at in range(etas.columns.start[eta], etas.columns.start[eta + 1]):
            if etas.columns.place[at] != etas.place[eta]:
                value -= vector[etas.columns.place[at]] * etas.columns.entry[at]
        vector[etas.place[eta]] = value / etas.pivot[eta]
    lists = factor.up_rows
    for k in range(len(vector)):
        if vector[k] != 0.0:
            vector[k] /= factor.pivot[k]
            for at in range(lists.start[k], lists.start[k + 1]):
                vector[lists.place[at]] -= lists.entry[at] * vector[k]
    _up(factor.low_rows, vector)


@_compiled
def _add_column(programme: Programme, variable: int, by: float, vector: Floats) -> None:
    columns, count = programme.columns, len(programme.cost)
    if variable >= count:
        vector[variable - count] += by
        return
    for at in range(columns.start[variable], columns.start[variable + 1]):
        vector[columns.place[at]] += columns.entry[at] * by


@_compiled
def _excess(programme: Programme, point: Point, place: int) -> float:
    """Return how far a basic value lies above its upper bound, or (negative) below its lower one."""
    variable = point.head[place]
    x = point.x[variable]
    if x > programme.upper[variable] + OUT:
        return float(x - programme.upper[variable])
    if x < programme.lower[variable] - OUT:
        return float(x - programme.lower[variable])
    return 0.0


@_compiled
def _shift_basics(programme: Programme, factor: Factor, etas: Etas, point: Point, work: Work) -> None:
    """Move the basic values by what nonbasic ones were moved (``work.shift``, which is cleared)."""
    _forward(factor, etas, work.shift)
    for place in range(len(work.shift)):
        if work.shift[place] != 0.0:
            point.x[point.head[place]] -= work.shift[place]
            work.excess[place] = _excess(programme, point, place)
            work.shift[place] = 0.0


@_compiled
def _begin(
    programme: Programme, factor: Factor, etas: Etas, point: Point, work: Work, changes: Changes, which: int
) -> bool:
    """Set the bounds of one programme and put each nonbasic variable on one; false where there is none for it."""
    moved = False
    for at in range(changes.start[which], changes.start[which + 1]):
        variable = changes.variable[at]
        programme.lower[variable], programme.upper[variable] = changes.lower[at], changes.upper[at]
        if point.place[variable] >= 0:
            work.excess[point.place[variable]] = _excess(programme, point, point.place[variable])
            continue
        low, high = changes.lower[at], changes.upper[at]
        x = min(max(point.x[variable], low), high)
        if point.d[variable] > TOGETHER:
            x = low
        elif point.d[variable] < -TOGETHER:
            x = high
        if not np.isfinite(x):
            return False
        if x != point.x[variable]:
            _add_column(programme, variable, x - point.x[variable], work.shift)
            point.x[variable] = x
            moved = True
    if moved:
        _shift_basics(programme, factor, etas, point, work)
    return True


@_compiled
def _leaving(excess: Floats) -> int:
    """Return the place of the basic value furthest out, -1 where all lie within their bounds."""
    worst, where = 0.0, -1
    for place in range(len(excess)):
        if abs(excess[place]) > worst:
            worst, where = abs(excess[place]), place
    return where


@_compiled
def _pivot_row(programme: Programme, work: Work) -> int:
    """Put ``rho @ matrix`` into ``work.alpha``; return how many variables it touches (``work.touched``)."""
    rows, count, touched = programme.rows, len(programme.cost), 0
    for row in range(len(work.rho)):
        value = work.rho[row]
        if value == 0.0:
            continue
        for at in range(rows.start[row], rows.start[row + 1]):
            column = rows.place[at]
            if work.alpha[column] == 0.0:
                work.touched[touched] = column
                touched += 1
            alpha = work.alpha[column] + rows.entry[at] * value
            work.alpha[column] = alpha if alpha != 0.0 else _NEARLY_NOTHING
        work.touched[touched] = count + row
        touched += 1
        work.alpha[count + row] = value
    return touched


@_compiled
def _candidates(programme: Programme, point: Point, work: Work, touched: int, sign: float) -> int:
    """List the variables that may enter and the dual step at which each would; return how many."""
    found = 0
    for at in range(touched):
        variable = work.touched[at]
        low, high = programme.lower[variable], programme.upper[variable]
        if point.place[variable] >= 0 or low == high:
            continue
        alpha = sign * work.alpha[variable]
        at_low, at_high = point.x[variable] == low, point.x[variable] == high
        if (alpha > OUT and not at_high) or (alpha < -OUT and not at_low):
            work.candidate[found] = variable
            work.ratio[found] = max(point.d[variable] / alpha, 0.0)
            found += 1
    return found


@_compiled
def _entering(programme: Programme, point: Point, work: Work, found: int, sign: float, slope: float) -> int:
    """Return who enters, -1 where the dual rises without end; those that are passed are flipped."""
    while found:
        nearest = np.inf
        for at in range(found):
            nearest = min(nearest, work.ratio[at])
        nearest += TOGETHER
        drop, best, who = 0.0, 0.0, -1
        for at in range(found):
            if work.ratio[at] <= nearest:
                variable = work.candidate[at]
                size = abs(work.alpha[variable])
                drop += size * (programme.upper[variable] - programme.lower[variable])
                if size > best:
                    best, who = size, variable
        if slope - drop <= OUT:
            return who
        slope -= drop
        kept = 0
        for at in range(found):
            variable = work.candidate[at]
            if work.ratio[at] <= nearest:
                low, high = programme.lower[variable], programme.upper[variable]
                to = high if point.x[variable] == low else low
                _add_column(programme, variable, to - point.x[variable], work.shift)
                point.x[variable] = to
            else:
                work.candidate[kept], work.ratio[kept] = variable, work.ratio[at]
                kept += 1
        found = kept
    return -1


@_compiled
def _exchange(
    programme: Programme, factor: Factor, etas: Etas, point: Point, work: Work, out: int, enters: int, high: bool
) -> bool:
    """Exchange the basic variable at ``out``, which goes to its upper or lower bound; false on a poor pivot."""
    column = work.column
    column[:] = 0.0
    _add_column(programme, enters, 1.0, column)
    _forward(factor, etas, column)
    pivot, expected = column[out], work.alpha[enters]
    if abs(pivot) < PIVOT or abs(pivot - expected) > 1e-6 * (1.0 + abs(pivot)):
        return False
    leaves = point.head[out]
    bound = programme.upper[leaves] if high else programme.lower[leaves]
    step = (point.x[leaves] - bound) / pivot
    eta = etas.made[0]
    at = etas.columns.start[eta]
    for place in range(len(column)):
        if column[place] != 0.0:
            if at >= len(etas.columns.place):
                return False
            etas.columns.place[at], etas.columns.entry[at] = place, column[place]
            at += 1
            point.x[point.head[place]] -= step * column[place]
            work.excess[place] = _excess(programme, point, place)
    etas.columns.start[eta + 1], etas.place[eta], etas.pivot[eta] = at, out, pivot
    etas.made[0] = eta + 1
    point.x[leaves] = bound
    point.x[enters] += step
    point.head[out], point.place[enters], point.place[leaves] = enters, out, -1
    work.excess[out] = _excess(programme, point, out)
    return True


@_compiled
def _one_step(programme: Programme, factor: Factor, etas: Etas, point: Point, work: Work, out: int) -> bool:
    """Make one exchange; false where it cannot be made."""
    high = work.excess[out] > 0.0
    sign = 1.0 if high else -1.0
    work.rho[:] = 0.0
    work.rho[out] = 1.0
    _backward(factor, etas, work.rho)
    touched = _pivot_row(programme, work)
    found = _candidates(programme, point, work, touched, sign)
    slope = abs(work.excess[out])
    enters = _entering(programme, point, work, found, sign, slope)
    done = False
    if enters >= 0:
        _shift_basics(programme, factor, etas, point, work)
        leaves = point.head[out]
        step = sign * max(sign * point.d[enters] / work.alpha[enters], 0.0)
        done = _exchange(programme, factor, etas, point, work, out, enters, high)
        for at in range(touched):
            point.d[work.touched[at]] -= step * work.alpha[work.touched[at]]
        point.d[enters], point.d[leaves] = 0.0, -step
    for at in range(touched):
        work.alpha[work.touched[at]] = 0.0
    return done


@_compiled
def _run(programme: Programme, factor: Factor, etas: Etas, point: Point, work: Work) -> bool:
    """Go on to the optimum; false where it is not reached."""
    for _ in range(len(etas.place) - etas.made[0]):
        out = _leaving(work.excess)
        if out < 0:
            return True
        if not _one_step(programme, factor, etas, point, work, out):
            work.shift[:] = 0.0
            return False
    return False


@_compiled
def _certified(programme: Programme, point: Point, work: Work) -> float:
    """Return the least cost where the vertex and its prices prove it, else NaN.

    The prices give a bound below (weak duality), the vertex, within its bounds and rows, one above.
    """
    columns, count = programme.columns, len(programme.cost)
    above, below, slip = 0.0, 0.0, 0.0
    activity = work.column
    activity[:] = 0.0
    for variable in range(count):
        low, high = programme.lower[variable], programme.upper[variable]
        x = min(max(point.x[variable], low), high)
        cost = programme.cost[variable]
        for at in range(columns.start[variable], columns.start[variable + 1]):
            cost += point.d[count + columns.place[at]] * columns.entry[at]
            activity[columns.place[at]] += columns.entry[at] * x
        above += programme.cost[variable] * x
        end = low if cost > 0.0 else high
        if not np.isfinite(end):
            slip = max(slip, abs(cost))
            end = x
        below += cost * end
    for row in range(len(activity)):
        low, high, price = programme.lower[count + row], programme.upper[count + row], point.d[count + row]
        out = max(-activity[row] - high, low + activity[row])
        if out > OUT * max(1.0, abs(activity[row])):
            return np.nan
        end = low if price > 0.0 else high
        if not np.isfinite(end):
            slip = max(slip, abs(price))
            end = -activity[row]
        below += price * end
    if slip > TOGETHER or not abs(above - below) <= GAP * max(1.0, abs(above)):
        return np.nan
    return above


@_compiled
def _start_at(base: Point, point: Point, etas: Etas, work: Work) -> None:
    """Put the point back to the first basis."""
    for variable in range(len(base.x)):  # slices copy as fast, but take seconds to compile
        point.x[variable], point.d[variable] = base.x[variable], base.d[variable]
        point.place[variable] = base.place[variable]
    for place in range(len(base.head)):
        point.head[place] = base.head[place]
        work.excess[place] = 0.0
    etas.made[0] = 0


@_compiled
def _keep(kept: Kept, base: Point, point: Point, etas: Etas) -> bool:
    """Add the point to those kept; false where there is no room left."""
    record = kept.filled[0]
    if record + 1 >= kept.start.shape[1]:
        return False
    whole, real = kept.start[0, record], kept.start[1, record]
    exchanges = etas.made[0]
    entries = etas.columns.start[exchanges]
    room = 4 + len(base.x) + 2 * len(base.head) + 2 * exchanges + entries
    if whole + room > len(kept.whole) or real + 2 * len(base.x) + exchanges + entries > len(kept.real):
        return False
    at = whole + 4
    for variable in range(len(base.x)):
        if point.x[variable] != base.x[variable] or point.d[variable] != base.d[variable]:
            kept.whole[at] = variable
            kept.real[real], kept.real[real + 1] = point.x[variable], point.d[variable]
            at, real = at + 1, real + 2
    kept.whole[whole] = at - whole - 4
    places = 0
    for place in range(len(base.head)):
        if point.head[place] != base.head[place]:
            kept.whole[at], kept.whole[at + 1] = place, point.head[place]
            at, places = at + 2, places + 1
    kept.whole[whole + 1], kept.whole[whole + 2], kept.whole[whole + 3] = places, exchanges, entries
    for eta in range(exchanges):
        kept.whole[at], kept.whole[at + 1] = etas.place[eta], etas.columns.start[eta + 1]
        kept.real[real] = etas.pivot[eta]
        at, real = at + 2, real + 1
    for entry in range(entries):
        kept.whole[at], kept.real[real] = etas.columns.place[entry], etas.columns.entry[entry]
        at, real = at + 1, real + 1
    kept.filled[0] = record + 1
    kept.start[0, record + 1], kept.start[1, record + 1] = at, real
    return True


@_compiled
def _start_from(kept: Kept, record: int, base: Point, point: Point, etas: Etas) -> None:
    """Move a point that is at the first basis to one that was kept."""
    at, real = kept.start[0, record] + 4, kept.start[1, record]
    variables, places = kept.whole[at - 4], kept.whole[at - 3]
    exchanges, entries = kept.whole[at - 2], kept.whole[at - 1]
    for _ in range(variables):
        variable = kept.whole[at]
        point.x[variable], point.d[variable] = kept.real[real], kept.real[real + 1]
        at, real = at + 1, real + 2
    for change in range(places):
        point.place[base.head[kept.whole[at + 2 * change]]] = -1
    for _ in range(places):
        place, variable = kept.whole[at], kept.whole[at + 1]
        point.head[place], point.place[variable] = variable, place
        at += 2
    for eta in range(exchanges):
        etas.place[eta], etas.columns.start[eta + 1] = kept.whole[at], kept.whole[at + 1]
        etas.pivot[eta] = kept.real[real]
        at, real = at + 2, real + 1
    for entry in range(entries):
        etas.columns.place[entry], etas.columns.entry[entry] = kept.whole[at], kept.real[real]
        at, real = at + 1, real + 1
    etas.made[0] = exchanges


@_compiled
def _solve_one(machine: Machine, task: Task, kept: Kept, which: int) -> None:
    """Solve one programme, and put its bounds back."""
    programme, first, point, etas, work = (
        machine.programme,
        machine.first,
        machine.point,
        machine.etas,
        machine.work,
    )
    _start_at(machine.base, point, etas, work)
    if task.start[which] >= 0:
        _start_from(kept, task.start[which], machine.base, point, etas)
    before = etas.made[0]
    if _begin(programme, machine.factor, etas, point, work, task.changes, which) and _run(
        programme, machine.factor, etas, point, work
    ):
        task.values[which] = _certified(programme, point, work)
        for column in range(task.used.shape[1]):
            task.used[which, column] = abs(point.x[column]) > task.unused
        for variable in range(task.prices.shape[1]):
            task.prices[which, variable] = point.d[variable]
    task.steps[which] = etas.made[0] - before
    work.shift[:] = 0.0
    for at in range(task.changes.start[which], task.changes.start[which + 1]):
        variable = task.changes.variable[at]
        programme.lower[variable], programme.upper[variable] = first.lower[variable], first.upper[variable]


def _solve_some(machine: Machine, task: Task, kept: Kept, begins: int) -> int:
    """Solve programmes from ``begins`` on; return the one before which there was no room left to keep points."""
    for which in range(begins, len(task.values)):
        _solve_one(machine, task, kept, which)
        if task.used.shape[1] and not np.isnan(task.values[which]):
            task.record[which] = kept.filled[0]
            if not _keep(kept, machine.base, machine.point, machine.etas):
                return which
    return len(task.values)


solve_some = _compiled(_solve_some, outside=True)
