"""Who is measured: kopir, and its peers on the same problem, each written as its own manual would have it.

Every contestant takes a problem and returns the least cost. A synthetic network is a problem, and so is
the :class:`kopir.model.network.network.Network` of a model; HiGHS is told the same options by all: one thread,
dual simplex, no presolve (which is slower on these problems).
"""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from benchmarks.instances import generator, to_network
from benchmarks.synthetic import Net
from kopir.flow.value import ValueFunction
from kopir.model.network.network import Floats, Kind, Network

OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "presolve": "off",
    "random_seed": 0,
}
Problem = Net | Network
Contestant = Callable[[Any], float]


def kopir(problem: Problem) -> float:
    """Kopir: value function, first solve, and the flow as arrays."""
    network = _network(problem)
    function = ValueFunction(network)
    return -function.solve(function.situation(network.limits.capacity.usable)).value


def raw_highspy(problem: Problem) -> float:
    """Highspy with one sparse matrix built by hand and passed as arrays: as little as can be done."""
    if isinstance(problem, Network):
        programme = _programme_of(_network(problem))
    else:
        programme = generator().programme(problem)
    highs = pass_programme(programme)
    assert highs.run() == highspy.HighsStatus.kOk
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert len(np.array(highs.getSolution().col_value)) == len(programme["c"])
    return float(highs.getInfo().objective_function_value)


def linopy(problem: Problem) -> float:
    """Linopy, with grouped sums for the rows and direct passing to highspy."""
    import linopy as peer
    import pandas as pd
    import xarray as xr

    network = _network(problem)
    activities = network.activities
    model = peer.Model()
    use = model.add_variables(
        lower=0, upper=activities.amount, coords=[pd.RangeIndex(len(activities), name="activity")], name="use"
    )

    def rows(matrix: Any) -> Any:
        row, column, share = matrix.entries
        terms = use.isel(activity=xr.DataArray(column, dims="entry")) * xr.DataArray(share, dims="entry")
        return terms.groupby(xr.DataArray(row, dims="entry", name="row")).sum()

    model.add_constraints(rows(network.incidence) == 0, name="balance")
    model.add_constraints(rows(network.limits.share) <= network.limits.capacity.usable, name="limit")
    if len(network.needs.amount):
        model.add_constraints(rows(network.needs.share) >= network.needs.amount, name="need")
    model.add_objective((use * activities.cost).sum())
    return _solve_linopy(model)


def pypsa(problem: Problem) -> float:
    """PyPSA as its users call it: ``n.optimize()``, which writes the solution back into the network."""
    network = _network(problem)
    grid = _pypsa_network(network)
    grid.optimize(
        solver_name="highs",
        solver_options=OPTIONS,
        io_api="direct",
        progress=False,
        log_to_console=False,
        include_objective_constant=False,
        extra_functionality=lambda grid, _: _add_shared_limits(grid.model, network),
    )
    return float(grid.objective)


def pypsa_build_and_solve(problem: Problem) -> float:
    """PyPSA without writing back: network, ``n.optimize.create_model()``, ``model.solve()``."""
    network = _network(problem)
    grid = _pypsa_network(network)
    model = grid.optimize.create_model(include_objective_constant=False)
    _add_shared_limits(model, network)
    return _solve_linopy(model)


CONTESTANTS: dict[str, Contestant] = {
    "highspy": raw_highspy,
    "kopir": kopir,
    "linopy": linopy,
    "pypsa model": pypsa_build_and_solve,
    "pypsa optimize": pypsa,
}
REFERENCE = "highspy"


def installed(names: list[str]) -> list[str]:
    """Return those of ``names`` whose library is installed."""
    return [name for name in names if importlib.util.find_spec(name.split()[0]) is not None]


def pass_programme(programme: dict[str, Any]) -> highspy.Highs:
    """Return HiGHS holding a programme of arrays ``c, A, rl, ru, lb, ub``, with the options of all."""
    highs, matrix = highspy.Highs(), programme["A"]
    for option, value in OPTIONS.items():
        assert highs.setOptionValue(option, value) == highspy.HighsStatus.kOk
    rows, columns = matrix.shape
    kinds = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
    bounds = (programme[part] for part in ("c", "lb", "ub", "rl", "ru"))
    entries = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data
    continuous = np.zeros(columns, dtype=np.int32)
    passed = highs.passModel(columns, rows, matrix.nnz, *kinds, 0.0, *bounds, *entries, continuous)
    assert passed == highspy.HighsStatus.kOk
    return highs


def _network(problem: Problem) -> Network:
    """Return a network that has worked nothing out yet."""
    return replace(problem) if isinstance(problem, Network) else to_network(problem)


def _programme_of(network: Network) -> dict[str, Any]:
    parts = [network.incidence, network.limits.share, network.needs.share]
    balances, limits, needs = (np.full(part.shape[0], np.inf) for part in parts)
    return {
        "c": network.activities.cost,
        "A": sparse.vstack([part.scipy() for part in parts], format="csc"),
        "rl": np.concatenate([np.zeros(len(balances)), -limits, network.needs.amount]),
        "ru": np.concatenate([np.zeros(len(balances)), network.limits.capacity.usable, needs]),
        "lb": np.zeros(len(network.activities)),
        "ub": network.activities.amount,
    }


def _solve_linopy(model: Any) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        status, condition = model.solve(solver_name="highs", io_api="direct", progress=False, **OPTIONS)
    assert (status, condition) == ("ok", "optimal")
    return float(model.objective.value)


def _pypsa_network(network: Network) -> Any:
    """Return a PyPSA network: a bus for each balance row, links, and generators that supply, sell or fail.

    PyPSA knows no needs and no capacity that links share, so both are added to its model afterwards.
    """
    import pypsa as peer

    for library in ("pypsa", "linopy"):
        logging.getLogger(library).setLevel(logging.ERROR)
    activities, names = network.activities, np.arange(len(network.activities)).astype(str)
    grid = peer.Network()
    grid.add("Bus", np.arange(network.balances).astype(str))
    grid.add("Bus", "nowhere")
    between = (activities.taken >= 0) & (activities.put >= 0)
    most = np.where(np.isfinite(activities.amount), activities.amount, _everything(network))
    grid.add(
        "Link",
        names[between],
        bus0=activities.taken[between].astype(str),
        bus1=activities.put[between].astype(str),
        efficiency=activities.gain[between],
        marginal_cost=activities.cost[between],
        p_nom=most[between],
    )
    ends = np.maximum(activities.taken, activities.put)[~between]
    grid.add(
        "Generator",
        names[~between],
        bus=np.where(ends >= 0, ends.astype(str), "nowhere"),
        sign=np.where(activities.taken[~between] >= 0, -1.0, np.where(ends >= 0, activities.gain[~between], 0.0)),
        marginal_cost=activities.cost[~between],
        p_nom=most[~between],
    )
    return grid


def _everything(network: Network) -> float:
    return float(network.activities.amount[network.of_kind(Kind.SUPPLY)].sum()) * 10


def _add_shared_limits(model: Any, network: Network) -> None:
    import xarray as xr

    activities = network.activities
    between = (activities.taken >= 0) & (activities.put >= 0)
    place = np.where(between, np.cumsum(between), np.cumsum(~between)) - 1
    links, generators = model["Link-p"].isel(snapshot=0), model["Generator-p"].isel(snapshot=0)

    def rows(matrix: Any, variable: Any, chosen: Any) -> Any:
        row, column, share = matrix.entries
        own = chosen[column]
        picked = variable.isel(name=xr.DataArray(place[column[own]], dims="entry"))
        terms = picked * xr.DataArray(share[own], dims="entry")
        return terms.drop_vars("name").groupby(xr.DataArray(row[own], dims="entry", name="row")).sum()

    def bounds(amounts: Floats, expression: Any) -> Any:
        return xr.DataArray(amounts, dims="row").isel(row=expression.coords["row"].values)

    limit = rows(network.limits.share, links, between)
    model.add_constraints(limit <= bounds(network.limits.capacity.usable, limit), name="limit")
    if len(network.needs.amount):
        need = rows(network.needs.share, generators, ~between)
        model.add_constraints(need >= bounds(network.needs.amount, need), name="need")
