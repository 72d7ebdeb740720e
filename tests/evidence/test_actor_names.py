"""Two annotators, or a reader, may spell an actor in several ways; a code of the tables is only itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading.naming import same_actor, same_actors
from kopir.core.codes import codes


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("NMG", "National_Media_Group"),
        ("RenTV", "REN_TV"),
        ("M.Gutseriev", "M.Guceriev"),
        ("British_Petroleum", "BP"),
        ("Bank_Rossiya", "Rossia_Bank"),
        ("Chukotneft", "Cukotneft"),
        ("Sumitomo_Bank", "Sumitomo_Bank_Ltd"),
        ("Yapi_Kredi", "Yapı_Kredi"),
        (None, ""),
    ],
)
def test_one_actor_under_two_spellings(first: str | None, second: str | None) -> None:
    assert same_actor(first, second)
    assert same_actor(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("KAZ", "KGZ"),
        ("KAZ", "KAZ_MFA"),
        ("USA", "US_Steel"),
        ("Bank_of_Chile", "Bank_of_Peru"),
        ("Petersburg", "Petersburg_Channel_Five"),
        ("Air_Astana", "Air_France"),
        ("CPC", "Caspian_Pipeline_Consortium"),
        ("Rosneft", None),
    ],
)
def test_two_actors(first: str | None, second: str | None) -> None:
    assert not same_actor(first, second)
    assert not same_actor(second, first)


@given(st.sampled_from(sorted(codes("states"))), st.sampled_from(sorted(codes("states"))))
def test_a_code_equals_only_itself(first: str, second: str) -> None:
    assert same_actor(first, second) == (first == second)


def test_lists_in_any_order_and_each_name_once() -> None:
    assert same_actors(["NMG", "RTL"], ["RTL_Group", "National_Media_Group"])
    assert not same_actors(["RTL"], ["RTL", "NMG"])
    assert not same_actors([], ["RTL"])
