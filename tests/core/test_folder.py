"""Model folders: read with every fault, written whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopir.core.errors import InputError, KopirError, VersionMismatch
from kopir.core.folders.folder import read_folder, write_folder
from kopir.core.folders.schema import table_schemas
from kopir.core.folders.tables import MAX_FAULTS
from tests.core.model_folder import SETTINGS, TABLES, write_model


def faults_of(root):
    with pytest.raises(InputError) as caught:
        read_folder(root)
    assert all(fault.mend and fault.why for fault in caught.value.faults)
    return list(caught.value.faults)


def the_fault(root):
    (fault,) = faults_of(root)
    return fault


def place(fault):
    return fault.code, fault.file, fault.line, fault.column, fault.value


def contents(root):
    return {item.name: item.read_bytes() for item in root.iterdir()}


def test_the_miniature_is_read(tmp_path):
    folder = read_folder(write_model(tmp_path / "mini"))
    assert folder.settings.model.name == "mini"
    assert set(folder.tables) == set(table_schemas())
    assert folder.tables["links"].typed["link"].to_list() == ["CPC"]
    assert {name for name, table in folder.tables.items() if table.present} == set(TABLES)
    assert folder.tables["storage"].typed.height == 0


def test_what_is_written_is_read_back_and_written_the_same(tmp_path):
    names = 'code,en,ru\nCPC,"The ""Caspian"" line, owned by\nmany",Каспийский трубопровод\n'
    folder = read_folder(write_model(tmp_path / "mini", names=names, nodes=TABLES["nodes"].replace("\n", "\r\n")))
    write_folder(folder, tmp_path / "new" / "copy")
    again = read_folder(tmp_path / "new" / "copy")
    assert (again.settings, again.settings_text) == (folder.settings, folder.settings_text)
    for name, table in folder.tables.items():
        assert again.tables[name].present == table.present
        assert again.tables[name].cells.equals(table.cells), name
    write_folder(again, tmp_path / "twice")
    assert contents(tmp_path / "twice") == contents(tmp_path / "new" / "copy")
    assert (tmp_path / "twice" / "names.csv").read_text("utf-8") == names


@pytest.mark.parametrize("missing", ["no folder", "no kopir.toml", "a file"])
def test_a_path_that_is_no_model_folder(tmp_path, missing):
    path = tmp_path / "mini"
    if missing == "a file":
        path.write_text("x")
    elif missing == "no kopir.toml":
        write_model(path, settings=None)
    assert place(the_fault(path)) == ("K0101", str(path), None, None, None)


def test_a_newer_format(tmp_path):
    root = write_model(tmp_path, settings=SETTINGS.replace("1", "2", 1), nodes="in a form that nobody knows yet")
    with pytest.raises(VersionMismatch) as caught:
        read_folder(root)
    assert [place(fault) for fault in caught.value.faults] == [("K0109", "kopir.toml", None, "format", "2")]


NODES, LINKS, FACTS = TABLES["nodes"], TABLES["links"], TABLES["facts"]
DENIAL, CARRIES = TABLES["denial"], TABLES["carries"]
SPOILED = {
    "malformed settings": ({"settings": SETTINGS + "["}, ("K0107", "kopir.toml", 8, None, None)),
    "unknown node": (
        {"links": LINKS.replace("TENGIZ", "TENGZ")},
        ("K0207", "links.csv", 2, "from_node", "TENGZ"),
    ),
    "unknown jurisdiction in a clause": (
        {"denial": DENIAL.replace("RUS", "RUS+XYZ")},
        ("K0207", "denial.csv", 2, "clause", "XYZ"),
    ),
    "unknown asset": (
        {"denial": DENIAL.replace("link,CPC", "link,BTC")},
        ("K0207", "denial.csv", 2, "asset", "BTC"),
    ),
    "asset of another type": (
        {"denial": DENIAL.replace("link,CPC", "market,CPC")},
        ("K0207", "denial.csv", 2, "asset", "CPC"),
    ),
    "unknown indicator": (
        {"facts": FACTS.replace("capacity", "capacty")},
        ("K0207", "facts.csv", 2, "indicator", "capacty"),
    ),
    "unknown fact in a formula": (
        {"identities": "identity,equation\nI1,F1 + F8 = 2 * F1\n"},
        ("K0301", "identities.csv", 2, "equation", "F8"),
    ),
    "duplicate id": (
        {"nodes": NODES + "TENGIZ,field,KAZ\n"},
        ("K0204", "nodes.csv", 4, "node", "TENGIZ"),
    ),
    "missing column": (
        {"nodes": "node,territory\nTENGIZ,KAZ\nNOVOROSSIYSK,RUS\n"},
        ("K0201", "nodes.csv", 1, "kind", None),
    ),
    "missing fact": ({"carries": CARRIES.replace("F1", "F9")}, ("K0301", "carries.csv", 2, "nameplate", "F9")),
    "empty clause": ({"denial": DENIAL.replace("RUS", "+")}, ("K0213", "denial.csv", 2, "clause", "+")),
    "blank clause": ({"denial": DENIAL.replace("RUS", "")}, ("K0203", "denial.csv", 2, "clause", None)),
    "not a number": (
        {"facts": FACTS.replace("67", "NaN")},
        ("K0205", "facts.csv", 2, "value", "NaN"),
    ),
    "text in a number": (
        {"facts": FACTS.replace("67", "about 67")},
        ("K0205", "facts.csv", 2, "value", "about 67"),
    ),
    "text in a quantity": (
        {"carries": CARRIES.replace("F1 [60..70]", "67 Mt")},
        ("K0214", "carries.csv", 2, "nameplate", "67 Mt"),
    ),
    "unknown unit": ({"facts": FACTS.replace("Mt/yr", "Mt/y")}, ("K0215", "facts.csv", 2, "unit", "Mt/y")),
    "cp1251": (
        {"nodes": NODES.replace("field", "поле").encode("cp1251")},
        ("K0104", "nodes.csv", 2, None, "byte 0xef"),
    ),
    "unknown table": ({"node": NODES}, ("K0218", "node.csv", None, None, None)),
    "empty table": ({"markets": ""}, ("K0219", "markets.csv", 1, None, None)),
}


@pytest.mark.parametrize(("spoiled", "expected"), SPOILED.values(), ids=SPOILED)
def test_a_fault_is_named_alone_with_its_place(tmp_path, spoiled, expected):
    assert place(the_fault(write_model(tmp_path, **spoiled))) == expected


def test_a_near_code_is_suggested(tmp_path):
    fault = the_fault(write_model(tmp_path, links=LINKS.replace("TENGIZ", "TENGZ")))
    assert '"TENGIZ"' in fault.mend
    assert "unknown node 'TENGZ'" in str(fault)


def test_a_table_in_capitals_is_not_silently_left_out(tmp_path):
    root = write_model(tmp_path)
    (root / "Storage.CSV").write_text("x")
    (root / "._nodes.csv").write_bytes(b"\0\5\26\7")
    assert place(the_fault(root)) == ("K0218", "Storage.CSV", None, None, None)


def test_a_table_of_two_gigabytes(tmp_path):
    root = write_model(tmp_path, nodes=None)
    with (root / "nodes.csv").open("wb") as file:
        file.truncate(2 * 2**30)
    assert place(the_fault(root)) == ("K0103", "nodes.csv", None, None, None)


@pytest.mark.parametrize("file", ["kopir.toml", "nodes.csv"])
def test_links_out_of_the_folder(tmp_path, file):
    root = write_model(tmp_path / "mini")
    (root / file).rename(tmp_path / file)
    (root / file).symlink_to(tmp_path / file)
    assert place(the_fault(root)) == ("K0106", file, None, None, None)


def test_settings_are_small(tmp_path):
    root = write_model(tmp_path, settings=SETTINGS + "#" * 2**20)
    assert place(the_fault(root)) == ("K0103", "kopir.toml", None, None, None)


def test_all_faults_of_a_folder_are_listed_in_one_run(tmp_path):
    root = write_model(
        tmp_path,
        settings=SETTINGS.replace("2025", "1066"),
        commodities=b"commodity,unit\ncrude,\xcf\n",
        denial=DENIAL.replace("CPC,RUS", "BTC,"),
        facts=FACTS.replace("67", "many").replace("S1", "S2"),
        links=LINKS + "CPC,TENGIZ,BAKU,tube\n",
        ports="port\nA\n",
    )
    assert [place(fault)[:4] for fault in faults_of(root)] == [
        ("K0108", "kopir.toml", None, "model.base_year"),
        ("K0218", "ports.csv", None, None),
        ("K0104", "commodities.csv", 2, None),
        ("K0203", "denial.csv", 2, "clause"),
        ("K0205", "facts.csv", 2, "value"),
        ("K0208", "links.csv", 3, "mode"),
        ("K0204", "links.csv", 3, "link"),
        ("K0207", "denial.csv", 2, "asset"),
        ("K0207", "facts.csv", 2, "sources"),
        ("K0207", "links.csv", 3, "to_node"),
    ]


def test_a_flood_of_unknown_codes_is_cut(tmp_path):
    rows = "".join(f"N{number},field,X{number}\n" for number in range(MAX_FAULTS + 500))
    assert len(faults_of(write_model(tmp_path, nodes=NODES + rows))) == MAX_FAULTS


@pytest.mark.parametrize("kind", ["full folder", "file", "dangling link"])
def test_an_existing_target_is_left_alone(tmp_path, kind):
    folder = read_folder(write_model(tmp_path / "mini"))
    target = tmp_path / "target"
    if kind == "full folder":
        target.mkdir()
        (target / "precious").write_text("x")
    elif kind == "file":
        target.write_text("x")
    else:
        target.symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as caught:
        write_folder(folder, target)
    assert [fault.code for fault in caught.value.faults] == ["K0602"]
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_may_be_written_to(tmp_path):
    folder = read_folder(write_model(tmp_path / "mini"))
    (tmp_path / "target").mkdir()
    write_folder(folder, tmp_path / "target")
    assert read_folder(tmp_path / "target").settings == folder.settings


def test_a_target_that_cannot_be_written(tmp_path):
    folder = read_folder(write_model(tmp_path / "mini"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as caught:
        write_folder(folder, tmp_path / "file" / "target")
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == ("K0601", str(tmp_path / "file" / "target"))


def test_a_read_only_target(tmp_path):
    folder = read_folder(write_model(tmp_path / "mini"))
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    try:
        (locked / "probe").write_text("x")
    except OSError:
        with pytest.raises(InputError) as caught:
            write_folder(folder, locked / "target")
        assert [fault.code for fault in caught.value.faults] == ["K0601"]
        assert list(locked.iterdir()) == []
    else:
        pytest.skip("this user may write to read-only folders")
    finally:
        locked.chmod(0o700)


@pytest.mark.parametrize("fatal", ["write_text", "rename"])
def test_nothing_is_left_of_a_write_that_fails_midway(tmp_path, monkeypatch, fatal):
    folder = read_folder(write_model(tmp_path / "mini"))
    before = sorted(tmp_path.rglob("*"))
    original = getattr(Path, fatal)

    def fail(path, *arguments, **options):
        if fatal == "rename" or path.name == "links.csv":
            raise OSError(28, "No space left on device")
        return original(path, *arguments, **options)

    monkeypatch.setattr(Path, fatal, fail)
    with pytest.raises(InputError, match="No space left on device"):
        write_folder(folder, tmp_path / "target")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_table_that_the_folder_does_not_hold_is_not_written(tmp_path):
    folder = read_folder(write_model(tmp_path / "mini"))
    tables = {name: table for name, table in folder.tables.items() if name != "denial"}
    write_folder(replace(folder, tables=tables), tmp_path / "target")
    assert {item.name for item in (tmp_path / "target").iterdir()} == {
        "kopir.toml",
        *(f"{name}.csv" for name in TABLES if name != "denial"),
    }


BYTES = st.binary(max_size=120) | st.text(alphabet='ab,"\n;\0١ KAZ', max_size=60).map(str.encode)
TAILS = st.sampled_from(sorted(TABLES)).flatmap(
    lambda name: BYTES.map(lambda tail: {name: TABLES[name].encode() + tail})
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    spoiled=st.dictionaries(st.sampled_from([*sorted(table_schemas()), "settings"]), BYTES, max_size=3) | TAILS,
)
def test_any_bytes_are_read_or_refused(tmp_path, spoiled):
    for item in tmp_path.iterdir():
        item.unlink()
    write_model(tmp_path, **spoiled)
    try:
        found = read_folder(tmp_path).settings.format
    except KopirError as error:
        found = error.faults
    assert found
