"""Every command on every folder that ``kopir new`` makes, and on the same folder with nothing but headers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.cli.application import COMMANDS
from kopir.cli.folders.listing import Listed
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray

KINDS = ("export", "import", "transit", "gas", "rail", "trade")
TEXT = "In 2025 the state exported 64.8 million tonnes of oil, 3 per cent more than in 2024.\n"
TRADE = "t,i,j,k,v,q\n2024,156,643,270900,1000,1\n"
RAW = "year,exporter,importer,hs6,value_kusd,quantity_t\n2024,KAZ,CHN,270900,5,9\n2024,RUS,KAZ,270112,1,30\n"
LISTED = get_args(Listed)
GIVES_A_FILE = {"demo", "new", "doctor", "explain"}
SERVES = {"serve"}
"""Commands that answer until they are interrupted; their pages are asked in their place."""
PAGES = (
    "/",
    "/map.geojson",
    "/partners",
    "/questions",
    "/facts",
    "/facts/promises",
    "/documents",
    "/model",
    "/why",
)

ALLOWED = {0, 1, 2, 3, 4, 5}
"""Exit codes that say something: 70 is a fault of kopir's own, and a traceback is no answer."""


def calls(folder: Path, scratch: Path) -> dict[str, Sequence[Sequence[object]]]:
    """Return the words of each command that takes a model, beside those that take nothing else."""
    text, trade = scratch / "text.txt", scratch / "trade.csv"
    text.write_text(TEXT, encoding="utf-8")
    trade.write_text(TRADE, encoding="utf-8")
    with (folder / "links.csv").open(encoding="utf-8") if (folder / "links.csv").exists() else text.open() as file:
        link = next((row.get("link") for row in csv.DictReader(file)), None) or "LINK"
    fact = "F0121"
    return {
        "brief": [["--out", scratch / "out", folder]],
        "diff": [[folder, folder]],
        "disputed": [["--draws", "40", "--against", "1", folder]],
        "facts": [[text, "--into", folder, "--date", "2026"]],
        "incident": [["--lose", link, "--days", "7", folder]],
        "leverage": [
            [folder],
            ["--function", "imports", folder],
            ["--function", "imports", "--by", "sector", folder],
        ],
        "ledger": [["deals", folder], ["targets", folder]],
        "list": [[what, folder] for what in LISTED],
        "losses": [["--lose", link, folder]],
        "narratives": [[text]],
        "plan": [["--budget", "1e9", folder]],
        "read": [[text]],
        "review": [[text, folder]],
        "stress": [["--scenario", "none", folder]],
        "trade": [[trade, "--into", folder]],
        "update": [[folder]],
        "world": [[trade, "--all"], [trade, "--focal", "KAZ", "--into", scratch / "world"]],
        "why": [["links:" + link, folder], ["leverage:RUS:leverage_musd", folder], [fact, folder]],
    }


def names() -> list[str]:
    return sorted({command.__name__.rstrip("_") for command in COMMANDS} - GIVES_A_FILE - SERVES)


@pytest.fixture(
    params=[*((kind, bare) for kind in KINDS for bare in (False, True)), ("world", False)],
    ids=lambda one: f"{one[0]}-{one[1]}",
)
def folder(request, ask, tmp_path):
    kind, bare = request.param
    path = tmp_path / "mine"
    if kind == "world":
        file = tmp_path / "raw.csv"
        file.write_text(RAW, encoding="utf-8")
        assert ask("world", file, "--focal", "KAZ", "--into", path).exit_code == 0
        return path
    assert ask("new", path, "--kind", kind).exit_code == 0
    if bare:
        for table in path.glob("*.csv"):
            if table.name != "jurisdictions.csv":
                table.write_text(table.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_command_answers_or_says_what_is_missing(ask, tmp_path, folder, name):
    for words in calls(folder, tmp_path).get(name, [[folder]]):
        done = ask(name, *words)
        assert done.exit_code in ALLOWED, (words, done.stdout[-500:], done.stderr[-1500:])
        if done.exit_code not in {0, 1}:
            assert done.stderr.strip(), words


@pytest.mark.slow
def test_every_page_answers_or_says_what_is_missing(tmp_path, folder):
    desk = Desk(kopir.open(folder), Tray(tmp_path / "tray"))
    client = TestClient(application(desk), base_url="http://127.0.0.1")
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code in {200, 400, 422}, (page, answer.text[:500])
        assert len(answer.text) > 50, page


@pytest.mark.slow
def test_a_new_folder_is_sound_in_every_kind_and_language(ask, tmp_path):
    for number, (kind, language) in enumerate((kind, one) for kind in KINDS for one in ("en", "kk", "ru", "tr")):
        path = tmp_path / f"m{number}"
        made = ask("new", path, "--kind", kind, "--lang", language)
        assert made.exit_code == 0
        assert "@" not in "".join(file.read_text("utf-8") for file in path.iterdir())
        if language == "en":
            checked = ask("check", path)
            assert (checked.exit_code, checked.stdout.splitlines()[0]) == (0, f"m{number}: sound")
        else:
            assert "kopir" in (path / "kopir.toml").read_text("utf-8")
