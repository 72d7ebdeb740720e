"""No answer of a command moves unnoticed. What moved on purpose: `python -m tests.stability --update [WORD]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kopir.cli.application import COMMANDS
from tests.stability.answers import Kept, ask, keep, prepare, read_table

KEPT = read_table()
NOT_ASKED = {"demo", "doctor", "export", "new", "rebase", "serve"}
"""Commands that tell of the machine or of a folder alone, write files or stay, or that no bundled model has the
facts for; their own tests look at them."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    prepare(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("kept", KEPT, ids=[row.command for row in KEPT])
def test_an_answer_has_not_moved(kept: Kept, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    assert keep(kept.command, ask(kept.command)) == kept, "on purpose? python -m tests.stability --update WORD"


def test_the_table_is_whole() -> None:
    assert all(len(row.digest) == 12 for row in KEPT)
    assert len({row.command for row in KEPT}) == len(KEPT)


def test_every_command_is_asked() -> None:
    asked = {row.command.split()[0] for row in KEPT}
    assert {command.__name__.rstrip("_") for command in COMMANDS} - asked - NOT_ASKED == set()


def test_every_bundled_model_is_asked_for_what_it_can_answer() -> None:
    for model in ("azerbaijan", "uzbekistan"):
        asked = {row.command.split()[0] for row in KEPT if model in row.command}
        assert {"brief", "check", "coalitions", "flow", "layers", "leverage", "options", "portfolio"} <= asked


def test_a_digest_sees_a_figure_that_moves_and_no_rounding() -> None:
    told = b'{"run": {"kopir": "1", "seed": 1}, "result": {"table": [{"loss": %s}]}}\n'
    one, same, other = (keep("x", told % value) for value in (b"12.34567", b"12.345670000001", b"12.3458"))
    assert one == same
    assert one.digest != other.digest
    assert one.figures == "table 1 rows; table.0.loss 12.3457"
