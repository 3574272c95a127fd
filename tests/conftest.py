"""A small scenario, and a way to call the commands."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from prepos.cli import app
from tests.tiny import MODEL, TABLES


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Call ``prepos`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")

    def call(*arguments):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert "Traceback" not in result.output
        return Ended(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def tiny(tmp_path):
    """The folder of a scenario with two hubs, two disasters and one item."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def cheapest(tmp_path):
    """A model file."""
    path = tmp_path / "cheapest.toml"
    path.write_text(MODEL, encoding="utf-8")
    return path


@pytest.fixture
def change(tiny):
    """Replace a text in one file of the tiny scenario; the text must be there."""

    def replace(name, old, new):
        path = Path(tiny, name)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def solved_run(cli, tiny, cheapest):
    """The run folder of a solved tiny scenario."""
    ended = cli("optimize", tiny, "--model", cheapest, "--out", "solved", "--json")
    assert ended.code == 0, ended.err
    return Path("solved")
