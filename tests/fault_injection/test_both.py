"""A real break, and no descriptors for part of the walk: the break, or that it is unknown, and never another."""

from __future__ import annotations

import faults
import judge
import pytest
from fault_injection import failed, is_one_line, run, wrong

# breaks at every stage; the first sockets are the resolver's and the metadata's, 25 are made in all
FAULTS = ["dns-all-refused", "tcp-s3-refused", "tls-dkr-reset", "http-dkr-portal", "s3-endpoint-policy"]


@pytest.mark.parametrize("when", ["3", "7+", "14", "20+"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_break_without_descriptors(lab, name: str, when: str) -> None:
    row = faults.by_name(name)
    lab.apply(faults.together([row], lab.plan))
    try:
        done = run(lab, inject=f"socket:error=EMFILE:when={when}", image=row.reference(lab.plan))
    finally:
        lab.heal()
    if is_one_line(done):
        return
    report = done.report
    if report["verdict"]["pull"] == "breaks":
        # of several endpoints it may have seen one
        other = [one for one in judge.against(row, report, done.code) if not one.startswith("exit ")]
        assert not other, (other, failed(report))
    else:
        assert report["verdict"]["pull"] == "unknown" and not wrong(done), wrong(done)
