"""Which files are read: those named and those of folders, without what leads out of them; the others are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from kopir.core.encoding import shown_path
from kopir.core.errors import Fault
from kopir.core.folders.together import OWN
from kopir.evidence._readers import SUFFIXES
from kopir.evidence.documents._hands import Source

DATA = frozenset({".json", ".jsonl", ".parquet", ".toml"})
"""Kinds of files of data and settings, such as kopir itself writes: no documents."""
NAMED = 5
"""Files of a kind that is not read that are named; the others are counted."""


def find_documents(paths: Iterable[Path | str]) -> tuple[list[Source], list[Fault]]:
    """List the files to read, sorted; folders are walked, and links that lead out of them are refused (K2008).

    Files of other kinds in a folder are told, a fault for each kind (K2005); hidden files are left alone.
    """
    sources: list[Source] = []
    faults: list[Fault] = []
    for given in (Path(p) for p in paths):
        try:
            if given.is_dir():
                _walk(given, sources, faults)
            elif given.exists():
                sources.append(Source(given, shown_path(given.name)))
            else:
                why = "there is no such file or folder"
                faults.append(Fault("K2009", why, "check the path", file=shown_path(given)))
        except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a name that no system has
            why = f"cannot be opened: {getattr(error, 'strerror', None) or error}"
            faults.append(Fault("K2009", why, "check the path", file=shown_path(given)))
    return sources, faults


def _walk(folder: Path, sources: list[Source], faults: list[Fault]) -> None:
    root = folder.resolve()
    others: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        own = any(part.startswith(OWN) for part in path.relative_to(folder).parts)  # of a file being written
        if own:
            continue
        if path.suffix.lower() not in SUFFIXES:
            if _plain(path, folder):
                others.setdefault(path.suffix.lower(), []).append(path.relative_to(folder).as_posix())
            continue
        try:
            if path.is_dir() or _about_documents(path):
                continue
            inside = path.resolve(strict=True).is_relative_to(root)
        except (OSError, RuntimeError) as error:  # RuntimeError: Python 3.11 and 3.12 meet a circle of links
            why = f"cannot be opened: {getattr(error, 'strerror', None) or 'a circle of links'}"
            faults.append(Fault("K2009", why, "check path and rights", file=shown_path(path)))
            continue
        if not inside:
            why, mend = "the link leads out of the folder", "copy the file into the folder"
            faults.append(Fault("K2008", why, mend, file=shown_path(path)))
            continue
        sources.append(Source(path, shown_path(path.relative_to(folder).as_posix())))
    faults += [_not_read(folder, kind, names) for kind, names in sorted(others.items())]


def _plain(path: Path, folder: Path) -> bool:
    """Tell a plain file that is not hidden and lies in no hidden folder."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() not in DATA and path.is_file()


def _not_read(folder: Path, kind: str, names: Sequence[str]) -> Fault:
    """Name the files of a folder that are of a kind that is not read."""
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    why = f"{len(names)} file{'s' if len(names) > 1 else ''} {f'({kind}) ' if kind else ''}not read: {shown}"
    mend = f"save as one of {', '.join(SUFFIXES)}, if there is text to read in them"
    return Fault("K2005", shown_path(why), mend, file=shown_path(folder))


def _about_documents(path: Path) -> bool:
    """Tell a table about documents (corrections, a catalogue, claims) from one that is a document itself."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.readline(4096).removeprefix(b"\xef\xbb\xbf")
    return b"doc" in [name.strip() for name in head.split(b",")]
