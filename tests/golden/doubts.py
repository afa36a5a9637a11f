"""Evidence with less in it: what each proof rests on, taken away.

A weakening turns a recorded failure into one that tells less. What was proven must then be doubted,
and the truth must stay among what is possible.
"""

from __future__ import annotations

import copy

WORDS = ("error_code", "error_text", "policy", "explicit", "policy_arn", "action", "resource", "body")
SIGHTS = ("issuer", "subject", "names", "chain", "anchor", "not_before", "not_after", "version",
          "alert", "server", "via", "hop", "errno", "challenge", "content_type")  # fmt: skip


def failed(report: dict) -> list[dict]:
    return [step for step in report["steps"]
            if step["outcome"] == "failed" and not step["experiment"]]  # fmt: skip


def no_experiments(report: dict) -> None:
    """Nothing was tried beside the walk."""
    report["steps"] = [step for step in report["steps"] if not step["experiment"]]


def experiments_fail(report: dict) -> None:
    """What was tried beside the walk only met silence."""
    for step in report["steps"]:
        if step["experiment"] and step["outcome"] == "passed":
            step.update(outcome="failed", cause="timeout")


def one_port(report: dict) -> None:
    """One try of several passed, from a port of its own."""
    for step in report["steps"]:
        if step["experiment"] and "passed_ports" in step["seen"]:
            step["seen"].update(passed_ports=step["seen"]["passed_ports"][:1], passed_tries=1)
            step["seen"]["failed_ports"] = step["seen"].get("failed_ports", [])[:1]


def no_words(report: dict) -> None:
    """The service refuses without a reason."""
    for step in report["steps"]:
        if step["outcome"] != "passed" or step["experiment"]:
            for fact in WORDS:
                step["seen"].pop(fact, None)
            step["detail"] = ""


def denied(report: dict) -> None:
    """The service says 403 and no more."""
    no_words(report)
    for step in failed(report):
        step.update(cause="denied")
        step["seen"]["status"] = 403


def status(report: dict) -> None:
    """The service answers an error that nothing explains."""
    no_words(report)
    for step in failed(report):
        step.update(cause="status")
        step["seen"]["status"] = 400


def reset(report: dict) -> None:
    """The connection ends, and nobody says why."""
    no_words(report)
    for step in failed(report):
        step.update(cause="reset", detail="")
        for fact in SIGHTS:
            step["seen"].pop(fact, None)


def silence(report: dict) -> None:
    """Nothing ever came back."""
    no_words(report)
    no_experiments(report)
    for step in failed(report):
        step.update(cause="timeout", detail="", took_us=report["timeout_us"])
        for fact in (*SIGHTS, "status"):
            step["seen"].pop(fact, None)


def garbage(report: dict) -> None:
    """What came back cannot be read."""
    no_words(report)
    no_experiments(report)
    for step in failed(report):
        step.update(cause="malformed", detail="")


WEAKENINGS = [no_experiments, experiments_fail, one_port, no_words, denied, status, reset, silence,
              garbage]  # fmt: skip


def weakened(report: dict, weakening) -> dict:
    copied = copy.deepcopy(report)
    weakening(copied)
    return copied


# Their class names just what was seen, and nothing is concluded: a refused connection is refused.
OBSERVED = frozenset("""
blob-corrupt blob-corrupt-once blob-cut blob-mismatch blob-unusable
credentials-endpoint-silent credentials-expired credentials-failed credentials-forbidden-host
credentials-instance-off credentials-instance-role-gone credentials-instance-slow credentials-local credentials-malformed
credentials-no-instance-role
credentials-no-task-role credentials-none credentials-none-ec2 credentials-none-fargate
credentials-not-assumable credentials-profile credentials-sts-malformed credentials-sts-silent
credentials-throttled
denied-by-trust digest-unknown-other
dns-impossible-host dns-ipv6-only dns-ipv6-only-other dns-nodata dns-nodata-here dns-proxy dns-s3-alone dns-unknown-elsewhere
dns-unreachable dns-valid-name
http-cut manifest-digest-mismatch other-realm-refused platform-missing platform-missing-single redirect-bad
registry-truncated repository-is-a-host repository-near repository-unknown run-ended
s3-not-found s3-unavailable start-file-denied start-file-missing start-logs-config start-logs-denied
start-logs-missing start-parameter-missing start-secret-denied start-secret-key start-secret-missing
tcp-ipv6-only-api tcp-ipv6-only-dkr tcp-ipv6-only-nameless tcp-ipv6-only-redirect tcp-ipv6-only-s3
tcp-ipv6-only tcp-ipv6-only-other tcp-logs tcp-proxy tcp-reset tcp-secrets
tls-expired tls-expired-clock tls-expired-peer tls-name-mismatch tls-not-tls tls-other-aws-service
""".split())


def doubted(before: dict, after: dict, rule: str) -> dict | None:
    """The finding that took the place of the rule's, if it doubts and keeps the truth in sight."""
    proven = next(finding for finding in before["findings"] if finding["rule"] == rule)
    for finding in after["findings"]:
        same = all(finding[key] == proven[key] for key in ("stage", "endpoint", "severity"))
        if same and finding["certainty"] != "proven":
            known = {finding["class"], *finding["alternatives"]}
            return finding if proven["class"] in known else None
    return None


def proven_rules(reports: dict) -> list[str]:
    """Of expected reports by their rule: the rules that prove what breaks."""
    return sorted(rule for rule, report in reports.items()
                  if any(f["rule"] == rule and f["severity"] == "broken"
                         and f["certainty"] == "proven" for f in report["findings"]))  # fmt: skip
