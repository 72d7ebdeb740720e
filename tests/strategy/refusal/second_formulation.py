"""Loss of residents, sensitivity and leverage a second time, from rows of tables and the page on methods alone.

Nothing of ``kopir`` is imported. The family of folders is small enough to be written out: each owner has one
supply, goods are not lost on the way, every link carries every owner and has a record for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import linprog, lsq_linear

MULTIPLES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0)
MARGIN = 0.05
OWNERS = ("KAZ", "RUS")
LINKS = {
    "FH": ("F", "H"),
    "GH": ("G", "H"),
    "HA": ("H", "A"),
    "HB": ("H", "B"),
    "HC": ("H", "C"),
    "FB": ("F", "B"),
}
MARKETS = ("A", "B", "C")
Rows = dict[str, list[dict]]


def drawn(seed: int) -> Rows:
    """Return rows of a model whose recorded flows keep every balance, with slack, and not the cheapest way."""
    rng = np.random.default_rng(seed)
    figure = lambda low, high: round(float(rng.uniform(low, high)), 3)  # noqa: E731
    sent = {("KAZ", way): figure(1, 9) for way in ("A", "B", "C", "FB")}
    sent |= {("RUS", way): figure(0.5, 3) for way in ("A", "B", "C")}
    flows = dict.fromkeys(product(LINKS, OWNERS), 0.0)
    for (owner, way), amount in sent.items():
        first = "FH" if owner == "KAZ" else "GH"
        for link in ("FB",) if way == "FB" else (first, f"H{way}"):
            flows[link, owner] = round(flows[link, owner] + amount, 3)
    loads = {link: sum(flows[link, owner] for owner in OWNERS) for link in LINKS}
    made = {owner: round(sum(amount for (who, _), amount in sent.items() if who == owner), 3) for owner in OWNERS}
    basis = {"basis": "drawn"}
    return {
        "jurisdictions": [{"jurisdiction": name, "kind": "state"} for name in ("KAZ", "RUS", "CHN", "TUR")],
        "functions": [{"function": "oil_export", "kind": "network"}],
        "commodities": [{"commodity": "crude", "unit": "Mt"}],
        "nodes": [{"node": node, "kind": "hub", "territory": "KAZ"} for node in ("F", "G", "H", *MARKETS)],
        "links": [
            {"link": link, "from_node": first, "to_node": last, "mode": "rail"}
            for link, (first, last) in LINKS.items()
        ],
        "carries": [
            {"link": link, "commodity": "crude", "cost": figure(2, 40)}
            | {"nameplate": round(loads[link] * float(rng.choice([1.0, 1.15, 2.0])) + (link == "FB") * 0.5, 3)}
            | basis
            for link in LINKS
        ],
        "charges": [
            {"charge": f"C{number}", "asset_type": "link", "asset": link, "beneficiary": to, "account": "firms"}
            | {"amount": figure(1, 12)}
            | basis
            for number, (link, to) in enumerate((("FH", "KAZ"), ("GH", "KAZ"), ("HA", "TUR"), ("FB", "CHN")))
        ],
        "supplies": [
            {"supply": f"OF_{owner}", "node": node, "commodity": "crude", "owner": owner, "cost": figure(10, 60)}
            | {"amount": round(made[owner] * float(rng.choice([1.0, 1.2])), 6), "state_take": figure(0.2, 0.6)}
            | {"foreign_share": figure(0, 0.7)}
            | basis
            for owner, node in zip(OWNERS, ("F", "G"), strict=True)
        ],
        "markets": [
            {"market": f"{node}_{owner}", "node": node, "commodity": "crude", "owner": owner}
            | {"price": figure(300, 480), "depth": figure(30, 60)}
            | basis
            for node, owner in product(MARKETS, OWNERS)
        ],
        "baseline_flows": [
            {"asset_type": "link", "asset": link, "commodity": "crude", "owner": owner, "period": 2025}
            | {"value": flow, "elasticity": figure(1, 20) if flow else ""}
            | basis
            for (link, owner), flow in flows.items()
        ],
        "denial": [
            {"asset_type": "link", "asset": link, "clause": clause, "effectiveness_low": most}
            | {
                "effectiveness_high": most,
                "basis_kind": "territory",
                "legal_basis": "drawn",
                "function": "oil_export",
            }
            for link, clause, most in (("HA", "TUR", 1), ("HB", "TUR", 0.5), ("FB", "CHN", 1), ("HB", "CHN", 0.25))
        ],
    }


@dataclass(frozen=True)
class Column:
    """One thing that an owner does: move on a link, produce, or sell."""

    name: str
    owner: str
    takes: tuple[str, str] | None
    puts: tuple[str, str] | None
    cost: float
    most: float
    use: float
    elasticity: float | None


class Second:
    """The folder of :func:`drawn`, calibrated and asked from its definition."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns = self._columns()
        self.rooms = {row["link"]: row["nameplate"] for row in rows["carries"]}
        self.use = np.array([column.use for column in self.columns])
        corrected, price = self._corrected()
        self.steps = [
            step for number in range(len(self.columns)) for step in self._rising(number, corrected, price)
        ]

    def _columns(self) -> list[Column]:
        rows = self.rows
        ends = {row["link"]: (row["from_node"], row["to_node"]) for row in rows["links"]}
        record = {(row["asset"], row["owner"]): row for row in rows["baseline_flows"]}
        charge = {row["asset"]: row["amount"] for row in rows["charges"]}
        columns = []
        for row, owner in product(rows["carries"], OWNERS):
            (first, last), seen = ends[row["link"]], record[row["link"], owner]
            cost = row["cost"] + charge.get(row["link"], 0)
            where = (first, owner), (last, owner)
            columns.append(
                Column(row["link"], owner, *where, cost, np.inf, seen["value"], seen["elasticity"] or None)
            )
        net = {
            (node, owner): sum(
                record[link, owner]["value"] * ((last == node) - (first == node))
                for link, (first, last) in ends.items()
            )
            for node, owner in product(("F", "G", *MARKETS), OWNERS)
        }
        for row in rows["supplies"]:
            at = row["node"], row["owner"]
            columns.append(
                Column(row["supply"], row["owner"], None, at, row["cost"], row["amount"], -net[at], None)
            )
        for row in rows["markets"]:
            at = row["node"], row["owner"]
            columns.append(
                Column(row["market"], row["owner"], at, None, -row["price"], row["depth"], net[at], None)
            )
        return columns

    def _corrected(self) -> tuple[np.ndarray, dict]:
        """Return corrected costs and prices: least squares over tonnes, prices and rents held down by a ridge."""
        places = sorted({end for column in self.columns for end in (column.takes, column.puts) if end})
        tight = [
            link
            for link, room in self.rooms.items()
            if sum(column.use for column in self.columns if column.name == link) >= room - 1e-5 * max(1, room)
        ]
        full = [
            number
            for number, column in enumerate(self.columns)
            if column.use > 0 and column.use >= column.most - 1e-5 * max(1, min(column.most, 1e9))
        ]
        unused = [number for number, column in enumerate(self.columns) if column.use <= 0]
        width = len(places) + len(tight) + len(full) + len(unused)
        matrix, start = np.zeros((len(self.columns), width)), np.zeros(len(self.columns))
        for number, column in enumerate(self.columns):
            start[number] = -column.cost + (MARGIN if column.use <= 0 else 0.0)
            for end, sign in ((column.puts, 1.0), (column.takes, -1.0)):
                if end:
                    matrix[number, places.index(end)] += sign
            if column.name in tight:
                matrix[number, len(places) + tight.index(column.name)] = -1.0
            if number in full:
                matrix[number, len(places) + len(tight) + full.index(number)] = -1.0
            if number in unused:
                matrix[number, len(places) + len(tight) + len(full) + unused.index(number)] = 1.0
        kind = np.array(
            [1.0 if one.elasticity else 1e2 if one.takes and one.puts else 1e4 for one in self.columns]
        )
        weight = np.sqrt(kind * np.maximum(self.use / self.use.max(), 0.01))
        ridge = np.concatenate([
            np.full(len(places), 1e-7), np.full(len(tight), 1e-6),
            [1e-3 if self.columns[number].puts is None else 1e-6 for number in full], np.zeros(len(unused)),
        ])  # fmt: skip
        lower = np.where(np.arange(width) < len(places), -np.inf, 0.0)
        found = lsq_linear(
            np.vstack([weight[:, None] * matrix, np.diag(np.sqrt(ridge))]),
            np.concatenate([-weight * start, np.zeros(width)]),
            bounds=(lower, np.full(width, np.inf)),
            method="bvls",
            tol=1e-14,
            max_iter=10_000,
        ).x
        correction = start + matrix @ found
        prices = dict(zip(places, found, strict=False))
        return np.array([column.cost for column in self.columns]) + correction, prices

    def _rising(self, number: int, corrected: np.ndarray, price: dict) -> list[tuple[int, float, float]]:
        """Return the steps (column, width, cost) of one column."""
        column, height = self.columns[number], corrected[number]
        if not (column.elasticity and column.use > 0):
            return [(number, np.inf, height)]
        slope = abs(price[column.puts]) / (column.elasticity * column.use)
        floor = min(column.cost, height - MARGIN)
        steps = []
        for low, high in zip(MULTIPLES, (*MULTIPLES[1:], np.inf), strict=True):
            middle = low if np.isinf(high) else (low + high) / 2
            at = height + slope * (middle - 1) * column.use
            at = max(at, height + MARGIN) if low >= 1 else max(min(at, height - MARGIN), floor)
            steps.append((number, (high - low) * column.use, at))
        return steps

    def solve(self, bound: dict[int, float]) -> tuple[float, np.ndarray]:
        """Return value and use when columns may move no more than ``bound`` says."""
        of = np.array([number for number, *_ in self.steps])
        rows, most = [], []
        for number, column in enumerate(self.columns):
            limit = min(column.most, bound.get(number, np.inf))
            if np.isfinite(limit):
                rows.append(of == number)
                most.append(limit)
        for link, room in self.rooms.items():
            rows.append(np.isin(of, [number for number, column in enumerate(self.columns) if column.name == link]))
            most.append(room)
        places = sorted({end for column in self.columns for end in (column.takes, column.puts) if end})
        equal = [
            [(self.columns[number].puts == place) - (self.columns[number].takes == place) for number in of]
            for place in places
        ]
        found = linprog(
            [cost for *_, cost in self.steps],
            A_ub=np.array(rows, dtype=float),
            b_ub=most,
            A_eq=np.array(equal, dtype=float),
            b_eq=np.zeros(len(places)),
            bounds=[(0, width) for _, width, _ in self.steps],
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        assert found.status == 0, found.message
        return -float(found.fun), np.bincount(of, found.x, len(self.columns))

    def residents(self, use: np.ndarray) -> float:
        """Return what residents of KAZ have of a flow: profit less what goes abroad, and charges received."""
        profit = -sum(use[number] * one.cost for number, one in enumerate(self.columns) if one.owner == "KAZ")
        [field] = [row for row in self.rows["supplies"] if row["owner"] == "KAZ"]
        own = profit - profit * (1 - field["state_take"]) * field["foreign_share"]
        charges = {row["asset"]: row["amount"] for row in self.rows["charges"] if row["beneficiary"] == "KAZ"}
        return own + sum(use[number] * charges.get(one.name, 0) for number, one in enumerate(self.columns))

    def asked(self, party: str, severity: float) -> dict[str, float]:
        """Return what a refusal costs."""
        kept: dict[str, float] = {}
        for row in self.rows["denial"]:
            if row["clause"] == party:
                kept[row["asset"]] = kept.get(row["asset"], 1.0) * (1 - severity * row["effectiveness_low"])
        value, usual = self.solve({})
        refused = {
            number: kept[one.name] * usual[number] for number, one in enumerate(self.columns) if one.name in kept
        }
        after, then = self.solve(refused)
        held, _ = self.solve({number: refused.get(number, usual[number]) for number in range(len(self.columns))})
        return {
            "sensitivity_musd": value - held,
            "leverage_musd": value - after,
            "income_musd": self.residents(usual) - self.residents(then),
        }
