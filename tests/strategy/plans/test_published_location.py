"""The location-transportation problem of Zeng & Zhao (2013) by the column-and-constraint generation of plans.

Operations Research Letters 41(5): three sites are opened and given room, then demand, which is uncertain within a
polyhedron, is served from them at least cost. The published optimum is 33,680; the first bounds are those of its
first round: the cheapest room for the largest demand, and what the worst demand makes of it.
"""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from benchmarks.extensive_form import as_programme
from kopir.flow.program import LinearProgramme, Program
from kopir.strategy.plans.generation import least_worst

OPENING = np.array([400.0, 414.0, 326.0])
ROOM_COST = np.array([18.0, 25.0, 20.0])
ROOM = 800.0
HAULAGE = np.array([[22.0, 33.0, 24.0], [33.0, 23.0, 30.0], [20.0, 25.0, 27.0]])  # sites x customers
DEMAND, MORE = np.array([206.0, 274.0, 220.0]), 40.0
NEEDED = DEMAND.sum() + 1.8 * MORE  # 772: every demand can be served


def demands():
    """The corners of the demands: each up to 40 more, 1.8 times 40 in all, 1.2 times 40 at the first two."""
    rows = np.vstack([np.eye(3), -np.eye(3), [[1, 1, 1], [1, 1, 0]]])
    ends = np.array([1, 1, 1, 0, 0, 0, 1.8, 1.2])
    corners = set()
    for three in combinations(range(8), 3):
        part = rows[list(three)]
        if abs(np.linalg.det(part)) > 1e-9:
            corner = np.linalg.solve(part, ends[list(three)])
            if (rows @ corner <= ends + 1e-9).all():
                corners.add(tuple(np.round(corner, 9)))
    return DEMAND + MORE * np.array(sorted(corners))


SENT = sparse.kron(np.eye(3), np.ones((1, 3)))  # what leaves each site
SERVED = sparse.kron(np.ones((1, 3)), np.eye(3))  # what reaches each customer


def haulage(room, demand):
    """The least cost of serving a demand from the room at the sites."""
    programme = LinearProgramme(
        cost=HAULAGE.ravel(),
        matrix=as_programme(sparse.vstack([SENT, SERVED])),
        row_lower=np.concatenate([np.full(3, -np.inf), demand]),
        row_upper=np.concatenate([room, np.full(3, np.inf)]),
        lower=np.zeros(9),
        upper=np.full(9, np.inf),
    )
    return Program(programme).solve_value()


class Sites:
    """The master: sites opened (0 or 1), room, the worst haulage, and a haulage for each demand so far."""

    def __init__(self, corners):
        self.corners, self.known = corners, []

    def add(self, attack):
        self.known.append(attack)

    def best(self):
        copies = len(self.known)
        blank = lambda height, width: sparse.csr_array((height, width))  # noqa: E731
        rows = [sparse.hstack([-ROOM * np.eye(3), np.eye(3), blank(3, 1 + 9 * copies)])]  # room only where open
        rows += [sparse.hstack([blank(1, 3), np.ones((1, 3)), blank(1, 1 + 9 * copies)])]
        lower, upper = [np.full(3, -np.inf), [NEEDED]], [np.zeros(3), [np.inf]]
        for place, attack in enumerate(self.known):
            before, after = blank(7, 9 * place), blank(7, 9 * (copies - place - 1))
            flows = sparse.vstack([SENT, SERVED, -HAULAGE.reshape(1, 9)])
            room = sparse.vstack([-np.eye(3), blank(4, 3)])
            worst = sparse.csr_array(np.array([[0.0]] * 6 + [[1.0]]))
            rows.append(sparse.hstack([blank(7, 3), room, worst, before, flows, after]))
            lower.append(np.concatenate([np.full(3, -np.inf), self.corners[attack], [0.0]]))
            upper.append(np.concatenate([np.zeros(3), np.full(4, np.inf)]))
        columns = 7 + 9 * copies
        programme = LinearProgramme(
            cost=np.concatenate([OPENING, ROOM_COST, [1.0], np.zeros(9 * copies)]),
            matrix=as_programme(sparse.vstack(rows)),
            row_lower=np.concatenate(lower),
            row_upper=np.concatenate(upper),
            lower=np.zeros(columns),
            upper=np.concatenate([np.ones(3), np.full(columns - 3, np.inf)]),
            integral=np.arange(columns) < 3,
        )
        found = Program(programme).solve()
        return found.columns[:6], found.objective


def test_the_published_optimum_and_its_first_bounds():
    corners = demands()

    def judge(plan):
        costs = np.array([haulage(plan[3:], demand) for demand in corners])
        first = OPENING @ np.round(plan[:3]) + ROOM_COST @ plan[3:]
        return first + costs.max(), np.flatnonzero(costs >= costs.max() - 1e-6).tolist()

    found = least_worst(Sites(corners), judge, slack=1e-6)
    assert found.proven
    assert found.worst == pytest.approx(33_680)
    assert found.rounds[0] == (pytest.approx(14_296), pytest.approx(35_238))
    assert len(found.rounds) <= 4
    assert np.round(found.plan[:3]).tolist() == [1, 0, 1]
    assert found.plan[3:].sum() == pytest.approx(NEEDED)
