"""Kill commands at every step at which they touch files; each folder is then as before or as after, whole.

``python -m tests.hostile.kills --moments brief`` runs a command once and takes a copy of its folder at every such
step: what a kill leaves there, for commands that take long.

``python -m tests.hostile.kills facts trade brief read`` kills each of these at every such step and counts.
What a browser posts to ``serve`` stands in ``tests/hostile/posting.py``.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kopir.core.folders.folder import read_folder
from kopir.core.folders.together import LOCK, OWN, changing
from kopir.model.bundled.starters import starter_path

DATA = Path(__file__).parents[1] / "data" / "trade"
SENTENCE = "In 2024 Kazakhstan exported {} million tonnes of oil to Russia."
EVENT = "event,start,end,what,assets,severity_low,severity_high\nE1,2021-03-01,2021-03-20,storm,CPC,0.4,0.6\n"
_CHILD = """
import os, shutil, signal, sys
last, place, words = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
seen, busy = 0, False
def touched(event, args):
    global seen, busy
    if busy or not args or not isinstance(args[0], (str, bytes, os.PathLike)):
        return
    if event == "open" and not args[2] & (os.O_WRONLY | os.O_RDWR):
        return
    if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "shutil.rmtree"}:
        if place in os.path.abspath(os.fsdecode(args[0])):
            seen += 1
            if last < 0 and os.path.isdir(place):
                busy = True
                shutil.copytree(place, os.path.join("moments", f"{seen:03}", os.path.basename(place)))
                busy = False
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(touched)
sys.argv[1:] = words
if words[0] == "serve":
    from tests.hostile.posting import main
else:
    from kopir.cli import main
main()
"""
State = Mapping[str, bytes]


@dataclass(frozen=True)
class Victim:
    """A command that changes ``place`` (a folder), and what opens it afterwards.

    ``grows``: its files come one by one, each whole; others change together.
    """

    words: tuple[str, ...]
    place: str
    opens: Callable[[Path], object] = lambda _: None
    grows: bool = False


def _reopened(folder: Path) -> object:
    with changing(folder, wait=5):
        return None


VICTIMS: Mapping[str, Victim] = {
    "facts": Victim(("facts", "new.txt", "--all", "--into", "m"), "m", read_folder),
    "trade": Victim(("trade", str(DATA / "comtrade.csv"), "--into", "m"), "m", read_folder),
    "update": Victim(("update", "m", "new.txt", "--all", "--write"), "m", read_folder),
    "brief": Victim(("brief", "m", "--out", "out"), "out", _reopened),
    "read": Victim(("read", "papers", "--jsonl", "out/a.jsonl", "--journal", "out/j.jsonl"), "out", grows=True),
    "serve send": Victim(("serve", "send"), "m", read_folder),
    "serve edit": Victim(("serve", "edit"), "m", read_folder),
    "serve scenario": Victim(("serve", "scenario"), "m", read_folder),
    "outages": Victim(("outages", "m", "--assets", "2", "--store", "sets"), "sets", grows=True),
    "stress": Victim(("stress", "m", "--samples", "2", "--store", "years"), "years", grows=True),
}


def prepared(root: Path) -> None:
    """Write a model with a fact book, a brief of an older state and documents."""
    shutil.copytree(starter_path(), root / "m", copy_function=shutil.copyfile)
    (root / "m" / "events.csv").write_text(EVENT, "utf-8")
    (root / "out" / "figures").mkdir(parents=True)
    for name in ("brief.md", "brief.html", "brief.json", "figures/map.svg", "a.jsonl"):
        (root / "out" / name).write_text("old\n", "utf-8")
    (root / "papers").mkdir()
    for n in range(3):
        (root / "papers" / f"{n}.txt").write_text(SENTENCE.format(50 + n), "utf-8")
    (root / "old.txt").write_text(SENTENCE.format(64.8), "utf-8")
    (root / "new.txt").write_text(SENTENCE.format(71.2), "utf-8")
    ask(root, 0, "", "facts", "old.txt", "--all", "--into", "m")


def ask(root: Path, last: int, place: str, *words: str) -> int:
    """Run a command in ``root``; it is killed at its step ``last`` in ``place``. Returns its exit code."""
    command = [sys.executable, "-c", _CHILD, str(last), place, *words]
    within = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=root, env=within, check=False, capture_output=True, timeout=300).returncode


def state(folder: Path) -> State:
    """Return what a folder holds, without files of kopir's own."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if not name.startswith(OWN)}


def killed(name: str, root: Path) -> tuple[int, list[str]]:
    """Kill one command at every step; returns how often, and what was lost, mixed or left behind."""
    victim = VICTIMS[name]
    prepared(root / "start")
    before = state(root / "start" / victim.place)
    shutil.copytree(root / "start", root / "end")
    assert ask(root / "end", 0, "", *victim.words) == 0, f"{name} does not run"
    after = state(root / "end" / victim.place)
    step, wrong = 0, []
    while True:
        step += 1
        at = root / f"at{step}"
        shutil.copytree(root / "start", at)
        code = ask(at, step, str(at / victim.place), *victim.words)
        if code == 0:
            return step - 1, wrong
        victim.opens(at / victim.place)
        wrong += [
            f"{name}, step {step}: {told}" for told in _told(victim, before, after, state(at / victim.place))
        ]
        if ask(at, 0, "", *victim.words) != 0:
            wrong.append(f"{name}, step {step}: the command does not run again")
        elif left := sorted(path.name for path in at.rglob(f"{OWN}*")):
            wrong.append(f"{name}, step {step}: left behind {left}")
        shutil.rmtree(at)


def moments(name: str, root: Path) -> tuple[int, list[str]]:
    """Open what a kill at each step leaves; returns how many there are, and what is lost, mixed or left behind."""
    victim = VICTIMS[name]
    prepared(root)
    before = state(root / victim.place)
    assert ask(root, -1, str(root / victim.place), *victim.words) == 0, f"{name} does not run"
    assert before != state(root / victim.place), f"{name} changes nothing"
    after, found, wrong = state(root / victim.place), sorted((root / "moments").iterdir()), []
    for step, at in enumerate(found, 1):
        victim.opens(at / victim.place)
        told = _told(victim, before, after, state(at / victim.place))
        wrong += [f"{name}, step {step}: {one}" for one in told]
        if not victim.grows:
            _reopened(at / victim.place)
            left = [path.name for path in at.rglob(f"{OWN}*") if not path.name.startswith(LOCK)]
            wrong += [f"{name}, step {step}: left behind {left}"] if left else []
    return len(found), wrong


def _told(victim: Victim, before: State, after: State, now: State) -> list[str]:
    """Say what is neither as before nor as after: of all files together, or of each."""
    if victim.grows:
        return [f"{name} is half written" for name in now if not _whole(name, before, after, now)]
    plain, target = _comparable(now), (_comparable(before), _comparable(after))
    return (
        [] if plain in target else [f"a mixed folder: {sorted(k for k in plain if plain[k] != target[0].get(k))}"]
    )


def _whole(name: str, before: State, after: State, now: State) -> bool:
    """Tell whether a file is as before or as after; a journal may hold some of its lines, the last cut short."""
    if name == "j.jsonl":
        return set(now[name].splitlines()[:-1]) <= set(after[name].splitlines())
    return now[name] in (before.get(name), after.get(name))


def _comparable(held: State) -> dict[str, object]:
    import polars as pl

    return {
        name: pl.read_parquet(io.BytesIO(data)).rows() if name.endswith(".parquet") else data
        for name, data in held.items()
    }


def main(names: Sequence[str]) -> int:
    """Kill the commands named, or all, and print the counts."""
    total, wrong = 0, []
    tried, said = (moments, "left") if "--moments" in names else (killed, "killed")
    for name in [name for name in names if name != "--moments"] or VICTIMS:
        with tempfile.TemporaryDirectory() as root:
            count, told = tried(name, Path(os.path.realpath(root)))
        total += count
        wrong += told
        sys.stdout.write(f"{name}: {said} at {count} steps, {len(told)} lost or mixed\n")
        sys.stdout.flush()
    sys.stdout.write("\n".join([*wrong, f"{total} kills: {len(wrong)} lost or mixed"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
