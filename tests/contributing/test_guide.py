"""The contributor's guide: its picture is the graph, its rooms are the rooms, its question can be asked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kopir
from tests.contributing.picture import GUIDE, ROOT, floors, picture

TEXT = GUIDE.read_text(encoding="utf-8")
PATCH = TEXT.split("```diff\n")[1].split("\n```")[0] + "\n"
SOURCE = Path(kopir.__file__).parent


def test_the_picture_is_the_graph_of_imports() -> None:
    drawn = TEXT.split("<!-- picture:start -->\n```\n")[1].split("```\n<!-- picture:end -->")[0]
    assert drawn == picture(), "draw it anew: python -m tests.contributing.picture"


def test_a_circle_of_rooms_cannot_be_drawn() -> None:
    assert floors({"a": {"b"}, "b": set(), "c": {"b"}}) == ["a", "c", "b"]
    with pytest.raises(ValueError, match="a circle of rooms"):
        floors({"a": {"b"}, "b": {"a"}})


def test_every_room_is_on_the_page_of_the_house() -> None:
    packages = {".".join(file.parent.relative_to(SOURCE).parts) for file in SOURCE.rglob("__init__.py")} - {""}
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z_.]+)` \|", page, flags=re.MULTILINE))
    assert told - {"strategy.questions", "project", "__main__"} == packages


def test_what_the_guide_names_is_there() -> None:
    named = re.findall(r"`((?:cli|core|evidence|facts|model|report|strategy)/[a-z_/.]+)`", TEXT)
    assert len(named) > 8
    assert [name for name in named if not (SOURCE / name).exists()] == []
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_guide_counts_the_lines_of_its_question() -> None:
    lines: dict[str, int] = {}
    for line in PATCH.splitlines():
        if line.startswith("+++ b/"):
            lines[file := line.removeprefix("+++ b/")] = 0
        elif line[:1] in "+-" and not line.startswith("---"):
            lines[file] += 1
    own = re.compile(r"src/kopir/strategy/value/|docs/|tests/")
    outside = sum(count for file, count in lines.items() if not own.match(file))
    assert f"{sum(lines.values())} lines in {len(lines)} files, {outside} of them outside" in TEXT
    assert outside == 2


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="the patch is applied by git")
def test_the_question_of_the_guide_can_be_asked_everywhere(tmp_path: Path) -> None:
    for part in ("src", "tests/strategy"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("__init__.py", "conftest.py", "folders.py", "budget.py"):
        shutil.copy(ROOT / "tests" / file, tmp_path / "tests" / file)
    place = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path / "src"), str(tmp_path)))}

    def run(*words: str, **more: str) -> str:
        done = subprocess.run(words, cwd=tmp_path, env=place, capture_output=True, text=True, check=False, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("git", "apply", "--unidiff-zero", "-", input=PATCH)
    ask = (sys.executable, "-m", "kopir")
    assert "busiest" in run(*ask, "--help")
    told = json.loads(run(*ask, "busiest", "azerbaijan", "--most", "1", "--json"))
    assert told["run"]["options"] == {"most": 1, "verb": "busiest"}
    (row,) = told["result"]["table"]
    assert run(*ask, "busiest", "azerbaijan", "--lang", "kk").startswith("Ең көп не тасиды: azerbaijan")
    why = run(*ask, "why", f"busiest:{row['asset']}:flow_mt", "azerbaijan")
    assert why.startswith(f"busiest:{row['asset']}:flow_mt = {row['flow_mt']:.10g} Mt/yr rests on")
    library = "import kopir; print(kopir.open('azerbaijan').busiest(most=1).table['asset'][0])"
    assert run(sys.executable, "-c", library).strip() == row["asset"]
    run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/strategy/value/test_busiest.py")
