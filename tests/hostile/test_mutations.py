"""Two thousand mutations, the same each time, end in an answer or in faults with a mend."""

import pytest

from kopir.core.errors import InputError
from kopir.model.folder.opening import open_model
from tests.hostile.models import write_model
from tests.hostile.mutations import run

PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_mutated_ends_in_an_answer_or_in_faults(part):
    assert run(part * 250, 250, slowest=60) == []


@pytest.mark.parametrize("odd", ["9" * 400, "-" + "9" * 400, "NaN", "1e999", "[" * 900 + "999, 999" + "]" * 900])
def test_coordinates_of_any_size_and_depth_are_faults(tmp_path, odd):
    folder = write_model("wide", tmp_path / "m")
    path = folder / "geometry" / "pipes.geojson"
    path.write_text(path.read_text("utf-8").replace("51.9,47.1", f"{odd},47.1", 1), "utf-8")
    with pytest.raises(InputError) as caught:
        open_model(folder)
    assert [fault.code for fault in caught.value.faults] == ["K0372" if "[" in odd else "K0371"]
