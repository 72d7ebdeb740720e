"""The reference data beside the repository, where a copy has it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "evidence").is_dir(), reason="needs the reference data in ../shared, which this copy lacks"
)
