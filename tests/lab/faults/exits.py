"""Which exit code a class has in a stage where the code depends on the class (design, 5).

Written down apart from the program's own list, so that a change there is seen here.
"""

from __future__ import annotations

BY_STAGE: dict[str, dict[int, str]] = {
    "credentials": {
        45: "auth.no_credentials",
        46: "auth.token_expired auth.clock_skew",
        47: "auth.assume_role auth.invalid_credentials",
        48: "",  # by the cause, whatever the class: rows say it
        49: "*",
    },
    "token": {
        50: "auth.iam_identity",
        51: "auth.endpoint_policy",
        52: "auth.scp",
        53: "auth.invalid_credentials auth.no_credentials auth.upstream_credentials",
        54: "auth.token_expired",
        55: "auth.clock_skew",
        56: "auth.throttled registry.rate_limited",
        57: "registry.unavailable",
        58: "net.timeout net.reset net.mtu_blackhole registry.truncated registry.slow",
        59: "*",
    },
    "manifest": {
        60: "registry.repo_not_found registry.wrong_registry",
        61: "registry.tag_not_found registry.digest_gone",
        62: "registry.archived",
        63: "registry.platform_mismatch image.unsupported_manifest",
        64: "auth.iam_identity auth.scp auth.upstream_credentials",
        65: "registry.repo_policy",
        66: "auth.endpoint_policy",
        67: "ptc.permission ptc.upstream_auth",
        68: "registry.rate_limited auth.throttled registry.unavailable",
        69: "*",
    },
    "layers dkr": {
        70: "auth.iam_identity auth.scp auth.upstream_credentials",
        71: "registry.repo_policy",
        72: "auth.endpoint_policy",
        73: "registry.bad_redirect",
        74: "image.corrupt_layer registry.digest_mismatch registry.tag_not_found "
            "registry.digest_gone s3.not_found",
        75: "registry.rate_limited auth.throttled",
        76: "registry.unavailable",
        77: "net.timeout net.reset net.mtu_blackhole registry.truncated registry.slow",
        79: "*",
    },
    "layers s3": {
        80: "s3.endpoint_policy",
        81: "s3.kms",
        82: "s3.expired_url auth.clock_skew",
        83: "s3.reset net.reset",
        84: "s3.stalled s3.slow net.mtu_blackhole net.timeout",
        85: "s3.not_found",
        86: "s3.unavailable",
        87: "image.corrupt_layer",
        88: "s3.no_route s3.security_group s3.dns http.not_the_service",
        89: "*",
    },
}  # fmt: skip

BY_ENDPOINT = {
    "dns": {"api": 10, "dkr": 11, "s3": 12, "proxy": 19},
    "tcp": {"api": 20, "dkr": 21, "s3": 22, "proxy": 29},
    "tls": {"api": 30, "dkr": 31, "s3": 32},
    "http": {"api": 40, "dkr": 41, "s3": 42, "proxy": 44},
}
SEVERAL = {"dns": 13, "tcp": 23, "tls": 33, "http": 43}
ALSO = {"logs": 91, "secretsmanager": 92, "ssm": 93, "kms": 94, "sts": 95, "ssmmessages": 96,
        "ecs": 97, "envfile": 98, "eks": 98, "eks-auth": 98, "ec2": 98, "cluster": 98}  # fmt: skip


def code_of(stage: str, endpoint: str, cls: str) -> int:
    """The exit code of a verdict about one endpoint."""
    if endpoint in ALSO:
        return ALSO[endpoint]
    if stage in BY_ENDPOINT:
        return BY_ENDPOINT[stage][endpoint]
    rows = BY_STAGE[f"layers {endpoint}" if stage == "layers" else stage]
    return next(code for code, names in rows.items() if cls in names.split() or names == "*")
