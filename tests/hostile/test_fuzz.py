"""What fuzzing starts from is sound: each reader has documents, and they are read."""

import pytest

from kopir.evidence._readers import file_layout
from tests.hostile.fuzz import READERS, corpus


@pytest.mark.parametrize("name", READERS)
def test_a_reader_starts_from_sound_documents(tmp_path, name):
    starts, room = tmp_path / "starts", tmp_path / "room"
    starts.mkdir()
    room.mkdir()
    corpus(name, starts)
    found = sorted(starts.iterdir())
    assert found
    for path in found:
        assert "2024" in file_layout(READERS[name][1](room, path.read_bytes())).text
