"""What is said of dependencies: from the lock, from what is installed, and nothing that could not be checked."""

from tests.contributing import supply
from tests.contributing.supply import LOCK, Package, licence, pinned, report, wheels

HELD = "a" * 64


def test_the_lock_is_read_with_its_hashes():
    packages = pinned(LOCK.read_text("utf-8"))
    assert len(packages) > 30
    assert all(one.hashes for one in packages)
    assert pinned(f"b==1.0 ; python_version < '3'\\\n    --hash=sha256:{HELD}\n") == [
        Package("b", "1.0", frozenset({HELD}))
    ]


def test_every_dependency_that_is_installed_states_a_licence_that_goes_with_this_one():
    told = {one.name: licence(one.name) for one in pinned(LOCK.read_text("utf-8"))}
    assert {name for name, said in told.items() if not said} == set()
    known = {name: said for name, said in told.items() if said != "not installed here"}
    assert {name: said for name, said in known.items() if not supply.GOES_WITH.search(said)} == {}


def test_a_wheel_is_named_for_each_platform_and_only_one_that_the_lock_holds():
    package = Package("a", "1", frozenset({HELD}))
    names = (
        "a-1-cp311-cp311-win_amd64.whl",
        "a-1-cp313-cp313-win_amd64.whl",
        "a-1-cp311-cp311-macosx_11_0_arm64.whl",
    )
    files = [{"filename": name, "hashes": {"sha256": HELD}} for name in names]
    files += [{"filename": "a-1-cp311-cp311-manylinux_2_17_x86_64.whl", "hashes": {"sha256": "b" * 64}}]
    assert {platform: name for platform, name in wheels(package, files).items() if name} == {
        "macOS ARM": names[2],
        "Windows": names[0],
    }
    files = [{"filename": "a-1-py3-none-any.whl", "hashes": {"sha256": HELD}}]
    assert set(wheels(package, files).values()) == {"a-1-py3-none-any.whl"}


def test_without_an_index_nothing_is_called_checked(monkeypatch):
    monkeypatch.setattr(supply, "fetched", lambda *_: None)
    monkeypatch.setattr(supply, "index_address", lambda: "nowhere")
    lines = list(report([Package("regex", "1", frozenset())]))
    assert lines[-2:] == [
        ("wheels: no package index can be reached that lists files as JSON; not checked", False),
        ("advisories: no package index can be reached that tells them; NOT CHECKED", False),
    ]


def test_an_advisory_and_an_unknown_licence_are_acted_on(monkeypatch):
    told = {"vulnerabilities": [{"id": "X-1", "aliases": ["CVE-1"], "fixed_in": ["2"]}], "files": []}
    monkeypatch.setattr(supply, "fetched", lambda *_: told)
    monkeypatch.setattr(supply, "index_address", lambda: "nowhere")
    monkeypatch.setattr(supply, "licence", lambda _: "Proprietary")
    acted = [line for line, wrong in report([Package("b", "1", frozenset())]) if wrong]
    assert acted == ["  b 1: Proprietary  <- look at it", "  b 1: X-1, CVE-1; mended in 2"]
