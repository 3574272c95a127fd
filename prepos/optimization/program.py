"""The whole program: first stage, second stage, service, and the objectives in order."""

from __future__ import annotations

import pyomo.environ as pyo

from prepos.optimization.costs import add_first_stage_cost, level_expression, level_names
from prepos.optimization.data import ProgramData
from prepos.optimization.response import add_response
from prepos.optimization.service import add_service
from prepos.optimization.stocking import Program, add_stocking


def build(data: ProgramData) -> Program:
    """Return the Pyomo program of a scenario and a model: the extensive form, every outcome in it.

    One objective per level of the model stands in it, named ``objective_<level>``, in order.
    """
    m = build_limits(data)
    for level in level_names(data.model):
        m.add_component(f"objective_{level}", pyo.Objective(expr=level_expression(m, data, level)))
    return m


def build_limits(data: ProgramData) -> Program:
    """Return the program without an objective: everything that binds a plan."""
    m = pyo.ConcreteModel()
    m.nothing = pyo.Var(bounds=(0, 0))
    add_stocking(m, data)
    add_response(m, data)
    add_first_stage_cost(m, data)
    add_service(m, data)
    return m
