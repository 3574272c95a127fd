"""What the README shows can be typed."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_first_steps_run_as_they_are_written(cli):
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) >= 6
    for command in commands:
        name, *arguments = shlex.split(command)
        assert name == "prepos"
        ended = cli(*arguments)
        assert ended.code == 0, f"{command}\n{ended.err}"


def test_the_python_example_runs(capsys):
    (example,) = blocks("python")
    exec(example, {})
    assert "from the best; unmet" in capsys.readouterr().out


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_sentences_of_the_demo_are_there():
    block = README.split("<!-- demo: written by benchmarks/picture.py -->")[1].split("<!-- /demo -->")[0]
    assert len(re.findall(r"^\d\. ", block, re.MULTILINE)) == 3
