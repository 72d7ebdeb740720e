"""Names of cells of a sheet, by hand; packages that are broken."""

import zipfile

import pytest

from kopir.core.errors import UnreadableDocument
from kopir.core.officefiles import cell_place, opened


@pytest.mark.parametrize(
    ("label", "place"),
    [("A1", (0, 0)), ("B7", (6, 1)), ("Z2", (1, 25)), ("AA10", (9, 26)), ("XFD1048576", (1_048_575, 16_383))],
)
def test_a_cell_is_named_by_column_and_row(label, place):
    assert cell_place(label) == place


@pytest.mark.parametrize("label", ["", "A", "7", "A0", "a1", "A1:B2", "ABCD1", "А1"])
def test_other_names_are_no_cell(label):
    assert cell_place(label) is None


def spoilt(data, kind):
    """Spoil a package whose only part is ``héad`` in one way."""
    name = "héad".encode()
    first, last = data.index(name), data.rindex(name)
    match kind:
        case "name in the list":
            return data[:last] + b"h\xd9ad." + data[last + len(name) :]
        case "name at the part":
            return data[:first] + b"h\xd9ad." + data[first + len(name) :]
        case "body":
            return data[: first + len(name) + 2] + b"\xff" * 12 + data[first + len(name) + 14 :]
    return data[:-4] + b"\xff" * 4


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("kind", ["name in the list", "name at the part", "body", "end"])
def test_a_broken_package_is_refused_whatever_is_broken(tmp_path, kind, packing):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w", packing) as package:
        package.writestr("héad", "<a>text, text, text, text, text, text, text</a>")
    with opened(path) as held:
        assert held.tree("héad").text
    path.write_bytes(spoilt(path.read_bytes(), kind))
    with pytest.raises(UnreadableDocument, match="K2007"), opened(path) as held:
        held.tree("héad")
