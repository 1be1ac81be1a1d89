"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cnncalc"
FILES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted(Path(__file__).parent.rglob("*.py"))
MAX_LINES = 300

ALLOWED = {
    "errors": set(),
    "version": set(),
    "expr": {"errors"},
    "formula": {"expr"},
    "layers": {"errors", "expr", "formula"},
    "graph": {"errors", "formula", "layers"},
    "spec": {"errors", "expr", "graph", "layers", "formula"},
    "analysis": {"errors", "graph", "layers", "formula", "expr", "network", "spec"},
    "output": {"errors"},
    "engine": {"errors", "graph", "layers", "analysis", "network", "export", "output"},
    "export": {"errors", "graph", "layers", "version"},
    "render": {"errors", "graph", "layers", "formula", "analysis", "network", "spec", "expr", "engine", "rules"},
    "summary": {"analysis", "render"},
    "planning": {"analysis", "render", "network", "spec"},
    "reports": {"analysis", "render"},
    "network": {"errors", "graph", "layers", "spec", "analysis", "summary", "reports", "planning"},
    "rules": {"errors"},
    "cli": {
        "reports",
        "errors",
        "network",
        "summary",
        "analysis",
        "render",
        "spec",
        "version",
        "layers",
        "rules",
        "graph",
        "engine",
        "export",
        "output",
    },
    "__init__": {"network", "errors", "summary", "version"},
    "__main__": {"cli"},
}
"""Which part may import which: an arrow that is not here points the wrong way."""

LIBRARIES = {
    "rich": {"render", "cli"},
    "typer": {"cli"},
    "yaml": {"spec"},
    "numpy": {"engine", "export"},
    "PIL": {"engine"},
    "onnx": {"export"},
    "onnxruntime": {"engine"},
}
"""Which part may use which library."""


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    here = part(path)
    for name in imported(path):
        pieces = name.split(".")
        if pieces[0] == "cnncalc" and len(pieces) > 1 and pieces[1] in ALLOWED:
            assert pieces[1] == here or pieces[1] in ALLOWED[here], f"{here} must not import {name}"
        if pieces[0] in LIBRARIES:
            assert here in LIBRARIES[pieces[0]], f"{here} must not use {pieces[0]}"


@pytest.mark.parametrize("path", FILES + TESTS, ids=lambda path: path.name)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    assert not [path for path in FILES if path.stem in ("utils", "helpers", "common_utils", "misc", "manager")]


def loaded(code: str) -> set[str]:
    code += "\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(done.stdout.split())


def test_importing_the_package_is_cheap() -> None:
    assert not loaded("import cnncalc; cnncalc.load; cnncalc.SpecError") & {"numpy", "rich", "typer", "json"}


def test_a_summary_loads_only_what_it_needs() -> None:
    code = (
        "from cnncalc.cli.app import run; import os; sys_out = os.dup(1); os.dup2(os.open(os.devnull, os.O_WRONLY), 1)"
    )
    code += "\nrun(['summary', 'lenet5']); os.dup2(sys_out, 1)"
    modules = loaded(code)
    assert not modules & {"numpy", "json", "csv", "html", "pygments", "markdown_it", "dataclasses_json", "hypothesis"}
    assert not {name for name in modules if name.startswith("cnncalc.cli.")} - {
        "cnncalc.cli.app",
        "cnncalc.cli.common",
        "cnncalc.cli.status",
        "cnncalc.cli.summary",
    }


def test_every_layer_module_is_registered() -> None:
    init = (PACKAGE / "layers" / "__init__.py").read_text()
    for path in (PACKAGE / "layers").glob("*.py"):
        if "@layer(" in path.read_text() and path.stem not in ("base", "__init__"):
            assert path.stem in init
