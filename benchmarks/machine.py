"""The machine and the versions that a figure was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe_machine() -> str:
    """Return one line: processor, cores, Python and the versions that matter."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("prepos", "pyomo", "highspy", "numpy", "simpy"))
    return f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}; {packages}"


def processor() -> str:
    """Return the name of the processor, as far as the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
