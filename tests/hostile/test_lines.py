"""Lines of JSON – claims, catalogues, journals – with something odd in any place, and letters that end no line."""

import json

import pytest

from kopir.core.errors import KopirError
from kopir.evidence import read, read_catalogue, write_json_lines, write_parquet
from kopir.evidence.documents._journal import HASH, _hash, open_journal
from kopir.facts import read_claims
from tests.hostile.mutations import SENTENCE
from tests.hostile.trees import deep, spoilt

ENDS_NOTHING = "\u2028\u2029\x85\x0b\x0c\x1c\x1e"
TEXTS = (
    deep(5), deep(900), deep(100_000), '{"a":' * 100_000, "9" * 5_000, f'{{"value": {"9" * 5_000}}}',
    f'{{"value": {deep(900)}}}', f'{{"partners": {deep(900)}}}', "NaN", '{"value": NaN}', '{"value": 1e999}',
    '"\\ud800"', '{"doc": "\\ud800"}', '{"\\udfff": 1}',
)  # fmt: skip


@pytest.fixture(scope="module")
def claim(tmp_path_factory):
    """The record of a claim that was read."""
    folder = tmp_path_factory.mktemp("lines")
    (folder / "a.txt").write_text(SENTENCE, "utf-8")
    return read([folder / "a.txt"]).claims[0].as_record()


def refused(reader, path):
    """Return whether a file is refused; every refusal has a mend, and nothing else is raised."""
    try:
        reader(path)
    except KopirError as error:
        faults = error.faults
    else:
        return False
    assert faults
    assert all(fault.mend for fault in faults)
    return True


@pytest.mark.slow
def test_a_claim_with_anything_anywhere_is_a_claim_or_refused(tmp_path, claim):
    path = tmp_path / "c.jsonl"
    count = 0
    for _, _, tree in spoilt(claim):
        path.write_text(json.dumps(tree) + "\n", "utf-8")
        count += refused(read_claims, path)
    assert count > 300


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:20])
def test_lines_that_no_claim_can_be_are_refused(tmp_path, claim, text):
    path = tmp_path / "c.jsonl"
    path.write_text(text + "\n", "utf-8")
    assert refused(read_claims, path)
    refused(read_catalogue, path)
    path.write_text(json.dumps(claim)[:-1] + f', "note": {text}}}\n', "utf-8")
    refused(read_claims, path)
    path.write_text(f'{{"doc": "a.txt", "z": {text}}}\n', "utf-8")
    refused(read_catalogue, path)


@pytest.mark.parametrize("letter", ENDS_NOTHING)
def test_a_letter_within_a_text_ends_no_line(tmp_path, letter):
    (tmp_path / "a.txt").write_text(f"In Tengiz,{letter} {SENTENCE[0].lower()}{SENTENCE[1:]}\n", "utf-8")
    claims = read([tmp_path / "a.txt"]).claims
    assert claims
    write_json_lines(claims, tmp_path / "c.jsonl")
    assert read_claims(tmp_path / "c.jsonl").height == len(claims)
    for name, text in (("c.jsonl", json.dumps({"doc": f"a{letter}b"}, ensure_ascii=False)),
                       ("c.csv", f'doc,date\n"a{letter}b",2024')):  # fmt: skip
        if ord(letter) >= 32:
            (tmp_path / name).write_text(f"{text}\n", "utf-8")
            read_catalogue(tmp_path / name)


@pytest.mark.slow
def test_a_line_of_a_journal_is_believed_only_where_it_can_be_of_the_text(tmp_path):
    """Whoever writes a line may write its hash as well."""
    (tmp_path / "a.txt").write_text(SENTENCE, "utf-8")
    path = tmp_path / "j.jsonl"
    first = read([tmp_path / "a.txt"], journal=path)
    row = json.loads(path.read_text("utf-8"))
    row.pop(HASH)
    tried = believed = 0
    for place, _, tree in spoilt(row):
        if isinstance(tree, dict) and place != ("key",):
            path.write_text(json.dumps({**tree, HASH: _hash(tree)}) + "\n", "utf-8")
            found = open_journal(path).found(row["key"], len(SENTENCE))
            tried += 1
            if found is not None and found.claims != list(first.claims):
                believed += 1
                write_json_lines(found.claims, tmp_path / "o.jsonl")
                write_parquet(found.claims, tmp_path / "o.parquet")
    assert 0 < believed < 0.25 * tried
