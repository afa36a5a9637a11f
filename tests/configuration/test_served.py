"""Worlds over the wire: inspect reads of a control plane what the worlds say, and tells the same of it."""

from __future__ import annotations

import pytest
from served import is_served, world_of
from test_worlds import found_in, told
from worlds import WORLDS
from run import survey  # tests/cloud

SERVED = [name for name in WORLDS if is_served(WORLDS[name][0]().doc)]


@pytest.mark.parametrize("name", SERVED)
def test_a_world_is_read_as_it_is(name):
    doc = WORLDS[name][0]().doc
    found = survey(world_of(doc), variables={"AWS_REGION": doc["subject"]["region"]})
    assert told(found["subnets"][0]["report"]) == told(found_in(name))


def test_almost_all_are_served():
    assert len(SERVED) > 0.9 * len(WORLDS)
