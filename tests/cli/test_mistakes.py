"""What ``kopir check`` teaches: a table of mistakes that a first model makes, each with its code, place and mend.

Every mistake is made once in the model of the table and once in its twin, where states, goods and assets have
other codes.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "mistakes"
with (DATA / "mistakes.csv").open(encoding="utf-8", newline="") as table:
    MISTAKES = list(csv.DictReader(table))
TWINS = {
    "MNG": "BOL", "CHN": "ARG", "RUS": "BRA", "ATTACK": "STORM", "coal": "iron_ore", "fuel": "lpg",
    "8.2 [7.9..8.5]": "11.6 [11..12]", "MINE": "MUTUN", "CITY_CN": "TOWN_AR", "PORT_RU": "SANTOS",
    "CAPITAL": "LA_PAZ",
    "ROAD_S": "ROUTE_9", "RAIL_N": "FCO", "CITYCN": "TOWNAR", "CHINA": "ARGE", "RUSSIA": "BRAZ", "feul": "lgp",
    "ROADS": "ROUTE9", "Mongolia": "Bolivia", "mng": "bol", "China": "Argentina",
    "capital": "la_paz",
}  # fmt: skip
AT_LEAST = 100


def twin(text: str) -> str:
    longest_first = sorted(map(re.escape, TWINS), key=len, reverse=True)
    return re.sub("|".join(longest_first), lambda found: TWINS[found[0]], text)


def spoil(folder: Path, mistake: Mapping[str, str]) -> None:
    file, value = folder / mistake["file"], mistake["value"].replace("|", "\n")
    if mistake["row"] in {"+", "*"} and not mistake["column"]:
        file.parent.mkdir(exist_ok=True)
        file.write_text(value if "geometry" in mistake["file"] or not value else value + "\n", encoding="utf-8")
        return
    lines = file.read_text("utf-8").splitlines()
    keys = mistake["row"].split("|")
    chosen = [
        at
        for at, line in enumerate(lines)
        if line.startswith(tuple(f"{key}{sep}" for key in keys for sep in ", "))
    ]
    assert chosen, mistake
    at = chosen[0]
    match mistake["column"]:
        case "+":
            lines.insert(at + 1, value)
        case "*" | "":
            lines[at] = value
        case "-":
            lines = [line for place, line in enumerate(lines) if place not in chosen]
        case column:
            header, cells = lines[0].split(","), next(csv.reader([lines[at]]))
            cells[header.index(column)] = value
            lines[at] = ",".join(
                cell if cell.startswith('"') or "," not in cell else f'"{cell}"' for cell in cells
            )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def model(path: Path, *, swapped: bool) -> Path:
    shutil.copytree(DATA / "model", path)
    for file in path.iterdir():
        file.chmod(0o644)
        if swapped:
            file.write_text(twin(file.read_text("utf-8")), encoding="utf-8")
    return path


def found(ask, folder: Path):
    done = ask("check", folder, "--json")
    told = json.loads(done.stdout)
    return (
        done.exit_code,
        told["faults"],
        told["result"].get("warnings", told["result"].get("result", {}).get("warnings", [])),
    )


@pytest.mark.parametrize("swapped", [False, True], ids=["made", "twin"])
def test_the_model_of_the_table_is_sound(ask, tmp_path, swapped):
    assert found(ask, model(tmp_path / "m", swapped=swapped)) == (0, [], [])


@pytest.mark.parametrize("swapped", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["made", "twin"])
@pytest.mark.parametrize(
    "mistake", [one for one in MISTAKES if one["code"]], ids=lambda one: one["mistake"].replace(" ", "-")
)
def test_a_mistake_is_taught(ask, tmp_path, mistake, swapped):
    mistake = {name: twin(cell) if swapped else cell for name, cell in mistake.items()}
    folder = model(tmp_path / "m", swapped=swapped)
    spoil(folder, mistake)
    code, faults, warnings = found(ask, folder)
    fitting = [one for one in (*faults, *warnings) if one["code"] == mistake["code"]]
    assert fitting, (code, faults, warnings)
    assert code == (1 if faults else 0)
    assert any(mistake["words"].casefold() in f"{one['why']} {one['mend']}".casefold() for one in fitting), fitting
    assert all(one["mend"] and one["file"] for one in fitting)


def test_most_mistakes_are_taught():
    taught = [one for one in MISTAKES if one["code"]]
    assert len(MISTAKES) >= 110
    assert len(taught) >= AT_LEAST
    assert len({one["mistake"] for one in MISTAKES}) == len(MISTAKES)


def test_each_seller_with_a_need_of_its_own_is_taught_the_right_form(ask, tmp_path):
    """The natural first guess, owner = seller in supplies, markets and flows, halves what a refusal costs."""
    folder = model(tmp_path / "m", swapped=False)
    for name, pairs in {
        "supplies.csv": [("REFINERY_RU,fuel,MNG", "REFINERY_RU,fuel,RUS"), ("_CN,fuel,MNG", "_CN,fuel,CHN")],
        "baseline_flows.csv": [("FUEL_N,fuel,MNG", "FUEL_N,fuel,RUS"), ("FUEL_S,fuel,MNG", "FUEL_S,fuel,CHN")],
    }.items():
        text = (folder / name).read_text("utf-8")
        for old, new in pairs:
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    assert found(ask, folder) == (0, [], [])
    rows = "|".join(f"FUEL_{one},CAPITAL,fuel,{one},,import,900,2.3,3000,made up" for one in ("RUS", "CHN"))
    spoil(folder, {"file": "markets.csv", "row": "FUEL", "column": "*", "value": rows})
    code, faults, warnings = found(ask, folder)
    assert (code, faults) == (0, [])
    assert {"K1002", "K1004", "K1006", "K1015"} <= {one["code"] for one in warnings}
    assert all(
        "owner MNG, kind import, price 0" in one["mend"] for one in warnings if one["code"] in {"K1002", "K1006"}
    )


def test_shared_guesses_of_a_newcomer(ask):
    cases = Path(__file__).parents[3] / "shared" / "cases" / "newcomer"
    if not cases.is_dir():
        pytest.skip("the cases are not beside the project")
    assert {one["code"] for one in found(ask, cases / "owner_seller")[2]} >= {"K1002", "K1006", "K1015"}
    assert {one["code"] for one in found(ask, cases / "mixed_goods")[2]} == {"K1026"}


@pytest.mark.parametrize("file", ["54-geojson-projected", "55-geojson-ggit"])
def test_reported_map_files(ask, tmp_path, file):
    case = Path(__file__).parents[3] / "shared" / "cases" / "reports" / file / "pipelines.geojson"
    if not case.is_file():
        pytest.skip("the cases are not beside the project")
    folder = model(tmp_path / "m", swapped=False)
    (folder / "geometry").mkdir()
    shutil.copyfile(case, folder / "geometry" / "pipelines.geojson")
    code, faults, warnings = found(ask, folder)
    if file.startswith("54"):
        assert code == 1
        assert {"K0371", "K0373"} <= {one["code"] for one in faults}
        assert "NOSUCH" in str(faults)
        done = ask("brief", folder, "--out", tmp_path / "b")
        assert done.exit_code == 3
    else:
        assert (code, [one["code"] for one in warnings]) == (0, ["K1027"])
