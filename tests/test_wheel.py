"""The built wheel finds its models and scenarios and does the main job from an empty folder."""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel in it; the packages it depends on are those of this interpreter."""
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip())
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=home,
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def test_only_the_package_lands_in_site_packages(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"prepos", f"prepos-{wheel.name.split('-')[1]}.dist-info"}
    assert any(name.startswith("prepos/_shared/models/") for name in names)
    assert any(name.startswith("prepos/_shared/scenarios/iom-2015/") for name in names)


def test_every_declared_dependency_is_installed_here(wheel):
    metadata = next(name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("/METADATA"))
    lines = zipfile.ZipFile(wheel).read(metadata).decode().splitlines()
    wanted = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    from importlib.metadata import version

    from packaging.requirements import Requirement

    for text in wanted:
        requirement = Requirement(text)
        if requirement.marker is None:
            assert requirement.specifier.contains(version(requirement.name), prereleases=True), text


def test_the_wheel_is_used_and_not_the_checkout(installed, tmp_path):
    where = run(installed / "python", "-c", "import prepos; print(prepos.__file__)", cwd=tmp_path).stdout
    assert str(ROOT) not in where
    assert "site-packages" in where


def test_the_wheel_does_the_main_job_from_an_empty_folder(installed, tmp_path):
    done = run(installed / "prepos", "demo", "--json", "--replications", 20, cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["plan"]["status"] == "optimal"
    assert len(answer["sentences"]) == 3
    assert (tmp_path / answer["runs"]["plan"] / "manifest.json").is_file()
