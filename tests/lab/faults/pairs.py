"""Two faults at once. The verdict is the first broken hop; the other is listed if it shows."""

from __future__ import annotations

from .base import Fault, Pair

# (first broken, the other, whether the other can be seen all the same)
PAIRED = [
    ("dns-api-nxdomain", "tcp-s3-no-gateway", True),
    ("dns-dkr-nodata", "tcp-api-endpoint-group", True),
    ("dns-s3-nxdomain", "tls-dkr-intercepted", True),
    ("dns-api-servfail", "http-dkr-portal", True),
    ("tcp-dkr-endpoint-group", "tls-api-self-signed", True),
    ("tcp-s3-no-gateway", "token-denied-identity", True),
    ("tcp-s3-no-gateway", "manifest-no-tag", True),
    ("tcp-api-endpoint-group", "http-s3-portal", True),
    ("tcp-task-group-without-s3", "credentials-no-role", True),
    ("tls-s3-expired", "credentials-404", True),
    ("tls-dkr-name-filtered", "token-throttled", True),
    ("http-s3-portal", "manifest-denied-resource", True),
    ("http-dkr-portal", "token-denied-endpoint", True),
    ("credentials-no-role", "s3-endpoint-policy", False),
    ("token-denied-scp", "manifest-no-repository", False),
    ("manifest-denied-endpoint", "s3-endpoint-policy", False),
    ("dns-silent", "credentials-500", True),
    ("dns-dkr-alias-alone", "http-s3-bad-host", True),
    ("tcp-dkr-asymmetric", "token-portal", True),
    ("tls-dkr-old-intermediate", "token-signature-lost", True),
    ("http-s3-bad-host", "http-dkr-signed-reset", True),
    ("credentials-throttled", "s3-moved-region", False),
    ("dns-dkr-to-api", "http-s3-minio", False),
    ("dns-not-recursive", "profile-circle", True),
    ("tcp-s3-loop", "token-only-get", True),
    ("tcp-dkr-accepts-alone", "http-api-misdirected", True),
    ("tls-dkr-alert-unknown-ca", "token-bom", True),
    ("http-dkr-challenge-lost", "s3-squid", False),
    ("http-s3-zscaler", "manifest-chart", True),
    ("dns-api-a-silent", "http-dkr-426", True),
    ("tcp-s3-prohibited", "token-page-200", True),
    ("tls-api-name-swallowed", "imds-503", True),
    ("manifest-moved", "s3-too-many", False),
]


def pairs(named: dict[str, Fault]) -> list[Pair]:
    return [Pair(named[first], named[second], listed) for first, second, listed in PAIRED]
