"""The reference pages in docs are what the schema tables and fault codes say."""

from __future__ import annotations

from pathlib import Path

from kopir.core.folders.reference import faults_page, model_folder_page

DOCS = Path(__file__).parents[2] / "docs"
MEND = "run: python -m kopir.core.folders.reference docs"


def test_model_folder_page_is_up_to_date() -> None:
    assert (DOCS / "model-folder.md").read_text(encoding="utf-8") == model_folder_page(), MEND


def test_faults_page_is_up_to_date() -> None:
    assert (DOCS / "faults.md").read_text(encoding="utf-8") == faults_page(), MEND
