"""How Russian economic prose says what is measured: a sentence of our own for each way, and twins of it.

``ru_words.tsv`` holds a sentence a line, figures in ``[[ ]]``, and for each figure indicator, subject>partners,
period and modality; ``.`` leaves a slot open.
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest

from kopir.evidence import read_text

FIGURE = re.compile(r"\[\[(.*?)\]\]")
LINES = [
    (row["text"], row["read"])
    for row in csv.DictReader(
        files("tests.evidence").joinpath("ru_words.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
]
YEARS = {"2021": "2018", "2022": "2017", "2020": "2016"}


def swapped(text):
    return re.sub("|".join(YEARS), lambda found: YEARS[found[0]], text)


def claims_at_figures(text):
    plain, places, last = "", [], 0
    for found in FIGURE.finditer(text):
        plain += text[last : found.start()]
        places.append((len(plain), len(plain) + len(found[1])))
        plain, last = plain + found[1], found.end()
    claims = read_text((plain + text[last:]).replace("\\n", "\n"), language="ru", date="2024-06-15").claims
    return [next(c for c in claims if c.start < end and start < c.end) for start, end in places]


def slots(claim):
    who = f"{claim.subject or ''}>{','.join(claim.partners)}"
    return [claim.indicator or "-", who, claim.period or "-", claim.modality]


@pytest.mark.parametrize("twin", [False, True])
@pytest.mark.parametrize(("text", "told"), LINES)
def test_a_way_of_saying_what_is_measured(text, told, twin):
    text, told = (swapped(text), swapped(told)) if twin else (text, told)
    for claim, wanted in zip(claims_at_figures(text), told.split(";;"), strict=True):
        read = slots(claim)
        assert all(want in (".", got) for want, got in zip(wanted.split(), read, strict=False)), (read, wanted)
