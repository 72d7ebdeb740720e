"""Changes of the model folder that pages ask for: each is one change, of a folder as the page showed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kopir.core.errors import Fault, InputError, Locked
from kopir.core.folders.alike import alike_faults
from kopir.core.folders.folder import Folder, read_folder
from kopir.core.folders.references import reference_faults
from kopir.core.folders.tables import format_table, parse_table
from kopir.core.folders.together import Change, changing
from kopir.report.brief import edition_of

if TYPE_CHECKING:
    from kopir.evidence import Reading
    from kopir.serve.desk import Desk

NEW = "new"
"""What stands for the line of a row that is not there yet."""


def sent(desk: Desk, reading: Reading, version: str) -> Sequence[Path]:
    """Add the published claims of a document to the fact book and return the files written.

    Raises :class:`InputError` where nothing is published, and as :func:`held` does.
    """
    from kopir.facts import (
        claims_of_folder,
        claims_of_readings,
        combined,
        outranked,
        reconcile,
        reviewed,
        write_book,
    )

    fresh = reviewed(claims_of_readings([reading]))
    if fresh.is_empty():
        raise InputError(Fault("K3007", "no claim is published", "correct what withholds them"))
    with held(desk, version) as (folder, change):
        book = reconcile(outranked(combined([claims_of_folder(folder), fresh])))
        written = write_book(book, folder, change=change)
    desk.renew()
    return written


def row_changed(desk: Desk, table: str, version: str, line: str, values: Mapping[str, str] | None) -> None:
    """Put ``values`` in the place of the row at ``line`` of a table, or take it away where there are none.

    Raises :class:`InputError` with every fault that the model would then have, and as :func:`held` does.
    """
    from kopir.core.clock import today
    from kopir.model.folder.revising import changed_files, model_on, with_rows

    with held(desk, version) as (folder, change):
        rows = [dict(row) for row in folder.tables[table].records()]
        lines = [str(one) for one in folder.tables[table].cells["line"].to_list()]
        if line == NEW and values is not None:
            rows.append(dict(values))
        elif line in lines:
            place = lines.index(line)
            rows[place : place + 1] = [] if values is None else [dict(values)]
        else:
            raise InputError(Fault("K0505", "there is no such row", "look at the table anew", value=line[:20]))
        after = with_rows(folder, table, rows)
        faults = _faults(after, table)
        if faults:
            raise InputError(faults)
        model_on(after, desk.project.model.as_of or today())
        change.write(changed_files(folder, after))
    desk.renew()


def scenario_kept(desk: Desk, name: str, text: str, version: str, replaced: str) -> None:
    """Write ``text`` as the scenario ``name``, in the place of one whose text has the version ``replaced``.

    ``replaced`` is blank where there is none yet; else its text is kept beside. Raises :class:`InputError` with
    every fault of the scenario, :class:`Locked` where the folder holds another one of this name, and as
    :func:`held` does.
    """
    from kopir.model.network.scenario import parse_scenario
    from kopir.serve.earlier import kept_beside
    from kopir.serve.scenarios import FOLDER

    with held(desk, version) as (folder, change):
        parse_scenario(text, desk.project.model, file=f"{name}.toml")
        there, now = _as_shown(desk, name, replaced)
        files, gone = kept_beside(folder.path, there, now) if there and now != text else ({}, ())
        change.write({f"{FOLDER}/{there or name}.toml": text.encode(), **files}, gone)
    desk.renew()


def scenario_removed(desk: Desk, name: str, version: str, replaced: str) -> None:
    """Take the scenario ``name``, whose text has the version ``replaced``, away; its text is kept beside.

    Raises as :func:`scenario_kept` does, and :class:`InputError` for that of a recorded event.
    """
    from kopir.serve.earlier import kept_beside
    from kopir.serve.scenarios import FOLDER, not_of_the_record, scenario_named

    with held(desk, version) as (folder, change):
        scenario_named(desk, name)
        not_of_the_record(desk, name)
        there, now = _as_shown(desk, name, replaced)
        files, gone = kept_beside(folder.path, there, now)
        change.write(files, (f"{FOLDER}/{there}.toml", *gone))
    desk.renew()


def scenario_renamed(desk: Desk, name: str, to: str, version: str, replaced: str) -> None:
    """Give the scenario ``name``, whose text has the version ``replaced``, another name; its text stays.

    Raises as :func:`scenario_kept` does, and :class:`InputError` for a name that none can have.
    """
    from kopir.serve.scenarios import FOLDER, not_of_the_record, proper_name, scenario_named

    with held(desk, version) as (_, change):
        scenario_named(desk, name)
        proper_name(desk, to)
        not_of_the_record(desk, name)
        there, now = _as_shown(desk, name, replaced)
        _as_shown(desk, to, "")
        change.write({f"{FOLDER}/{to}.toml": now.encode()}, (f"{FOLDER}/{there}.toml",))
    desk.renew()


def _as_shown(desk: Desk, name: str, replaced: str) -> tuple[str, str]:
    """Return the name, letter by letter, and the text of a scenario, both blank where there is none.

    Raises :class:`Locked` where it has not the version ``replaced`` that a page showed.
    """
    from kopir.serve.scenarios import names, scenario_named, version_of

    known = names(desk)
    there = name if name in known else next((one for one in known if one.casefold() == name.casefold()), "")
    text = scenario_named(desk, there).text if there else ""
    if (version_of(text) if there else "") != replaced:
        mend = "choose another name" if not replaced else "look at the page anew and try again"
        why = "there is a scenario of this name" if not replaced else "it has changed since this page was made"
        raise Locked(Fault("K0603", why, mend, desk.project.model.folder.path.name, value=name))
    return there, text


@contextmanager
def held(desk: Desk, version: str) -> Iterator[tuple[Folder, Change]]:
    """Hold the folder of a desk while it is changed.

    Raises :class:`InputError` for a bundled model, and :class:`Locked` where the folder is no longer what a page
    showed, whose ``version`` (its edition) it named.
    """
    root = desk.project.model.folder.path
    if not desk.changeable:
        raise InputError(
            Fault("K0602", "a bundled model is not changed", "copy it first: kopir demo DIR", value=root.name)
        )
    with changing(root) as change:
        folder = read_folder(root)
        if edition_of(folder) != version:
            why = "the folder has changed since this page was made"
            raise Locked(Fault("K0603", why, "look at the page anew and try again", root.name))
        yield folder, change


def _faults(folder: Folder, table: str) -> list[Fault]:
    """Return what is wrong with a folder of which one table has changed."""
    made = folder.tables[table]
    own = parse_table(format_table(made), made.schema)[1]
    return own or [*reference_faults(folder.tables), *alike_faults(folder.tables)]
