"""Files of all states in pieces: the same as a plain reading, whoever works on them and wherever the cuts fall."""

from __future__ import annotations

import csv
from collections import defaultdict
from fractions import Fraction
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.world_trade import write_world
from kopir.core.codes import codes
from kopir.core.errors import InputError
from kopir.model.trade_files import pieces
from kopir.model.trade_files.bilateral import read_bilateral
from kopir.model.trade_files.every_state import every_state
from kopir.model.trade_files.exits import exits, landlocked
from kopir.model.trade_files.ranks import rank_intervals
from kopir.model.trade_files.substitutes import substitutes
from kopir.model.trade_files.trade_areas import state_of

HEAD = "t,i,j,k,v,q"


def naive(path: Path) -> dict[tuple[str, str, str, str], Fraction]:
    """Million USD by year, state, partner and flow, row by row."""
    found: dict[tuple[str, str, str, str], Fraction] = defaultdict(Fraction)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seller, buyer = state_of(row["i"]), state_of(row["j"])
            if seller == buyer:
                continue
            value = Fraction(row["v"].strip()) / 1000
            for state, partner, flow in ((seller, buyer, "export"), (buyer, seller, "import")):
                if state and partner and value:
                    found[row["t"].strip(), state, partner, flow] += value
    return found


def table(path: Path) -> dict[tuple[str, str, str, str], float]:
    rows = every_state([path]).table.select("year", "state", "partner", "flow", "value_musd").rows()
    return {(year, state, partner, flow): value for year, state, partner, flow, value in rows}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "w.csv"
    write_world(path, rows=3000, seed=5)
    return path


@pytest.mark.parametrize(
    "size", [pytest.param(700, marks=pytest.mark.slow), 4099, pytest.param(2**25, marks=pytest.mark.slow)]
)
def test_pieces_say_what_a_plain_reading_says(made: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(pieces, "PIECE", size)
    plain = naive(made)
    found = table(made)
    assert found == {key: pytest.approx(float(value), abs=1e-9) for key, value in plain.items()}
    for (year, state, flow), rows in every_state([made]).table.group_by("year", "state", "flow"):
        whole = sum(value for key, value in plain.items() if (key[0], key[1], key[3]) == (year, state, flow))
        assert rows["concentration"][0] == pytest.approx(
            float(
                sum(
                    (value / whole) ** 2
                    for key, value in plain.items()
                    if (key[0], key[1], key[3]) == (year, state, flow)
                )
            )
        )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ends with a line end", "does not"])
def test_cells_as_files_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, last: bool
) -> None:
    """Padded figures, zeros before codes, quoted cells, missing tonnes: read cell by cell."""
    rows = [
        "2023,004,156,10121,      3.848,     0.105",
        '2023,"156",4,999999,0.001,NA',
        "2023,156,004,010121,1e3,",
        "2023,251,156,010121,5,1",
        "2023,250,156,010121,7,1",
        "2023,839,156,010121,2,1",
    ]
    path = tmp_path / "w.csv"
    path.write_bytes((ending.join([HEAD, *rows]) + (ending if last else "")).encode())
    expected = {key: pytest.approx(float(value)) for key, value in naive(path).items()}
    assert expected["2023", "CHN", "FRA", "import"] == 0.012
    for size in (20, 47, 10_000):
        monkeypatch.setattr(pieces, "PIECE", size)
        assert table(path) == expected


def test_faults_have_the_line_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.csv"
    rows = ["2023,643,398,010121,5,1"] * 30
    rows[17], rows[25] = "2023,643,398,010121,five,1", "023,643,398,010121,5,1"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    for size in (50, 10_000):
        monkeypatch.setattr(pieces, "PIECE", size)
        with pytest.raises(InputError) as caught:
            every_state([path])
        assert [(one.line, one.code, one.column, one.value) for one in caught.value.faults] == [
            (19, "K0205", "v", "five"),
            (27, "K0210", "t", "023"),
        ]


def test_a_cell_with_a_line_break_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.csv"
    path.write_text(f'{HEAD}\n2023,643,398,010121,5,"1\n2"\n', encoding="utf-8")
    monkeypatch.setattr(pieces, "PIECE", 20)
    with pytest.raises(InputError, match="K0105 a quoted cell holds a line break"):
        every_state([path])


def test_an_extract_with_letters_and_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame(
        {
            "year": [2023, 2023, 2024],
            "exporter": ["KAZ", "RUS", "KAZ"],
            "importer": ["CHN", "CHN", "CHN"],
            "hs6": [270900, 270900, 260300],
            "value_kusd": [1000.5, 3000.0, 10.0],
            "quantity_t": [2.0, None, 1.0],
        }
    )
    frame.write_csv(tmp_path / "e.csv")
    frame.write_parquet(tmp_path / "e.parquet")
    monkeypatch.setattr(pieces, "PIECE_ROWS", 2)
    csv_table, parquet_table = (every_state([tmp_path / f"e.{kind}"]) for kind in ("csv", "parquet"))
    assert csv_table.table.equals(parquet_table.table)
    assert csv_table.chapters == 2
    assert table(tmp_path / "e.parquet")["2023", "CHN", "KAZ", "import"] == pytest.approx(1.0005)
    frame.drop("exporter").write_parquet(tmp_path / "n.parquet")
    with pytest.raises(InputError, match=r"n\.parquet:1 K0351"):
        every_state([tmp_path / "n.parquet"])


figures = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=9)


@given(figures)
def test_ranks_are_those_that_some_figures_within_the_ends_have(ends: list[tuple[int, int]]) -> None:
    low, high = [a for a, _ in ends], [a + b for a, b in ends]
    found = rank_intervals(low, high)
    for here, (best, worst) in enumerate(found):
        others = [at for at in range(len(ends)) if at != here]
        assert best == 1 + sum(low[at] > high[here] for at in others)
        assert worst == len(ends) - sum(high[at] < low[here] for at in others)


def test_a_tie_is_told_and_ends_of_shares_are_reached(tmp_path: Path) -> None:
    """100, 95 and 50: with a tenth off the first two cannot be told apart, the third is third."""
    path = tmp_path / "w.csv"
    rows = [f"2023,{seller},688,010121,{value},1" for seller, value in ((156, 100), (276, 95), (643, 50))]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    rows = every_state([path], off=0.1).table.filter(state="SRB").rows(named=True)
    assert [(one["partner"], one["rank_best"], one["rank_worst"]) for one in rows] == [
        ("CHN", 1, 2),
        ("DEU", 1, 2),
        ("RUS", 3, 3),
    ]
    assert rows[0]["share_low"] == pytest.approx(90 / (90 + 1.1 * 145))
    assert rows[0]["share_high"] == pytest.approx(110 / (110 + 0.9 * 145))
    certain = every_state([path], off=0).table.filter(state="SRB")
    assert certain["rank_best"].to_list() == certain["rank_worst"].to_list() == [1, 2, 3]
    with pytest.raises(InputError, match="K0505"):
        every_state([path], off=1)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask distributed is not installed")
def test_workers_and_a_cluster_by_address_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    path = tmp_path / "w.csv"
    write_world(path, rows=20_000, seed=2)
    monkeypatch.setattr(pieces, "PIECE", 2**17)
    alone = every_state([path]).table.write_csv()
    assert every_state([path], workers=2).table.write_csv() == alone
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        assert every_state([path], scheduler=address).table.write_csv() == alone
        path.write_text(path.read_text("utf-8") + "2023,643,398,010121,five,1\n", encoding="utf-8")
        with pytest.raises(InputError, match="K0205"):
            every_state([path], scheduler=address)


def rows_of(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["year", "seller", "group", "value_musd"], orient="row")


def test_who_else_sells_by_hand() -> None:
    """60 of gas from Russia, 40 from Norway, which sells 140 in all; Algeria sells 100, up from 50."""
    bought = pl.DataFrame({"group": ["gas", "gas"], "partner": ["RUS", "NOR"], "value_musd": [60.0, 40.0]})
    sold = rows_of(
        ("2022", "RUS", "gas", 500.0), ("2022", "NOR", "gas", 150.0), ("2022", "DZA", "gas", 50.0),
        ("2023", "RUS", "gas", 300.0), ("2023", "NOR", "gas", 140.0), ("2023", "DZA", "gas", 100.0),
        ("2023", "SRB", "gas", 7.0), ("2023", "", "gas", 9.0), ("2023", "NOR", "coal", 1.0),
    )  # fmt: skip
    found = {row["partner"]: row for row in substitutes(bought, sold, "SRB").rows(named=True)}
    russia = found["RUS"]
    assert (russia["bought_pct"], russia["others_musd"], russia["other_sellers"]) == (60, 200, 2)
    assert (russia["next_seller"], russia["next_pct"], russia["needed_pct"]) == ("NOR", 50, 30)
    assert russia["grew_pct"] == pytest.approx(20)
    assert found["NOR"]["others_musd"] == pytest.approx(300 - 60 + 100)
    alone = substitutes(bought, sold.filter(year="2023"), "SRB")
    assert alone["grew_pct"].to_list() == [None, None], "one year tells no growth"
    nobody = substitutes(bought, sold.filter(seller="RUS"), "SRB").filter(partner="RUS").row(0, named=True)
    assert (nobody["others_musd"], nobody["needed_pct"], nobody["next_seller"]) == (0, None, None)


def test_what_all_sell_is_what_a_plain_reading_adds_up(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 5003)
    found = read_bilateral(made, "SRB", lambda product: (product[:2], "all"))
    plain: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    with made.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for group in (row["k"].zfill(6)[:2], "all"):
                plain[state_of(row["i"]) or "", group] += Fraction(row["v"]) / 1000
    assert found.sold is not None
    sold = {
        (seller, group): value
        for seller, group, value in found.sold.select("seller", "group", "value_musd").rows()
    }
    assert sold == {key: pytest.approx(float(value)) for key, value in plain.items()}


@pytest.mark.parametrize(
    ("state", "locked", "nearest"),
    [
        ("MNG", True, [("CHN", 1), ("RUS", 1)]),
        ("UZB", True, [("AFG", 2), ("KAZ", 2), ("KGZ", 2), ("TJK", 2), ("TKM", 2)]),
        ("LIE", True, [("AUT", 2), ("CHE", 2)]),
        ("LSO", True, [("ZAF", 1)]),
        ("PRT", False, [("ESP", 1)]),
        ("FJI", False, []),
        ("XXX", None, []),
    ],
)
def test_ways_to_the_sea(state: str, locked: bool | None, nearest: list[tuple[str, int]]) -> None:
    assert landlocked(state) is locked
    assert [(one.neighbour, one.borders) for one in exits(state)] == nearest


def test_a_neighbour_that_leads_only_back_is_no_exit() -> None:
    """Portugal has a coast; Andorra reaches it by Spain or France, San Marino by Italy alone."""
    assert [one.through for one in exits("AND")] == [("ESP",), ("FRA",)]
    assert [(one.neighbour, one.borders) for one in exits("ZAF")][-1] == ("LSO", None)


def test_borders_are_told_from_both_sides_and_of_registered_states() -> None:
    text = files("kopir.core").joinpath("data/land_borders.csv").read_text(encoding="utf-8")
    table = {row["state"]: row for row in csv.DictReader(text.splitlines())}
    pairs = {(state, other) for state, row in table.items() for other in row["neighbours"].split()}
    assert pairs == {(other, state) for state, other in pairs}
    assert set(table) <= set(codes("states"))
    assert sum(row["sea"] != "yes" for row in table.values()) == 45
