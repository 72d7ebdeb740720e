"""Open what commands about facts work on: a model folder with its fact book, and claims from given files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kopir.cli.output import Stages, model_folder
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from kopir.core.folders.folder import Folder
    from kopir.evidence import Bounds, Reading
    from kopir.facts import FactBook


def open_folder(name: str) -> Folder:
    """Return the model folder that a name or path stands for."""
    from kopir.core.folders.folder import read_folder

    return read_folder(folder_of(name))


def folder_of(name: str) -> Path:
    """Return the path of the model folder that a name or path stands for."""
    return model_folder(name) or Path(name)


def open_book(
    name: str, stages: Stages, *, compare: bool = True, day: date | None = None
) -> tuple[Folder, FactBook]:
    """Return a model folder and its fact book, reconciled from what its sources say; by ``day``, if it is given.

    Without ``compare`` facts of differing perimeter, period, modality and side are not set against each other.
    """
    from kopir.facts import claims_of_folder, known_on, reconcile

    with stages.stage("reading"):
        folder = open_folder(name) if day is None else known_on(open_folder(name), day)
        claims = claims_of_folder(folder)
        if day is not None:
            claims = claims.filter(claims["published"].fill_null("") <= day.isoformat())
    with stages.stage("reconciling"):
        return folder, reconcile(claims, compare=compare)


def source_titles(folder: Folder) -> dict[str, str]:
    """Return the title of each source of a folder."""
    return {row["source"]: row["title"] for row in folder.tables["sources"].records()}


def read_documents(
    paths: list[Path],
    date: str | None,
    lang: str,
    bounds: Bounds,
    folder: Folder | None = None,
    about: str | None = None,
) -> tuple[list[Reading], list[Fault]]:
    """Return the readings of documents and the faults of those that could not be read.

    Raises :class:`InputError` with every fault when none could, and when corrections are of no document. The
    corrections of ``folder`` are respected; those of documents that it took in before concern nobody now.
    """
    from kopir.evidence import read
    from kopir.model.grounds.testimony import testimonies

    corrections = None
    ignored = {"K2014"}
    if folder is not None and folder.tables["corrections"].present:
        corrections = folder.path / "corrections.csv"
        held = {one.document for one in testimonies(folder.path)}
        if held.intersection(folder.tables["corrections"].cells["doc"]):
            ignored.add("K2010")
    result = read(paths, date=date, language=lang, about=about, corrections=corrections, bounds=bounds)
    unread = [fault for fault in result.faults if fault.code not in ignored]
    misplaced = [fault for fault in unread if fault.code == "K2010"]
    if misplaced or not result.readings:
        raise InputError(misplaced or unread)
    return list(result.readings), unread


_FIGURE = re.compile(r"(?<![\d.,/-])(?!(?:19|20)\d\d(?![\d.,]))\d+")


def silent_texts(readings: Sequence[Reading]) -> list[Fault]:
    """Return a warning for each document that gives no indicator though digits other than years stand in it."""
    mend = "name the language with --input-lang, and look with kopir read --all"
    return [
        Fault(
            "K2017",
            f"no figure is read, though {count} stand in the text (taken for {reading.document.language})",
            mend,
            reading.document.path or reading.document.name,
        )
        for reading in readings
        if not any(claim.indicator for claim in reading.claims)
        and (count := len(_FIGURE.findall(reading.document.text)))
    ]


def parse_filters(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the patterns of each slot from ``SLOT=PATTERN[,PATTERN]``, each slot once."""
    filters: dict[str, list[str]] = {}
    for text in texts:
        slot, given, patterns = text.partition("=")
        words = [word.strip() for word in patterns.split(",") if word.strip()]
        if not given or not words or slot.strip() in filters:
            why = "a filter names a slot once, with the words it may hold"
            raise InputError(
                Fault("K3008", why, "write for instance indicator=oil_export,oil_transit", value=text)
            )
        filters[slot.strip()] = words
    return filters


def gather_claims(
    paths: list[Path],
    date: str | None,
    lang: str,
    bounds: Bounds,
    where: Mapping[str, Sequence[str]] | None = None,
    folder: Folder | None = None,
    about: str | None = None,
) -> tuple[pl.DataFrame, list[Fault]]:
    """Return the claims of files and folders of claims and of documents, in the order given, and warnings."""
    from kopir.facts import claims_of_readings, filtered, gathered, is_claims, read_claims, unregistered

    tables = [read_claims(path, where=where) for path in paths if is_claims(path)]
    told = unregistered(gathered(tables)) if tables else []
    documents = [path for path in paths if not is_claims(path)]
    if documents:
        read, unread = read_documents(documents, date, lang, bounds, folder, about)
        told += [*unread, *silent_texts(read)]
        tables.append(filtered(claims_of_readings(read), where or {}))
    if not tables:
        raise InputError(Fault("K3007", "no claims are given", "name documents, or files that `kopir read` wrote"))
    claims = gathered(tables)
    if where and claims.is_empty():
        given = ", ".join(f"{slot}={','.join(words)}" for slot, words in where.items())
        raise InputError(
            Fault("K3008", "no claim passes the filter", "filter by words as they stand", value=given)
        )
    return claims, told
