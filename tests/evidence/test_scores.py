"""The published scorers, run unchanged on what is read from the annotated texts."""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest

from kopir.core.codes import codes
from kopir.evidence import read, read_catalogue
from kopir.evidence.corpus import Score, cases, table
from kopir.evidence.words._lexicon import LANGUAGES, indicator_rules, read_table

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "evidence"
CORPUS = Path(__file__).parent / "corpus"
WHOLE = "whole claim (strict direction)"
FIGURE = "e2e value+unit+cmp"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the annotated texts are not beside the repository")


def scorer(name):
    spec = importlib.util.spec_from_file_location(name, SHARED / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def claims(folder, catalogue=None):
    rows = read_catalogue(SHARED / catalogue) if catalogue else None
    return [claim.as_record() for claim in read([SHARED / folder], catalogue=rows, relations=False).claims]


def published(gold, predictions, score):
    """Return how many published claims there are, and how many of them are right as a whole."""
    rows = [p for p in predictions if p["published"]]
    checked = right = 0
    for p in rows:
        near = [g for g in gold if g["doc"] == p["doc"] and score.iou(g, p) > 0]
        if near and all(g.get("tier", "core") != "core" for g in near):
            continue
        best = max(near, key=lambda g: score.iou(g, p), default=None)
        checked += 1
        right += best is not None and all(score.TESTS[name](best, p) for name in score.E2E[WHOLE])
    return checked, right


@shared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("gold", "folder", "catalogue", "figure", "whole"),
    [("gold_dev.jsonl", "dev", "docs_dev.jsonl", 0.97, 0.75), ("gold_seeds.jsonl", "seeds", None, 0.98, 0.80)],
)
def test_claims(gold, folder, catalogue, figure, whole):
    score = scorer("score")
    truth, found = score.load(SHARED / gold), claims(folder, catalogue)
    result = score.score(truth, found)
    assert result[FIGURE] >= figure
    assert result[WHOLE] >= whole
    checked, right = published(truth, found, score)
    assert right >= 0.95 * checked


@shared
@pytest.mark.slow
def test_noise():
    result, _ = scorer("score_noise").score(claims("noise"), SHARED / "noise")
    assert result["false claims per 10 kB"] <= 1


@shared
@pytest.mark.slow
def test_relations():
    score = scorer("score_relations")
    with (SHARED / "relation_classes.csv").open(encoding="utf-8") as stream:
        classes = {row["relation"]: row["class"] for row in csv.DictReader(stream)}
    found = [relation.as_record() for relation in read([SHARED / "seeds"]).relations]
    result, _ = score.score(score.load(SHARED / "gold_relations.jsonl"), found, classes, SHARED / "seeds")
    assert result[score.HEAD] >= 0.60


@pytest.mark.slow
def test_corpus():
    rows = table(CORPUS)
    lines: dict[str, int] = {}
    for language, _, score in rows:
        lines[language] = lines.get(language, 0) + score.lines
    assert all(count >= 149 for count in lines.values())
    for language, part, score in rows:
        assert score.f1(score.figures) >= 0.9, (language, part)
        assert score.f1(score.whole) >= 0.75, (language, part)
    held = sum((score for _, part, score in rows if part == "held"), Score())
    assert held.published_right / held.published >= 0.85


def test_corpus_lines_are_well_formed():
    for path in sorted(CORPUS.glob("*.tsv")):
        for case in cases(path):
            for want in case.expected:
                assert case.text[want.start : want.end].strip()
    assert json.dumps(sorted(p.name for p in CORPUS.glob("*.tsv"))).count("_held") == 4


UNNAMED = {"alternative_routes"}


def test_every_code_that_is_read_is_registered():
    kinds = {"state": "states", "group": "groups", "route": "routes"}
    for language in LANGUAGES:
        for row in read_table(language, "actors"):
            if row["kind"] in kinds and row["code"] not in UNNAMED:
                known = {**codes(kinds[row["kind"]]), **codes("groups")}  # former states stand among groups
                assert row["code"] in known, (language, row["pattern"])
    assert {rule["indicator"] for rule in indicator_rules()} <= {*codes("indicators"), ""}
