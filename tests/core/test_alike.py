"""Codes that are easily taken for one another, in every table that identifies rows by a code."""

import pytest

from kopir.core.folders.alike import alike_faults, looks
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import make_table

KEYED = [
    name
    for name, schema in table_schemas().items()
    if len(schema.key) == 1
    and schema.column(schema.key[0]).type == "id"
    and not schema.column(schema.key[0]).refers_to
]


def faults_of(**tables):
    """Return the faults of tables given as the codes of one column."""
    made = {}
    for name, codes in tables.items():
        schema = table_schemas()[name]
        made[name] = make_table(schema, [{schema.key[0]: code} for code in codes])
    return [(fault.code, fault.file, fault.line, fault.value) for fault in alike_faults(made)]


@pytest.mark.parametrize("name", KEYED)
@pytest.mark.parametrize(
    ("one", "other"), [("WEST", "west"), ("ATYRAU", "АTYRAU"), ("KOH", "КОН"), ("a-B.c", "A-b.C")]
)
def test_two_codes_that_look_alike_are_a_fault_of_any_table(name, one, other):
    assert faults_of(**{name: [one, "OTHER", other]}) == [("K0221", f"{name}.csv", 4, other)]


@pytest.mark.parametrize("name", KEYED)
def test_codes_that_differ_otherwise_are_none(name):
    assert faults_of(**{name: ["WEST", "WEST2", "WEST_2", "Ақтау", "Ақтөбе", "Қызылорда"]}) == []


def test_a_name_of_a_code_in_letters_of_another_script_is_a_fault():
    assert faults_of(links=["CPC"], names=["СРС"]) == [("K0221", "names.csv", 2, "СРС")]
    assert faults_of(links=["CPC"], names=["CPC"]) == []


def test_a_word_of_two_scripts_is_a_fault_and_two_words_are_none():
    assert faults_of(nodes=["Aқtау"]) == [("K0221", "nodes.csv", 2, "Aқtау")]
    assert faults_of(nodes=["KZ-Ақтау"]) == []


def test_tables_may_use_the_same_code_and_free_slots_other_words():
    assert faults_of(nodes=["TENGIZ"], supplies=["TENGIZ"], functions=["tengiz"]) == []


def test_letters_of_three_scripts_look_the_same():
    assert looks("АВСЕНІКМОРТХ") == "ABCEHIKMOPTX"
    assert looks("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ") == "ABEZHIKMNOPTYX"
