"""Where humanitarian stock should wait: an optimizer and a stress test for pre-positioned relief items.

The public names below are loaded when first used, so that `import prepos` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prepos.analysis.compare import compare as compare
    from prepos.data.scenario import Scenario as Scenario
    from prepos.errors import PreposError as PreposError
    from prepos.evaluate import evaluate as evaluate
    from prepos.instance import build_instance as build_instance
    from prepos.library import load_model as load_model
    from prepos.library import load_scenario as load_scenario
    from prepos.model import Model as Model
    from prepos.optimization import SolverOptions as SolverOptions
    from prepos.optimization import optimize as optimize
    from prepos.plan import Plan as Plan
    from prepos.runs import load_run as load_run
    from prepos.simulation import SimulationOptions as SimulationOptions
    from prepos.simulation import simulate as simulate

HOMES = {
    "Model": "prepos.model",
    "Plan": "prepos.plan",
    "PreposError": "prepos.errors",
    "Scenario": "prepos.data.scenario",
    "SimulationOptions": "prepos.simulation",
    "SolverOptions": "prepos.optimization",
    "build_instance": "prepos.instance",
    "compare": "prepos.analysis.compare",
    "evaluate": "prepos.evaluate",
    "load_model": "prepos.library",
    "load_run": "prepos.runs",
    "load_scenario": "prepos.library",
    "optimize": "prepos.optimization",
    "simulate": "prepos.simulation",
}

__all__ = list(HOMES)

try:
    __version__ = version("prepos")
except PackageNotFoundError:  # the source tree on a path, not installed
    __version__ = "0+unknown"


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'prepos' has no attribute {name!r}")
    value = getattr(import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})


class _Package(ModuleType):
    """The package itself: a public function wins over the submodule of its name."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and HOMES.get(name) == value.__name__:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
