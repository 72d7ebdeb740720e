"""The rules of the house that no linter holds."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kopir

SOURCE = Path(kopir.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
TREES = {file: ast.parse(file.read_text("utf-8")) for file in FILES}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager"}
HEAVY = ("altair", "duckdb", "highspy", "numpy", "polars", "pydantic", "rich", "scipy", "typer", "vl_convert")
PACKAGES = sorted(
    ".".join(("kopir", *file.parent.relative_to(SOURCE).parts)) for file in FILES if file.name == "__init__.py"
)


def code_lines(function):
    """Lines of a function from ``def`` to the end, its docstring left out."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


def definitions(kinds):
    return [(file, node) for file, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, kinds)]


def named(file, node):
    return f"{file.relative_to(SOURCE)}:{node.lineno} {node.name}"


def test_the_rules_have_something_to_look_at():
    assert len(FILES) > 10
    assert "kopir.core" in PACKAGES


def test_files_have_at_most_500_lines():
    texts = {str(file.relative_to(SOURCE)): file.read_text("utf-8").count("\n") for file in FILES}
    assert {name: lines for name, lines in texts.items() if lines > 500} == {}


def test_functions_have_at_most_50_lines():
    functions = definitions((ast.FunctionDef, ast.AsyncFunctionDef))
    assert [named(file, node) for file, node in functions if code_lines(node) > 50] == []


def test_classes_have_at_most_20_public_methods():
    methods = {
        named(file, node): sum(
            isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and not item.name.startswith("_")
            for item in node.body
        )
        for file, node in definitions(ast.ClassDef)
    }
    assert {name: count for name, count in methods.items() if count > 20} == {}


def test_no_module_is_named_for_nothing_in_particular():
    parts = {part for file in FILES for part in file.relative_to(SOURCE).with_suffix("").parts}
    assert {part.strip("_") for part in parts} & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_light_to_import(package):
    program = f"import sys, {package}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_line_count_of_a_function_leaves_out_its_docstring():
    (function,) = ast.parse('@cache\ndef f():\n    """One\n\n    two.\n    """\n    return 1\n').body
    assert code_lines(function) == 2
