"""The table of faults, by stage, and the pairs."""

from __future__ import annotations

import importlib
import pkgutil

import plan as p
from shell import LabError
from switch import Switch

from .base import Fault, Pair
from .pairs import pairs


def named(rows: list[Fault]) -> dict[str, Fault]:
    found: dict[str, Fault] = {}
    for row in rows:
        if row.name in found:
            raise ValueError(f"two faults are named {row.name}")
        found[row.name] = row
    return found


# the ROWS of every module beside this one
ALL: list[Fault] = [
    row
    for module in pkgutil.iter_modules(__path__)
    for row in getattr(importlib.import_module(f".{module.name}", __name__), "ROWS", ())
]
NAMED = named(ALL)
PAIRS: list[Pair] = pairs(NAMED)


def by_name(name: str) -> Fault:
    if name not in NAMED:
        raise LabError(f"no fault is named {name}; `lab faults` lists them")
    return NAMED[name]


def together(rows: list[Fault], plan: p.Plan) -> Switch:
    switch = Switch()
    for row in rows:
        if row.topology not in (plan.topology, "any"):
            raise LabError(f"{row.name} needs a lab of --topology {row.topology}")
        if row.family != plan.family:
            raise LabError(f"{row.name} needs a lab of --family {row.family}")
        switch = switch + row.switch(plan)
    return switch
