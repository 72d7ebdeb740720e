"""What kopir is delivered with: licences, known advisories and the wheels of each platform.

``python -m tests.contributing.supply`` reads ``requirements/run.lock``. Licences come from what is installed,
wheels and advisories from the package index that pip is set to, where it can be reached: else the answer says so,
and names nothing as checked. It ends with 1 where a licence is not known to go with this one or an advisory
stands.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[2] / "requirements" / "run.lock"
PLATFORMS: Mapping[str, str] = {
    "Linux x86-64": r"(?:many|musl)?linux.*x86_64",
    "Linux ARM": r"(?:many|musl)?linux.*aarch64",
    "macOS Intel": r"macosx.*(?:x86_64|universal2)",
    "macOS ARM": r"macosx.*(?:arm64|universal2)",
    "Windows": r"win_amd64",
}
GOES_WITH = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python|MPL|Unlicense|0BSD|Zlib|CC0|HPND|OFL|WTFPL|Public Domain|LGPL)\b", re.I
)
"""Licences under which a library may be used beside this one without changing it."""
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", re.M)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")
_SECONDS = 20
_OLDEST = "-cp311-"


@dataclass(frozen=True)
class Package:
    """A pinned dependency: ``hashes`` are those of the files that may be installed."""

    name: str
    version: str
    hashes: frozenset[str]


def pinned(text: str) -> list[Package]:
    """Return the dependencies that a lock pins."""
    found = list(_PINNED.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)]
    return [
        Package(one[1], one[2], frozenset(_HASH.findall(text[one.start() : end])))
        for one, end in zip(found, ends, strict=True)
    ]


def licence(name: str) -> str:
    """Return the licence that an installed package states, blank where it states none."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return "not installed here"
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = [
        one.split("::")[-1].strip() for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    stated = str(about.get("License") or "").strip().split("\n")[0]
    return " and ".join(named) or stated[:60]


def wheels(package: Package, files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the wheel of each platform among the files of an index whose hash the lock holds.

    Of several one for the oldest Python is named, where there is one.
    """
    held = [str(file["filename"]) for file in files if (file.get("hashes") or {}).get("sha256") in package.hashes]
    names = sorted((name for name in held if name.endswith(".whl")), key=lambda name: (_OLDEST not in name, name))
    anywhere = [name for name in names if name.endswith("-any.whl")]
    return {
        platform: next(iter([name for name in names if re.search(tag, name)] or anywhere), "")
        for platform, tag in PLATFORMS.items()
    }


def index_address() -> str:
    """Return the address of the simple index that pip is set to."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()
    if told:
        return told.rstrip("/")
    from pip._internal.models.index import PyPI

    return str(PyPI.simple_url).rstrip("/")


def fetched(address: str, accept: str) -> dict[str, Any] | None:
    """Return the JSON at an address, ``None`` where there is none to be had."""
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found = json.load(answer)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def report(packages: Sequence[Package]) -> Iterator[tuple[str, bool]]:
    """Yield the lines of the report, and whether each tells of something to act on."""
    yield "licences, as installed:", False
    for one in packages:
        told = licence(one.name)
        wrong = told != "not installed here" and GOES_WITH.search(told) is None
        yield f"  {one.name} {one.version}: {told or 'states none'}" + ("  <- look at it" if wrong else ""), wrong
    index = index_address()
    simple = "application/vnd.pypi.simple.v1+json"
    listed = {one.name: fetched(f"{index}/{one.name}/", simple) for one in packages[:1]}
    if not any(listed.values()):
        yield "wheels: no package index can be reached that lists files as JSON; not checked", False
    else:
        listed |= {one.name: fetched(f"{index}/{one.name}/", simple) for one in packages[1:]}
        yield from _wheel_lines(packages, listed)
    yield from _advisory_lines(packages, index.removesuffix("/simple"))


def _wheel_lines(
    packages: Sequence[Package], listed: Mapping[str, dict[str, Any] | None]
) -> Iterator[tuple[str, bool]]:
    yield "wheels of each platform:", False
    for one in packages:
        found = wheels(one, (listed[one.name] or {}).get("files") or ())
        names = sorted(set(found.values()) - {""})
        lacking = [platform for platform, name in found.items() if not name]
        missing = f"  <- none for {', '.join(lacking)}" if lacking else ""
        yield f"  {one.name} {one.version}: {', '.join(names) or 'none listed'}{missing}", False


def _advisory_lines(packages: Sequence[Package], base: str) -> Iterator[tuple[str, bool]]:
    unchecked = []
    for number, one in enumerate(packages):
        about = fetched(f"{base}/pypi/{one.name}/{one.version}/json", "application/json")
        if about is None or "vulnerabilities" not in about:
            unchecked.append(one.name)
            if number == 0:
                unchecked = [each.name for each in packages]
                break
            continue
        for advisory in about["vulnerabilities"]:
            names = ", ".join([str(advisory.get("id", "")), *map(str, advisory.get("aliases", ()))])
            mended = ", ".join(map(str, advisory.get("fixed_in", ()))) or "no release yet"
            yield f"  {one.name} {one.version}: {names}; mended in {mended}", True
    if len(unchecked) == len(packages):
        yield "advisories: no package index can be reached that tells them; NOT CHECKED", False
    else:
        yield f"advisories: checked for {len(packages) - len(unchecked)} of {len(packages)} packages", False


def main() -> int:
    """Print the report; returns 1 where something is to be acted on."""
    wrong = False
    for line, acted in report(pinned(LOCK.read_text("utf-8"))):
        sys.stdout.write(f"{line}\n")
        wrong = wrong or acted
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
