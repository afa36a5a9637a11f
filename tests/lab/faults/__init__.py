"""The table of faults, by stage, and the pairs."""

from __future__ import annotations

import plan as p
from shell import LabError
from switch import Switch

from . import (credentials, dns, http, layers, manifest, names, others, proxy, sources, start, tcp,
               tls, token)  # fmt: skip
from .base import Fault, Pair
from .pairs import pairs

ALL: list[Fault] = [
    row
    for module in (dns, names, tcp, proxy, tls, http, credentials, sources, token, manifest, layers,
                   start, others)
    for row in module.ROWS
]
NAMED = {row.name: row for row in ALL}
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
