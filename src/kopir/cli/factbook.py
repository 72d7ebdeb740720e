"""Open what commands about facts work on: a model folder with its fact book, and claims from given files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kopir.cli.output import Stages, model_folder
from kopir.core.errors import Fault, InputError

if TYPE_CHECKING:
    import polars as pl

    from kopir.core.folder import Folder
    from kopir.evidence import Reading
    from kopir.facts import FactBook

CLAIM_FILES = (".jsonl", ".parquet")


def open_folder(name: str) -> Folder:
    """Return the model folder that a name or path stands for."""
    from kopir.core.folder import read_folder

    return read_folder(model_folder(name) or Path(name))


def open_book(name: str, stages: Stages) -> tuple[Folder, FactBook]:
    """Return a model folder and its fact book, reconciled from what its sources say."""
    from kopir.facts import claims_of_folder, reconcile

    with stages.stage("reading"):
        folder = open_folder(name)
        claims = claims_of_folder(folder)
    with stages.stage("reconciling"):
        return folder, reconcile(claims)


def source_titles(folder: Folder) -> dict[str, str]:
    """Return the title of each source of a folder."""
    return {row["source"]: row["title"] for row in folder.tables["sources"].records()}


def read_documents(paths: list[Path], date: str | None, lang: str) -> list[Reading]:
    """Return the readings of documents; raises :class:`InputError` with every fault when one cannot be read."""
    from kopir.evidence import read

    result = read(paths, date=date, language=lang)
    unread = [fault for fault in result.faults if fault.code != "K2014"]
    if unread:
        raise InputError(unread)
    return list(result.readings)


def gather_claims(paths: list[Path], date: str | None, lang: str) -> pl.DataFrame:
    """Return the claims of files of claims and of documents, in the order given."""
    from kopir.facts import claims_of_readings, combined, read_claims

    tables = [read_claims(path) for path in paths if path.suffix in CLAIM_FILES]
    documents = [path for path in paths if path.suffix not in CLAIM_FILES]
    if documents:
        tables.append(claims_of_readings(read_documents(documents, date, lang)))
    if not tables:
        raise InputError(Fault("K3007", "no claims are given", "name documents, or files that `kopir read` wrote"))
    return combined(tables)
