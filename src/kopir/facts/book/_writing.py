"""Put a fact book into a model folder: its claims beside it, its facts in the fact table, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl

from kopir.core.codes import codes
from kopir.core.errors import Fault, InputError
from kopir.core.folders.folder import Folder, refuse_changed
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import Table, format_table, make_table, parse_table
from kopir.core.folders.together import OWN, Change, changing
from kopir.core.periods import parse_period
from kopir.core.spelling import did_you_mean
from kopir.core.units import units
from kopir.facts.book._book import FactBook
from kopir.facts.claimed._claims import CLAIM_COLUMNS
from kopir.facts.claimed._keys import parse_key
from kopir.facts.claimed._loading import RECONCILED
from kopir.facts.claimed._quotes import quote_agrees
from kopir.facts.claimed._standing import UNREVIEWED

_LOG = logging.getLogger("kopir.facts")
_KINDS = {"flag": "level", "date": "level", "duration": "duration"}
_CLASSES = frozenset(table_schemas()["sources"].column("class").choices)
_MODALITIES = frozenset(table_schemas()["facts"].column("modality").choices)


_SETTINGS = """# A model folder of kopir: so far a fact book, facts.csv, and who says so, sources.csv.

format = 1

players = ["{state}"]

[model]
name = "{name}"
title = "{name}"
focal_state = "{state}"    # the state whose exposure is measured
base_year = {year}       # the year of the recorded flows
languages = ["en", "kk", "ru", "tr"]
seed = 0               # of everything that is drawn at random

# Months after a shock over which capacity and losses are averaged.
[horizons]
short = [1, 12]
medium = [13, 36]
"""


def start_book(path: Path, state: str, year: int, *, change: Change | None = None) -> None:
    """Make a model folder with an empty fact book for ``state`` (ISO 3166-1 alpha-3).

    ``year`` is its base year; ``change`` is the folder where the caller holds it already. Raises
    :class:`InputError` when the folder exists and is not empty, cannot be written, or the state is none.
    """
    if state not in codes("states"):
        mend = did_you_mean(state, codes("states"), "an ISO code")
        raise InputError(Fault("K0207", "no state has this code", mend, value=state))
    if path.exists() and (not path.is_dir() or any(not one.name.startswith(OWN) for one in path.iterdir())):
        raise InputError(Fault("K0602", "exists and is not empty", "choose another folder", str(path)))
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", path.absolute().name)
    files = {"kopir.toml": _SETTINGS.format(state=state, name=name, year=year).encode()}
    for table in ("facts", "sources"):
        files[f"{table}.csv"] = format_table(make_table(table_schemas()[table], [])).encode()
    with nullcontext(change) if change is not None else changing(path, make=True) as held:
        held.write(files)


def write_book(
    book: FactBook, folder: Folder, *, named: Sequence[str] = (), change: Change | None = None
) -> list[Path]:
    """Write a fact book into a model folder, as :func:`book_files` says, and return the files written.

    ``change`` is the folder where the caller has held it since before it was read. Raises :class:`InputError` when
    the tables would not be sound or cannot be written, and :class:`kopir.core.errors.Locked` when the folder is
    no longer as ``folder`` was read; then nothing is changed.
    """
    files = book_files(book, folder, named=named)
    with nullcontext(change) if change is not None else changing(folder.path) as place:
        refuse_changed(folder)
        return place.write(files)


def book_files(book: FactBook, folder: Folder, *, named: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files that put a fact book into a model folder.

    ``claims/claims.parquet`` holds the claims whose documents are ``named`` (all that the fact table does not
    state, unless given); ``facts.csv`` keeps its own rows and gains one a key that those claims speak of, with
    an id made of the key; ``sources.csv`` gains their sources. Raises :class:`InputError` when the tables would
    not be sound.
    """
    own = set(folder.tables["facts"].cells["fact"].to_list())
    fresh = book.claims.filter(~pl.col("id").is_in(sorted(own)))
    if named:
        fresh = fresh.filter(pl.col("doc").is_in(list(named)))
    sources = _source_rows(folder, fresh)
    facts = _fact_rows(folder, book, fresh, {row["title"]: row["source"] for row in sources})
    held: Mapping[str, Table] = {
        "facts": make_table(table_schemas()["facts"], facts),
        "sources": make_table(table_schemas()["sources"], sources),
    }
    faults = [fault for table in held.values() for fault in parse_table(format_table(table), table.schema)[1]]
    if faults:
        raise InputError(faults)
    buffer = io.BytesIO()
    _with_facts(fresh, book).write_parquet(buffer)
    return {
        "claims/claims.parquet": buffer.getvalue(),
        "facts.csv": format_table(held["facts"]).encode(),
        "sources.csv": format_table(held["sources"]).encode(),
    }


def source_codes(folder: Folder, fresh: pl.DataFrame) -> dict[str, str]:
    """Return the code in sources.csv, as it is or will be, of each source of ``fresh`` claims."""
    rows = _source_rows(folder, fresh)
    return {row["title"]: row["source"] for row in rows} | {row["source"]: row["source"] for row in rows}


def _with_facts(fresh: pl.DataFrame, book: FactBook) -> pl.DataFrame:
    """Return claims with the facts that they speak of, their verdict, and the claims of the folder beside them."""
    told = fresh["id"].to_list()
    own = set(told)
    facts: dict[str, list[str]] = {claim: [] for claim in told}
    beside: dict[str, set[str]] = {claim: set() for claim in told}
    for fact in _levels(book):
        about = [*fact["supporting"], *fact["opposing"]]
        for claim in own.intersection(about):
            facts[claim].append(_code(RECONCILED, fact["key"]))
            beside[claim].update(one for one in about if one not in own)
    listed = pl.List(pl.String)
    return fresh.select(
        *CLAIM_COLUMNS,
        "verdict",
        pl.Series("facts", [sorted(facts[claim]) for claim in told], listed),
        pl.Series("beside", [sorted(beside[claim]) for claim in told], listed),
    )


def _levels(book: FactBook) -> Iterator[dict[str, Any]]:
    return book.facts.filter(pl.col("kind") == "level").iter_rows(named=True)


def _source_rows(folder: Folder, fresh: pl.DataFrame) -> list[dict[str, str]]:
    rows = list(folder.tables["sources"].records())
    known = {row["title"] for row in rows} | {row["source"] for row in rows}
    for name, kind, date in (
        fresh.group_by("source").agg(pl.col("class").first(), pl.col("published").max()).sort("source").iter_rows()
    ):
        if name not in known:
            rows.append(
                {
                    "source": _code("T-", name),
                    "title": name,
                    "date": date or "",
                    "class": kind if kind in _CLASSES else "press",
                }
            )
    return rows


def _fact_rows(
    folder: Folder, book: FactBook, fresh: pl.DataFrame, code_of: Mapping[str, str]
) -> list[dict[str, str]]:
    rows = [row for row in folder.tables["facts"].records() if not row["fact"].startswith(RECONCILED)]
    spoken = dict(fresh.select("id", "source").iter_rows())
    quotes = dict(fresh.select("id", pl.coalesce("sentence", "text").fill_null("")).iter_rows())
    standing = dict(fresh.select("id", "standing").iter_rows())
    known = units()
    for fact in _levels(book):
        claims = [one for one in (*fact["supporting"], *fact["opposing"]) if one in spoken]
        if not claims:
            continue
        key = parse_key(fact["key"])
        about = {code_of.get(spoken[one], spoken[one]) for one in claims}
        period = key.period if parse_period(key.period) is not None else ""
        unit = _unit_in_table(key.unit, known)
        if unit is None:
            _LOG.warning("%s", _homeless(key.unit, claims[0]))
            continue
        notes = [f"{fact['status']}, {fact['basis']}"] + (
            [f"period {key.period}"] if key.period and not period else []
        )
        if all(standing[one] == UNREVIEWED for one in claims):
            notes.append(UNREVIEWED)
        rows.append(
            {
                "fact": _code(RECONCILED, fact["key"]),
                "indicator": key.indicator,
                "kind": "count" if unit.partition("/")[0] == "count" else "level",
                "subject": key.subject,
                "partners": " ".join(key.partners),
                "route": key.route,
                "commodity": key.commodity,
                "perimeter": key.perimeter,
                "period": period,
                "modality": key.modality if key.modality in _MODALITIES else "actual",
                "value": f"{fact['value']:.9g}",
                "low": "" if fact["low"] is None else f"{min(fact['low'], fact['value']):.9g}",
                "high": "" if fact["high"] is None else f"{max(fact['high'], fact['value']):.9g}",
                "unit": unit,
                "sources": " ".join(sorted(about)),
                "quote": _quote(fact, [quotes.get(one, "") for one in claims]),
                "note": ", ".join(notes) + (f"; piece: {key.part}" if key.part else ""),
            }
        )
    return rows


def _unit_in_table(unit: str, known: Container[str]) -> str | None:
    """Return the unit of a row of facts.csv: counted things are ``count``, at a rate where they have one.

    ``None`` for money and ratios that the unit table does not know: no factor brings them to what it knows.
    """
    thing, _, rate = unit.partition("/")
    if unit in known:
        return unit
    counted = f"count/{rate}" if rate else "count"
    return counted if counted in known and not re.fullmatch("[A-Z]{3}", thing) else None


def _homeless(unit: str, claim: str) -> Fault:
    mend = "use a unit of the unit table, or keep the figure with its claim"
    return Fault("K3012", "no row of facts.csv: its unit is not in the unit table", mend, claim, value=unit)


def _quote(fact: Mapping[str, Any], quotes: Sequence[str]) -> str:
    """Return the first words that say the value of the fact; none where it is what nobody said."""
    return next((one for one in quotes if one and quote_agrees(one, fact["value"])), "")


def _code(prefix: str, text: str) -> str:
    return f"{prefix}{hashlib.sha256(text.encode()).hexdigest()[:10]}"
