"""Functions and ties: what the two tables say, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from kopir.model.ties.functions import FunctionBook, read_functions
from tests.folders import states, write_model

B = {"basis": "test"}
FACTS = [
    {"fact": "F1", "indicator": "import", "period": "2024", "value": 43, "unit": "pct"},
    {"fact": "F2", "indicator": "import", "period": "2024", "value": 3e9, "low": 2e9, "high": 4e9, "unit": "USD"},
    {"fact": "F3", "indicator": "import", "period": "2024", "value": 10e9, "unit": "USD"},
]


def tie(function: str, partner: str, year: object, **cells: object) -> dict[str, object]:
    return {"function": function, "partner": partner, "year": year} | cells


def folder(path: Path, shares: list[dict[str, object]], **changes: Any) -> Path:
    functions = changes.get(
        "functions",
        [
            {"function": "imports", "kind": "described", "measure": "import"},
            {"function": "imports.machines", "kind": "described", "part_of": "imports", "measure": "import"},
        ],
    )
    jurisdictions = [
        *states("RUS", "CHN", "DEU", "KGZ"),
        {"jurisdiction": "EU", "kind": "union", "members": "DEU"},
        {"jurisdiction": "EAEU", "kind": "union"},
    ]
    tables = {"jurisdictions": jurisdictions, "functions": functions, "facts": FACTS}
    return write_model(path, tables | ({"shares": shares} if shares else {}), players=("RUS",))


def book(path: Path, *shares: dict[str, object]) -> FunctionBook:
    return read_functions(open_model(folder(path, list(shares))))


def refusal(path: Path, *shares: dict[str, object], **changes: Any) -> str:
    with pytest.raises(InputError) as caught:
        open_model(folder(path, list(shares), **changes))
    return str(caught.value)


def test_a_share_is_stated_or_a_value_over_its_whole(tmp_path: Path) -> None:
    found = book(
        tmp_path / "m",
        tie("imports", "RUS", 2024, share="F1"),
        tie("imports", "CHN", 2024, value="F2", whole="F3", unit="billion USD"),
        tie("imports", "DEU", 2024, value=1, unit="billion USD", **B),
        tie("imports", "RUS", 2022, share=0.5, **B),
    )
    shares = found.shares("imports", 2024)
    assert (shares["RUS"].value, shares["RUS"].grade) == (pytest.approx(0.43), "sourced")
    chinese = shares["CHN"]
    assert (chinese.value, chinese.low, chinese.high) == pytest.approx((0.3, 0.2, 0.4))
    assert chinese.grade == "derived"
    assert [str(ref) for ref in chinese.cells] == ["shares:3:value", "shares:3:whole"]
    assert "DEU" not in shares
    assert [one.year for one in found.of("imports") if one.partner == "RUS"] == [2022, 2024]
    assert found.of("imports", year=2022)[0].share.grade == "assumed"  # type: ignore[union-attr]
    assert found.sectors("imports") == ("imports.machines",)


def test_measures_and_directions_are_kept_apart(tmp_path: Path) -> None:
    found = book(
        tmp_path / "m",
        tie("imports", "RUS", 2024, share=0.9, **B),
        tie("imports", "RUS", 2024, measure="trade_turnover", share=0.8, **B),
        tie("imports", "RUS", 2024, direction="on_focal", share=0.7, **B),
    )
    assert [one.share.value for one in found.of("imports")] == [0.9]  # type: ignore[union-attr]
    assert found.of("imports", measure="trade_turnover")[0].share.value == 0.8  # type: ignore[union-attr]
    assert found.of("imports", direction="on_focal")[0].share.value == 0.7  # type: ignore[union-attr]


def test_shares_that_do_not_sum(tmp_path: Path) -> None:
    found = refusal(
        tmp_path / "m",
        tie("imports", "RUS", 2024, share=0.7, **B),
        tie("imports", "CHN", 2024, share="0.4 [0.35..0.45]", **B),
    )
    assert "shares.csv:3:share K0320" in found
    assert "sum to 1.05: RUS 0.7, CHN 0.35" in found
    assert "mend: correct a share, or give the shares intervals that leave room" in found


def test_intervals_leave_room(tmp_path: Path) -> None:
    found = book(
        tmp_path / "m",
        tie("imports", "RUS", 2024, share=0.7, **B),
        tie("imports", "CHN", 2024, share="0.4 [0.3..0.45]", **B),
    )
    assert len(found.shares("imports", 2024)) == 2


@pytest.mark.parametrize(("group", "member"), [("EU", "DEU"), ("EAEU", "KGZ")])
def test_a_partner_beside_its_own_group(tmp_path: Path, group: str, member: str) -> None:
    found = refusal(
        tmp_path / "m",
        tie("imports", group, 2024, share=0.1, **B),
        tie("imports", member, 2024, share=0.1, **B),
    )
    assert "shares.csv:3:partner K0321" in found
    assert f"{member} is counted within {group} in the same year" in found


def test_a_group_one_year_and_its_member_the_next(tmp_path: Path) -> None:
    found = book(
        tmp_path / "m",
        tie("imports", "EU", 2023, share=0.1, **B),
        tie("imports", "DEU", 2024, share=0.1, **B),
    )
    assert len(found.ties) == 2


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (tie("imports", "KAZ", 2024, share=0.1, **B), "shares.csv:2:partner K0322"),
        (tie("imports", "RUS", "2024-H1", share=0.1, **B), "shares.csv:2:year K0210"),
        (tie("imports", "RUS", 2024, share=1.1, **B), "shares.csv:2:share K0305"),
        (tie("imports", "RUS", 2024, value="F2"), "shares.csv:2:unit K0203"),
        (tie("imports", "RUS", 2024, value="F2", unit="Mt"), "shares.csv:2:unit K0216"),
        (tie("imports", "RUS", 2024, whole="F3", unit="USD"), "shares.csv:2:value K0203"),
        (tie("imports", "RUS", 2024, value="F3", whole="F2", unit="USD"), "shares.csv:2:whole K0305"),
        (tie("imports", "RUS", 2024, value="F3", whole=0, unit="USD", **B), "shares.csv:2:whole K0305"),
        (tie("imports", "RUS", 2024, share=0.1), "shares.csv:2:share K0309"),
        (tie("imports", "XXX", 2024, share=0.1, **B), "shares.csv:2:partner K0207"),
    ],
)
def test_faults_of_one_row(tmp_path: Path, row: dict[str, object], fault: str) -> None:
    assert fault in refusal(tmp_path / "m", row)


@pytest.mark.parametrize(
    ("kind", "sigma", "mend"),
    [
        ("variety", "1", "write a number above 1, or make the kind quantity"),
        ("variety", "0.5", "write a number above 1, or make the kind quantity"),
        ("variety", "2 [1..3]", "write a number above 1, or make the kind quantity"),
        ("variety", "-2", "write a number above 1, or make the kind quantity"),
        ("quantity", "-0.1", "write at least zero"),
    ],
)
def test_elasticities_out_of_range(tmp_path: Path, kind: str, sigma: str, mend: str) -> None:
    functions = [{"function": "imports", "kind": kind, "sigma_short": sigma} | B]
    found = refusal(tmp_path / "m", functions=functions)
    assert "functions.csv:2:sigma_short K0504" in found
    assert mend in found


def test_the_bundled_model_has_at_least_twelve_functions() -> None:
    found = read_functions(open_model("kazakhstan"))
    assert len(found.functions) >= 12
    assert found.shares("imports", 2025)["RUS"].value == pytest.approx(0.297)
