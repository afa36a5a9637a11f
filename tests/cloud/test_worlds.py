"""What inspect finds of VPCs whose truth is known."""

from __future__ import annotations

import pytest
from run import SUBJECT, survey
from worlds import PAIRS, made


def broken(found: dict) -> list:
    """The broken findings of all subnets: endpoint and resources."""
    return [(finding["endpoint"], finding["resources"])
            for subnet in found["subnets"] for finding in subnet["report"]["findings"]
            if finding["severity"] == "broken"]  # fmt: skip


@pytest.mark.parametrize(("name", "function", "options"), [(p[0], p[1], p[4]) for p in PAIRS])
def test_a_healthy_vpc_has_no_finding(name, function, options):
    found = survey(made(function, False), *(options or SUBJECT))
    assert (found["exit"], broken(found), found["unread"]) == (0, [], [])


@pytest.mark.parametrize(
    ("name", "function", "endpoint", "resource", "options"), PAIRS, ids=[one[0] for one in PAIRS]
)
def test_its_neighbour_breaks_where_it_differs(name, function, endpoint, resource, options):
    found = survey(made(function, True), *(options or SUBJECT))
    verdicts = [(finding[0], finding[1][:1]) for finding in broken(found)]
    assert found["exit"] == 1
    assert endpoint in {one for one, _ in verdicts}, verdicts
    assert any(first and first[0].endswith(resource) for one, first in verdicts if one == endpoint), verdicts
    for subnet in found["subnets"]:
        for finding in subnet["report"]["findings"]:
            assert finding["certainty"] != "proven", "no walk was made"
