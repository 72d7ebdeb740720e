"""Published worlds: the twin documents, the acceptance cases, the Kazakhstan base, planted conflicts."""

import csv
import importlib
import json
import sys
from pathlib import Path

import pytest

import kopir
from kopir.core.folders.folder import read_folder
from kopir.evidence import read
from kopir.facts import check_equations, claims_of_folder, claims_of_readings, read_claims, reconcile
from tests.facts.shared import SHARED, needs_shared

pytestmark = [needs_shared, pytest.mark.slow]
KAZAKHSTAN = Path(kopir.__file__).parent / "model/bundled/kazakhstan"


def load(folder, name):
    sys.path.insert(0, str(SHARED / "evidence" / folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize("gold", [True, False])
def test_the_twin_documents(gold):
    from benchmarks.facts_twins import answer

    root = SHARED / "evidence/twins"
    expected = json.loads((root / "expected.json").read_text("utf-8"))
    answers = [answer(root, case, gold=gold) for case in expected["cases"]]
    _, rows = load("", "score_twins").score(expected, answers)
    assert [row["case"] for row in rows if not row["solved"]] == []


@pytest.fixture(scope="module")
def seeds():
    return reconcile(read_claims(SHARED / "evidence/gold_seeds.jsonl"))


CASES = [
    ("trade_turnover|RUS|KAZ|2024|-|-|-|USD", 27.5e9, 28.5e9),
    ("trade_turnover|KAZ|TUR|2024|-|-|-|USD", 5e9, 5.5e9),
    ("oil_export|KAZ|-|2025-01/2025-06|-|-|-|t", 38.9e6, 40.6e6),
    ("oil_export|KAZ|-|2025-01/2025-06|-|-|-|t|rest", 4.0e6, 7.2e6),
    ("import|KAZ|EU|2024|-|-|-|USD", 10.6e9, 10.8e9),
    ("deals_value|KAZ|USA|2025-11-06|-|-|-|USD", 17.15e9, 17.25e9),
    ("trade_turnover|RUS|C_ASIA|2024|-|-|-|USD|rest", 21.5e9, float("inf")),
    ("freight_transit|RUS|CHN,KAZ|before 3y_to_doc|-|-|-|t", 1.28e6, 2.2e6),
]


@pytest.mark.parametrize(("key", "low", "high"), CASES)
def test_the_acceptance_cases_from_annotated_claims(seeds, key, low, high):
    fact = seeds.ask(key)
    assert low * 0.999 <= fact.low
    assert fact.high <= high * 1.001
    assert fact.low <= fact.value <= fact.high


@pytest.fixture(scope="module")
def read_seeds():
    texts = sorted((SHARED / "evidence/seeds").glob("*.txt"))
    return reconcile(claims_of_readings(read(texts, date=None).readings))


@pytest.mark.parametrize(("key", "low", "high"), CASES)
def test_the_acceptance_cases_from_the_texts(read_seeds, key, low, high):
    fact = read_seeds.ask(key)
    assert low * 0.999 <= fact.low
    assert fact.high <= high * 1.001


def test_the_seeds_do_not_contradict_each_other(seeds):
    assert seeds.conflicts.filter(seeds.conflicts["class"] != "rounding").is_empty()


@pytest.fixture(scope="module")
def base():
    folder = read_folder(KAZAKHSTAN)
    return folder, reconcile(claims_of_folder(folder))


def annotated_conflicts():
    with (SHARED / "data/kazakhstan/conflicts.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["detectable_within_one_key"] == "yes"]


def test_every_detectable_conflict_of_the_base_is_found_and_classed(base):
    found = [(set(row["claims"]), row["class"]) for row in base[1].conflicts.iter_rows(named=True)]
    missed = [
        row["conflict_id"]
        for row in annotated_conflicts()
        if not any(len(c & set(row["fact_ids"].split())) > 1 and k == row["class"] for c, k in found)
    ]
    assert missed == []


@pytest.mark.parametrize("implausible", ["F0475", "F0763"])
def test_implausible_rows_are_flagged(base, implausible):
    classes = {row["class"] for row in base[1].conflicts.iter_rows(named=True) if implausible in row["claims"]}
    assert "unit_scale" in classes


def test_identities_of_the_base_hold_or_are_off_by_their_rounding(base):
    table = check_equations(*base)
    assert table["missing"].list.len().sum() == 0
    assert table.filter(~table["held"])["violation"].max() in {None} or table["violation"].max() < 0.025


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_worlds_beat_the_baseline_by_a_quarter(tmp_path, seed):
    from benchmarks.facts_planted import answers

    generator, scorer = load("planted", "planted_conflicts"), load("planted", "score_planted")
    made, truth = generator.write(seed, 1000, tmp_path)
    baselines = [scorer.score(truth, out) for name, out in scorer.baselines(made).items() if "CRH" in name]
    ours = scorer.score(truth, answers(tmp_path))
    best = min(one["error"]["direct"]["share off by > 1 %"] for one in baselines)
    assert ours["error"]["direct"]["share off by > 1 %"] <= 0.75 * best
    assert ours["conflicts"]["any class"]["P"] > 0.8
    assert ours["conflicts"]["any class"]["R"] > 0.8
    assert min(ours["error"][how]["interval holds truth"] for how in ("direct", "derived")) > 0.93
