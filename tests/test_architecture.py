"""Imports point down only, and nothing heavy is loaded before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("pandas", "pyomo", "highspy", "scipy", "simpy", "networkx", "altair", "numpy")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_imports_point_down_only():
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", command, "--no-cache"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("code", ["import prepos", "import prepos.cli"])
def test_importing_the_door_loads_nothing_heavy(code):
    loaded = python(f"{code}; import sys; print(*sorted(sys.modules))").split()
    assert not set(HEAVY) & set(loaded)


def test_help_loads_nothing_heavy():
    code = """
import sys
from prepos.cli import app
try:
    app(["--help"])
except SystemExit as end:
    assert not end.code
print("LOADED", *sorted(sys.modules))
"""
    loaded = python(code).split("LOADED")[1].split()
    assert not set(HEAVY) & set(loaded)


def test_every_public_name_is_there():
    import prepos

    for name in prepos.__all__:
        assert getattr(prepos, name).__name__ == name


def test_a_public_function_wins_over_the_submodule_of_its_name():
    code = "import prepos, prepos.evaluate as _; import prepos; print(callable(prepos.evaluate))"
    assert python(code).strip() == "True"


def test_an_unknown_public_name_is_an_attribute_error():
    import prepos

    with pytest.raises(AttributeError, match="optimise"):
        _ = prepos.optimise  # type: ignore[attr-defined]


def test_nothing_in_the_package_is_longer_than_the_style_allows():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "prepos").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert not too_long
