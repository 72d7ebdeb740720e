"""Faults, their registry and the error tree."""

import pickle
import re
from pathlib import Path

import pytest

import kopir
from kopir.core import errors
from kopir.core.errors import Fault, InputError, KopirError, LimitReached, ModelError, StoreError, fault_codes

SOURCE = Path(kopir.__file__).parent


def test_every_code_that_the_source_raises_is_registered():
    raised = {code for file in SOURCE.rglob("*.py") for code in re.findall(r'"(K\d{4})"', file.read_text("utf-8"))}
    assert raised
    assert raised <= set(fault_codes())


def test_registered_codes_are_well_formed_and_explained():
    registered = fault_codes()
    assert list(registered) == sorted(registered)
    for code, entry in registered.items():
        assert re.fullmatch(r"K\d{4}", code)
        assert all((entry.title.strip(), entry.meaning.strip(), entry.mend.strip())), code
    titles = [entry.title for entry in registered.values()]
    assert len(titles) == len(set(titles))


def test_the_registry_has_no_code_twice():
    lines = (SOURCE / "core/data/fault_codes.csv").read_text("utf-8").splitlines()
    assert len(lines) - 1 == len(fault_codes())


def test_a_fault_names_file_line_column_value_and_mend():
    fault = Fault("K0205", "not a number", "write a number", "nodes.csv", 3, "lat", "north")
    assert str(fault) == "nodes.csv:3:lat K0205 not a number\n  value: 'north'\n  mend: write a number"
    assert fault.as_record() == {
        "code": "K0205",
        "file": "nodes.csv",
        "line": 3,
        "column": "lat",
        "value": "north",
        "why": "not a number",
        "mend": "write a number",
    }


def test_a_fault_of_a_whole_folder_has_no_place():
    fault = Fault("K0101", "no such folder", "give another")
    assert str(fault) == "K0101 no such folder\n  mend: give another"


def test_an_error_carries_all_faults_and_prints_the_first_twenty():
    faults = [Fault("K0203", f"blank {number}", "fill it in") for number in range(25)]
    error = InputError(faults)
    assert error.faults == tuple(faults)
    assert "blank 19" in str(error)
    assert "blank 20" not in str(error)
    assert str(error).endswith("... and 5 more")


@pytest.mark.parametrize("given", ["words", Fault("K0101", "why", "mend"), [Fault("K0101", "why", "mend")]])
def test_errors_survive_pickling_between_processes(given):
    error = pickle.loads(pickle.dumps(InputError(given)))
    assert (error.faults, str(error)) == (InputError(given).faults, str(InputError(given)))


def test_an_incumbent_survives_pickling_between_processes():
    error = pickle.loads(pickle.dumps(LimitReached(Fault("K0403", "why", "mend"), incumbent=7.5, gap=0.01)))
    assert (error.incumbent, error.gap, error.faults[0].code) == (7.5, 0.01, "K0403")


def test_every_error_of_the_room_descends_from_one_root_and_stands_in_the_drawn_tree():
    tree = errors.__doc__ or ""
    found = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)]
    assert all(issubclass(item, KopirError) for item in found)
    assert all(re.search(rf"\b{item.__name__}\b", tree) for item in found)


def test_exit_codes_tell_whose_turn_it_is():
    assert (InputError.exit_code, ModelError.exit_code, LimitReached.exit_code, StoreError.exit_code) == (
        3,
        4,
        5,
        6,
    )
