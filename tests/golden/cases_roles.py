"""One case for each rule of credentials that another service hands out."""

from __future__ import annotations

from cases_credentials import EC2, credential_failure
from doubts import denied, experiments_fail, no_words, status, unavailable
from expect import breaks, likely, proven, undecided, warning
from world import HOSTS, SESSION, World

OTHER = "arn:aws:iam::123456789012:role/team/other-role"
IMDS = {"source": "imds", "uri": "http://169.254.169.254/latest"}
STS = {"uri": "https://sts.us-east-1.amazonaws.com/", "resource": OTHER}
WEB = {"source": "web_identity", **STS}
ASSUME = {"source": "assume_role", **STS}
POD = {"source": "pod_identity", "uri": "http://169.254.170.23/v1"}
REACHED = {"hosts": {**HOSTS, "caller": "sts.us-east-1.amazonaws.com"}}
EKS = {"launch_type": "", "task_arn": "", "principal": "", "credential_source": ""}


def instance(cause, detail="", **facts):
    return credential_failure(cause, detail, World(vantage=EC2), **IMDS, **facts)


def asked_by_get(world, passed, cause="", **facts):
    return world.experiment("imds_get", ("credentials", "caller"), passed, cause, endpoint="caller",
                            host="169.254.169.254", peer="169.254.169.254:80", **facts)


def pod(cause, detail, **facts):
    return credential_failure(cause, detail, World(vantage=EKS), **POD, **facts)


def web(cause, text, code="", status=400, **facts):
    return credential_failure(cause, text, World(vantage=EKS, **REACHED), **WEB, status=status,
                              error_code=code,
                              error_text=text if code else "", **facts)


def assume(cause, text, code, **facts):
    return credential_failure(cause, text, World(**REACHED), **ASSUME, status=403, error_code=code,
                              error_text=text, **facts)


@breaks(48, proven("auth.no_credentials", "credentials", "caller"),
        words=["--http-put-response-hop-limit 2"], doubt=experiments_fail)
def credentials_instance_hops():
    return asked_by_get(instance("timeout"), True, status=401)


@breaks(48, likely("auth.no_credentials", "credentials", "caller", "net.timeout"))
def credentials_instance_silent():
    return asked_by_get(instance("timeout"), False)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["--http-endpoint enabled"], doubt=status)
def credentials_instance_off():
    return instance("status", "HTTP status 403", status=403)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"), words=["instance profile"], doubt=status)
def credentials_no_instance_role():
    return instance("status", "HTTP status 404", status=404)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"), words=["pull-role"], doubt=status)
def credentials_instance_role_gone():
    return instance("status", "HTTP status 404", status=404, principal="pull-role")


@breaks(47, proven("auth.assume_role", "credentials", "caller"),
        words=['"Service":"ec2.amazonaws.com"'], doubt=no_words)
def credentials_instance_untrusted():
    text = "EC2 cannot assume the role pull-role."
    return instance("status", text, status=200, principal="pull-role",
                    error_code="AssumeRoleUnauthorizedAccess", error_text=text)


@breaks(48, likely("auth.no_credentials", "credentials", "caller", "net.timeout"))
def credentials_instance_slow():
    return instance("timeout", "the instance metadata did not answer in 1 s", principal="pull-role")


@breaks(45, likely("auth.no_credentials", "credentials", "caller", "auth.assume_role"))
def credentials_instance_failed():
    return instance("status", "HTTP status 500", status=500, principal="pull-role")


@breaks(47, proven("auth.assume_role", "credentials", "caller"),
        words=["pods.eks.amazonaws.com", "sts:TagSession"], doubt=no_words)
def credentials_pod_denied():
    text = "Unauthorized Exception! EKS does not have permissions to assume the associated role."
    return pod("status", "HTTP status 400", status=400, error_code="AccessDeniedException",
               error_text=text)


@breaks(45, likely("auth.no_credentials", "credentials", "caller", "auth.assume_role"))
def credentials_pod_failed():
    return pod("status", "HTTP status 401", status=401,
               body="Access Denied: missing or wrong service account token")


@breaks(46, proven("auth.token_expired", "credentials", "caller"),
        words=["2026-01-02T02:04:05Z"], doubt=denied)
def credentials_web_identity_expired():
    return web("expired", "Token expired: current date/time 1767323045 must be before the "
               "expiration date/time 1767319445", "ExpiredTokenException",
               expires="2026-01-02T02:04:05Z")


@breaks(46, likely("auth.clock_skew", "credentials", "caller", "auth.invalid_credentials"))
def credentials_web_identity_early():
    return web("not_yet_valid", "Token is not active yet", "InvalidIdentityToken")


@breaks(47, likely("auth.assume_role", "credentials", "caller", "auth.endpoint_policy"),
        words=["other-role", "sts:AssumeRoleWithWebIdentity"])
def credentials_web_identity():
    return web("denied", "Not authorized to perform sts:AssumeRoleWithWebIdentity",
               "AccessDenied", 403)


@breaks(47, proven("auth.assume_role", "credentials", "caller"),
        words=["Incorrect token audience"], doubt=denied)
def credentials_web_identity_token():
    return web("status", "Incorrect token audience", "InvalidIdentityToken")


@breaks(47, proven("auth.assume_role", "credentials", "caller"), doubt=no_words)
def credentials_sts_region():
    return web("denied", "STS is not activated in this region for account:123456789012",
               "RegionDisabledException", 403)


@breaks(48, likely("auth.no_credentials", "credentials", "caller",
                   "net.timeout net.mtu_blackhole http.not_the_service"))
def credentials_sts_silent():
    return credential_failure("timeout", "no answer", World(vantage=EKS, **REACHED), **WEB)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"), doubt=unavailable)
def credentials_sts_malformed():
    return web("malformed", "the answer has no credentials in it", status=200)


def refused_by(context, **facts):
    return assume("denied", f"User: {SESSION} is not authorized to perform: sts:AssumeRole on "
                  f"resource: {OTHER}{context}", "AccessDenied", principal=SESSION,
                  action="sts:AssumeRole", **facts)


@breaks(47, likely("auth.assume_role", "credentials", "caller", "auth.endpoint_policy auth.scp"),
        words=["trust policy", "other-role"])
def credentials_assume_denied():
    return refused_by("")


@breaks(47, proven("auth.assume_role", "credentials", "caller"), doubt=no_words)
def credentials_assume_denied_told():
    return refused_by(" because no role trust policy allows the sts:AssumeRole action",
                      policy="trust", explicit=False)


@breaks(47, proven("auth.assume_role", "credentials", "caller"), doubt=no_words)
def credentials_assume_denied_explicitly():
    return refused_by(" with an explicit deny in an identity-based policy", policy="identity",
                      explicit=True)


@breaks(49, proven("auth.scp", "credentials", "caller"), words=["service control policy"], doubt=no_words)
def credentials_sts_scp():
    return refused_by(" with an explicit deny in a service control policy", policy="scp", explicit=True)


@breaks(49, proven("auth.scp", "credentials", "caller"), doubt=no_words)
def credentials_sts_rcp():
    return refused_by(" with an explicit deny in a resource control policy", policy="rcp", explicit=True)


@breaks(49, proven("auth.endpoint_policy", "credentials", "caller"),
        words=["STS endpoint", "sts:AssumeRole"], doubt=no_words)
def credentials_sts_endpoint():
    return refused_by(" because no VPC endpoint policy allows the sts:AssumeRole action",
                      policy="endpoint", explicit=False)


@breaks(47,
        undecided("auth.assume_role",
                  "credentials", "caller",
                  "auth.endpoint_policy auth.scp auth.invalid_credentials auth.token_expired "
                  "auth.clock_skew"))
def credentials_sts_wordless():
    return credential_failure("denied", "", World(**REACHED), **ASSUME, status=403)


@breaks(47, proven("auth.invalid_credentials", "credentials", "caller"), doubt=denied)
def credentials_assume_keys():
    return assume("unauthenticated", "The security token included in the request is invalid.",
                  "InvalidClientTokenId")


@breaks(46, proven("auth.token_expired", "credentials", "caller"), doubt=denied)
def credentials_assume_expired():
    return assume("expired", "The security token included in the request is expired",
                  "ExpiredToken")


@breaks(46, proven("auth.clock_skew", "credentials", "caller"),
        warning(proven("auth.clock_skew", "credentials", "caller", rule="clock-off")),
        words=["20260102T025405Z", "169.254.169.123"], doubt=denied)
def credentials_clock_skew():
    return assume("skewed", "Signature expired: 20260102T025405Z is now earlier than "
                  "20260102T025905Z (20260102T030405Z - 5 min.)", "SignatureDoesNotMatch",
                  clock_offset=600)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["aws configure export-credentials"], doubt=unavailable)
def credentials_profile():
    return credential_failure("local", "the profile shop uses IAM Identity Center (sso_session): the probe "
                              "logs nobody in", World(vantage=EKS), source="profile")
