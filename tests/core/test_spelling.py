"""Suggestions for misspelt words."""

from kopir.core.spelling import did_you_mean


def test_a_near_word_is_suggested():
    assert did_you_mean("TENGZ", ["TENGIZ", "ATYRAU"], "a node") == 'did you mean "TENGIZ"? or use a node'


def test_a_far_word_is_not():
    assert did_you_mean("zzz", ["TENGIZ"], "a node") == "use a node"


def test_the_suggestion_does_not_depend_on_the_order_of_the_known_words():
    words = ["F0012", "F0021", "F0102"]
    assert did_you_mean("F002", words, "x") == did_you_mean("F002", reversed(words), "x")


def test_hostile_words_get_no_costly_search():
    assert did_you_mean("a" * 100_000, ["a" * 50_000 + "b" * 50_000], "a node") == "use a node"
    assert did_you_mean("F_1", (f"F{number}" for number in range(200_000)), "a fact") == "use a fact"
