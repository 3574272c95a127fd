"""The stress test: a simulation that the optimizer did not assume, and that can contradict its plans."""

from prepos.simulation.options import SimulationOptions, assumptions
from prepos.simulation.record import FIGURES, Figure
from prepos.simulation.stress import SimulationResult, simulate

__all__ = ["FIGURES", "Figure", "SimulationOptions", "SimulationResult", "assumptions", "simulate"]
