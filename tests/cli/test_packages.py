"""A package that is not installed is one fault that names it and what to install, whoever needs it."""

import subprocess
import sys

import pytest

from kopir.core.errors import InputError
from kopir.core.packages import missing_package, packages_there
from kopir.evidence import read
from tests.evidence.papers import pdf


def test_what_is_imported_is_named_as_it_is_installed():
    assert "pip install vl-convert-python" in missing_package(ModuleNotFoundError(name="vl_convert")).mend
    assert "pip install scipy" in missing_package(ModuleNotFoundError(name="scipy.stats")).mend
    assert missing_package(ModuleNotFoundError(name="kopir.nowhere")) is None
    with pytest.raises(InputError, match="K0605"), packages_there():
        import nothing_of_the_name  # noqa: F401
    with pytest.raises(ModuleNotFoundError, match="kopir"), packages_there():
        import kopir.nowhere  # noqa: F401


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("xlsxwriter", ["check", "kazakhstan", "--out", "a.xlsx"]),
        ("uvicorn", ["serve", "kazakhstan", "--port", "0"]),
        ("typer", ["--help"]),
    ],
)
def test_a_command_says_what_to_install(tmp_path, module, words):
    start = f"import sys; sys.modules[{module!r}] = None; from kopir.cli import main; main()"
    command = [sys.executable, "-c", start, *words]
    ended = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=300)
    assert ended.returncode == InputError.exit_code
    assert f"pip install {module}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_reader_without_its_package_costs_documents_of_its_kind_alone(monkeypatch, tmp_path):
    pdf(tmp_path / "a.pdf", [(72, 700, 11, "In 2024 exports were 5 million tonnes.")])
    (tmp_path / "b.txt").write_text("In 2024 exports were 5 million tonnes.", "utf-8")
    monkeypatch.delitem(sys.modules, "kopir.evidence.layout.pages._pdf", raising=False)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    result = read([tmp_path])
    assert [(fault.code, fault.file.endswith("a.pdf")) for fault in result.faults] == [("K0605", True)]
    assert [claim.doc for claim in result.claims] == ["b.txt"]
