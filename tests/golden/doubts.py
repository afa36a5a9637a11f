"""Evidence with less in it: what each proof rests on, taken away.

A weakening makes of a recorded failure what another fault would leave as well. What was proven must then
be doubted, and the truth must stay among what is possible. Each case names its own (`doubt=`).
"""

from __future__ import annotations

import json
from collections.abc import Callable

WORDS = ("error_code", "error_text", "policy", "explicit", "policy_arn", "action", "resource", "body")
SIGNS = ("issuer", "subject", "names", "chain", "anchor", "not_before", "not_after", "version",
         "alert", "server", "via", "hop", "errno", "challenge", "content_type")  # fmt: skip
SERVICE_SIGNS = ("request_id", "server", "via")


def failed(report: dict) -> list[dict]:
    return [step for step in report["steps"]
            if step["outcome"] == "failed" and not step["experiment"]]  # fmt: skip


def drop(step: dict, *facts: str) -> None:
    for fact in facts:
        step["seen"].pop(fact, None)


def no_experiments(report: dict) -> None:
    """Nothing was tried beside the pull itself."""
    report["steps"] = [step for step in report["steps"] if not step["experiment"]]


def experiments_fail(report: dict) -> None:
    """What was tried beside the pull itself only met silence."""
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
            drop(step, *WORDS)
            step["detail"] = ""


def answers(report: dict, cause: str, status: int) -> None:
    no_words(report)
    for step in failed(report):
        step.update(cause=cause)
        step["seen"]["status"] = status


def denied(report: dict) -> None:
    """The service says 403 and no more."""
    answers(report, "denied", 403)


def status(report: dict) -> None:
    """The service answers an error that nothing explains."""
    answers(report, "status", 400)


def unavailable(report: dict) -> None:
    """Something is there and says 503 and no more."""
    answers(report, "unavailable", 503)


def wordless_at_sts(report: dict) -> None:
    """The credentials were used to assume a role, and STS says 403 and no more."""
    denied(report)
    for step in failed(report):
        step["seen"].update(source="assume_role", uri="https://sts.us-east-1.amazonaws.com/")


def reset(report: dict) -> None:
    """The connection ends, and nobody says why."""
    no_words(report)
    for step in failed(report):
        step.update(cause="reset", detail="")
        drop(step, *SIGNS)


def silence(report: dict) -> None:
    """Nothing ever came back."""
    no_words(report)
    no_experiments(report)
    for step in failed(report):
        step.update(cause="timeout", detail="", took_us=report["timeout_us"])
        drop(step, *SIGNS, "status")


def garbage(report: dict) -> None:
    """What came back cannot be read."""
    no_words(report)
    no_experiments(report)
    for step in failed(report):
        step.update(cause="malformed", detail="")


def no_signs(report: dict) -> None:
    """The peer is not known by anything it showed."""
    for step in failed(report):
        drop(step, *SIGNS)


def bare_alert(report: dict) -> None:
    """The peer ends the handshake with an alert that tells nothing."""
    no_experiments(report)
    no_signs(report)
    for step in failed(report):
        step.update(cause="alert", detail="")


def local(report: dict) -> None:
    """The machine itself could not, by no reason that it tells."""
    no_signs(report)
    for step in failed(report):
        step.update(cause="local", detail="")


def unsigned(report: dict) -> None:
    """Nothing in the answer shows that it is the service's own: a web filter may have given it."""
    for step in failed(report):
        drop(step, *SERVICE_SIGNS)


def cut_short(report: dict) -> None:
    """A part came, and nothing in it shows from whom."""
    unsigned(report)
    for step in failed(report):
        step.update(cause="truncated")


def moved(report: dict) -> None:
    """S3 looks for it elsewhere, as where a redirect was changed on the way."""
    answers(report, "status", 301)
    for step in failed(report):
        step["seen"]["error_code"] = "PermanentRedirect"


def untrusted(report: dict) -> None:
    """No trusted CA vouches for the certificate, so that the names in it prove nothing."""
    for step in failed(report):
        step.update(cause="untrusted")
        step["seen"].update(issuer="CN=appliance", subject="CN=appliance")


def new_region(report: dict) -> None:
    """The Region is none that the program knows, and nobody else was asked."""
    no_experiments(report)
    region = report["target"]["region"]
    text = json.dumps(report).replace(region, "eu-west-9")
    report.update(json.loads(text))


def other_account(report: dict) -> None:
    """The registry is another account's, and may hide what it has."""
    report["target"]["account"] = "210987654321"


def dual_stack_name(report: dict) -> None:
    """It is a dual-stack name of ECR, whose IPv6 addresses something may hide."""
    no_experiments(report)
    target, vantage = report["target"], report["vantage"]
    vantage.update(addresses=["2600:1f18:aa:bb01::10"], subnet_cidr6="2600:1f18:aa:bb01::/64")
    names = {"dkr": f"{target['account']}.dkr-ecr.{target['region']}.on.aws",
             "api": f"ecr.{target['region']}.api.aws"}  # fmt: skip
    target["dualstack"] = True
    text = json.dumps(report)
    for step in failed(report):
        host, endpoint = step["host"], step["endpoint"]
        dual = host.replace(".s3.", ".s3.dualstack.") if endpoint == "s3" else names.get(
            endpoint, f"{endpoint}.{target['region']}.api.aws")  # fmt: skip
        text = text.replace(host, dual)
    report.update(json.loads(text))
    for step in failed(report):
        step.update(stage="tcp", cause="no_address", peer="")


def at(stage: str, cause: str = "", detail: str = "") -> Callable:
    """It is met in a later stage, which shows less of it."""

    def weaken(report: dict) -> None:
        no_words(report)
        no_experiments(report)
        no_signs(report)
        for step in failed(report):
            step.update(stage=stage, cause=cause or step["cause"], detail=detail)
        report["steps"] = [step for step in report["steps"] if step["cause"] != "dependency"]

    return weaken


later_certificate = at("layers", detail="SSL certificate problem")


# Why no other cause leaves that evidence.
CERTAIN = {
    "credentials-forbidden-host": "the variable itself is read",
    "credentials-throttled": "the endpoint itself says 429 to this very request",
    "denied-by-trust": "the sentence itself names a trust policy",
    "dns-ipv6-only-other": "both are seen: the machine has IPv6 alone, the name IPv4 alone",
    "dns-s3-alone": "it is seen: of the registry's names S3's alone does not resolve",
    "manifest-digest-mismatch": "the digest is computed here, of the bytes that came",
    "other-realm-refused": "the registry's own challenge is read",
    "platform-missing": "the index that has no such platform has the digest that was asked for",
    "platform-missing-single": "the image's own config, which has its digest, names its platform",
    "puller-index": "the index that the reference names was read, and its digest is right",
    "puller-layer-type": "the manifest that names the type has the digest that was asked for",
    "puller-storage": "the sizes are of the manifest that has the digest; unpacked they only grow",
    "redirect-bad": "the Location itself is read",
    "registry-truncated": "fewer bytes came than the same answer announced",
    "repository-is-a-host": "the reference itself is read",
    "start-logs-config": "the options in the task definition are read, and nothing is called",
    "tcp-ipv6-only-other": "both are seen: the machine has IPv6 alone, the name IPv4 alone",
    "tcp-ipv6-only-redirect": "the redirect itself names the host; the machine has IPv6 alone, it IPv4 alone",
    "tls-not-tls": "the peer's first bytes are no record of TLS",
}

def doubted(before: dict, after: dict, rule: str) -> dict | None:
    """The finding that took the place of the rule's, if it doubts and keeps the truth in sight."""
    proof = next(finding for finding in before["findings"] if finding["rule"] == rule)
    about = [finding for finding in after["findings"]
             if all(finding[key] == proof[key] for key in ("endpoint", "severity"))]  # fmt: skip
    for finding in about:
        known = {finding["class"], *finding["alternatives"]}
        if finding["certainty"] == "proven" or proof["class"] not in known:
            return None
    return about[0] if about else None
