"""Goods on a list, as a product group of six-digit codes, are totalled by partner from a trade file."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from typer.testing import CliRunner

from kopir.cli.application import application
from tests.folders import routes_model

PAGE = Path(__file__).parents[2].joinpath("docs/questions.md")
ROUTE = {"id": "A", "capacity": 50, "netback": 400, "jurisdictions": ("RUS",)}
LIST = re.compile(r"^listed,variety,([\d ]+)", re.MULTILINE)


def test_the_row_of_the_page_holds_fifty_six_digit_codes():
    found = LIST.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    codes = found[1].split()
    assert len(codes) == len(set(codes)) == 50
    assert all(len(code) == 6 for code in codes)


def test_what_is_bought_and_sent_on_is_told_apart(tmp_path):
    found = LIST.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    model = routes_model(tmp_path / "m", [ROUTE], supply=60)
    sectors = (
        f"sector,form,hs,sigma_long,basis\nlisted,variety,{found[1].strip()},5,made\nrest,variety,84 85,5,made\n"
    )
    Path(model, "sectors.csv").write_text(sectors, encoding="utf-8")
    file = tmp_path / "BACI_HS17_Y2023.csv"
    file.write_text(
        "t,i,j,k,v,q\n2023,156,398,854231,900.5,1\n2023,398,643,854231,400.25,1\n2023,156,398,850110,7,1\n"
    )
    said = CliRunner().invoke(application, ["trade", str(file), "--into", str(model), "--sector", "listed"])
    assert said.exit_code == 0, said.output
    with Path(model, "trade.csv").open(encoding="utf-8") as table:
        rows = {(row["flow"], row["partner"]): float(row["value"]) for row in csv.DictReader(table)}
    assert (rows["export", "RUS"], rows["import", "RUS"], rows["import", ""]) == (0.40025, 0, 0.9005)
