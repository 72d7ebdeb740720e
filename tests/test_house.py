"""The rules of the house that no linter holds."""

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import kopir
from kopir.model.bundled import bundled_models
from kopir.model.folder.opening import open_model

SOURCE = Path(kopir.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager"}
HEAVY = (
    "altair",
    "duckdb",
    "fastapi",
    "highspy",
    "numpy",
    "polars",
    "pydantic",
    "rich",
    "scipy",
    "typer",
    "vl_convert",
)
MOST_FILES = 15
PACKAGES = sorted(
    ".".join(("kopir", *file.parent.relative_to(SOURCE).parts)) for file in FILES if file.name == "__init__.py"
)


@cache
def trees():
    """Each program, parsed where a test looks into it and not in every process that collects tests."""
    return {file: ast.parse(file.read_text("utf-8")) for file in FILES}


@cache
def nodes():
    """Each program as the list of all that its tree holds, walked once."""
    return {file: list(ast.walk(tree)) for file, tree in trees().items()}


@cache
def focal_states():
    return {name for model in bundled_models() for name in (model, open_model(model).focal_state)}


@cache
def focal():
    return re.compile(rf"(?i)(?<![a-z])({'|'.join(sorted(focal_states(), key=str.lower))})(?![a-z])")


def spoken(walked):
    """Line and text of each name and text of a program, docstrings and remarks left out."""
    bodies = [node.body for node in walked if isinstance(getattr(node, "body", None), list)]
    remarks = {id(item.value) for body in bodies for item in body if isinstance(item, ast.Expr)}
    for node in walked:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.lineno, node.value
        for word in (getattr(node, "id", None), getattr(node, "name", None), getattr(node, "attr", None)):
            if isinstance(word, str):
                yield node.lineno, word.replace("_", " ")


def code_lines(function):
    """Lines of a function from ``def`` to the end, its docstring left out."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


def definitions(kinds):
    return [(file, node) for file, walked in nodes().items() for node in walked if isinstance(node, kinds)]


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


def module_of(file):
    parts = ("kopir", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def arrows_of(trees):
    """Modules that each module imports, for its types too, by name; ``trees`` are programs by name."""
    found = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for item in node.names:
                    whole = f"{node.module}.{item.name}"
                    found[name].add(whole if whole in trees else node.module)
            elif isinstance(node, ast.Import):
                found[name] |= {item.name for item in node.names}
    return {name: (targets & trees.keys()) - {name} for name, targets in found.items()}


def circles(arrows):
    """Sets of modules that reach one another."""

    def reached(name):
        seen, frontier = set(), list(arrows[name])
        while frontier:
            one = frontier.pop()
            if one not in seen:
                seen.add(one)
                frontier += arrows[one]
        return seen

    ahead = {name: reached(name) for name in arrows}
    return {frozenset(one for one in ahead[name] if name in ahead[one]) for name in arrows if name in ahead[name]}


def test_no_files_import_each_other_in_a_circle():
    arrows = arrows_of({module_of(file): tree for file, tree in trees().items()})
    assert sum(map(len, arrows.values())) > 1000
    assert circles(arrows) == set()


def test_a_circle_is_seen_even_where_it_is_for_types_alone():
    programs = {
        "a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b",
        "b": "def f():\n    from c import x",
        "c": "from a import y",
        "d": "import a",
    }
    found = circles(arrows_of({name: ast.parse(text) for name, text in programs.items()}))
    assert found == {frozenset("abc")}


def test_rooms_hold_at_most_15_files():
    rooms = Counter(str(file.parent.relative_to(SOURCE)) for file in FILES if file.name != "__init__.py")
    full = {room for room, count in rooms.items() if count > MOST_FILES}
    assert full == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_light_to_import(package):
    program = f"import sys, {package}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_line_count_of_a_function_leaves_out_its_docstring():
    (function,) = ast.parse('@cache\ndef f():\n    """One\n\n    two.\n    """\n    return 1\n').body
    assert code_lines(function) == 2


def test_no_program_names_a_focal_state():
    named_here = [
        f"{file.relative_to(SOURCE)}:{line} {text[:60]}"
        for file, walked in nodes().items()
        for line, text in spoken(walked)
        if focal().search(text)
    ]
    assert len(focal_states()) >= 6
    assert named_here == []


def test_no_text_template_or_rule_names_a_focal_state():
    folders = (
        "report/texts",
        "report/templates",
        "serve/texts",
        "serve/pages/texts",
        "serve/templates",
        "evidence/rules",
        "core/schema",
    )
    files = [file for folder in folders for file in sorted((SOURCE / folder).iterdir()) if file.is_file()]
    assert len(files) > 40
    assert [file.name for file in files if focal().search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "program",
    ['def f():\n    return "KAZ"', "KAZ_ROUTES = 1", 'x = {"Kazakhstan": 1}', "def of_uzbekistan(): ..."],
)
def test_a_program_that_names_a_focal_state_is_seen(program):
    assert any(focal().search(text) for _, text in spoken(list(ast.walk(ast.parse(program)))))
    assert not any(
        focal().search(text) for _, text in spoken(list(ast.walk(ast.parse('"""Kazakhstan."""\nKAZAKH = 1'))))
    )
