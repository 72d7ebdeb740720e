"""Quotes and places of facts: the words beside a figure say the figure, and lead to it."""

import csv
import re
from importlib.resources import files

import polars as pl
import pytest

from kopir.facts.claimed._quotes import quote_agrees
from tests.facts.shared import SHARED, needs_shared

MODELS = ("azerbaijan", "kazakhstan", "uzbekistan")


def rows(model):
    text = files("kopir.model.bundled").joinpath(model, "facts.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("quote", "value", "agrees"),
    [
        ("$560 million", 548_671_172, False),
        ("$560 million", 560e6, True),
        ("exports came to $560 million in 2024", 548_671_172, False),
        ("almost 30 bn", 28e9, False),
        ("17,2 млрд долларов", 17.2e9, True),
        ("17,2 млрд долларов", 17.23e9, True),
        ("17,2 млрд долларов", 17.3e9, False),
        ("785 000 t", 785_000, True),
        ("785.000 t", 785_000, True),
        ("1,300 tonnes", 1_300_000, True),
        ("in 1991", 1991, True),
        ("in fünf Jahren", 5, True),
        ("83 %", 83, True),
        ("83 %", 6, False),
    ],
)
def test_a_quote_says_its_value_or_does_not(quote, value, agrees):
    assert quote_agrees(quote, value) is agrees


@pytest.mark.parametrize("model", MODELS)
def test_quotes_of_bundled_facts_say_their_values(model):
    ends = ("value", "low", "high")
    assert [
        row["fact"]
        for row in rows(model)
        if row["quote"]
        and not quote_agrees(row["quote"], *(float(row[end]) if row[end] else None for end in ends))
    ] == []


PLACES = re.compile(
    r"rows? .*|data/.*, row .*"
    r"|\w+\.txt, characters \d+-\d+|paragraph that gives the figure|table .+, row .+, column .+|section .+"
    r"|list of .+, .+"
)
"""How a place is told: rows of a data set, characters of a text; of a page paragraph, table, section or list."""


@pytest.mark.parametrize(("model", "placed"), [("azerbaijan", 318), ("kazakhstan", 529), ("uzbekistan", 242)])
def test_places_are_exact_and_do_not_get_fewer(model, placed):
    told = [row for row in rows(model) if row["place"]]
    assert [row["fact"] for row in told if not PLACES.fullmatch(row["place"])] == []
    assert len(told) >= placed


@needs_shared
def test_quotes_of_the_seeds_stand_where_their_place_says():
    for row in rows("kazakhstan"):
        place = re.fullmatch(r"(\d{3}_\w+\.txt), characters (\d+)-(\d+)", row["place"])
        if place:
            text = (SHARED / "evidence/seeds" / place[1]).read_text("utf-8")
            assert " ".join(text[int(place[2]) : int(place[3])].split()) == row["quote"], row["fact"]


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_rows_of_the_trade_data_add_up_to_the_facts_that_name_them(model):
    trade = pl.read_parquet(SHARED / "data/baci_raw_materials/baci_hs92_raw_materials_2012_2024.parquet")
    trade = trade.with_columns(pl.col("year").cast(pl.String), pl.col("hs6").cast(pl.String).str.zfill(6))
    pattern = r"rows t = (\d{4}), i = (.+?), j = (.+?), k = ([\d *]+); column (q|v) .*"
    checked = 0
    for row in rows(model):
        place = re.fullmatch(pattern, row["place"])
        if not place or "member states" in row["place"]:
            continue
        year, seller, buyer, goods, column = place.groups()
        kinds = "|".join(one.replace("*", ".*") for one in goods.split())
        chosen = trade.filter(pl.col("year") == year, pl.col("hs6").str.contains(f"^({kinds})$"))
        for side, name in ((seller, "exporter"), (buyer, "importer")):
            chosen = chosen if side == "all" else chosen.filter(pl.col(name).is_in(side.split()))
        total = chosen["quantity_t"].sum() if column == "q" else 1000 * chosen["value_kusd"].sum()
        assert total == pytest.approx(float(row["value"]), rel=1e-4, abs=1), row["fact"]
        checked += 1
    assert checked > 100
