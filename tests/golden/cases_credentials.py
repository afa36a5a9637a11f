"""One case for each rule of the credentials of a task or instance."""

from __future__ import annotations

from doubts import unavailable, wordless_at_sts
from expect import breaks, likely, proven, warning
from world import World


def credential_failure(cause, detail="", world=None, **facts):
    return (world or World()).fail("credentials", "caller", cause, detail, **facts)


CONTAINER = {"source": "container", "uri": "http://169.254.170.2/v2"}
EC2 = {"launch_type": "EC2", "principal": "", "credential_source": ""}
PASSED_OVER = ["environment: AWS_ACCESS_KEY_ID is not set",
               "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set"]


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["task role", "taskRoleArn"], doubt=unavailable)
def credentials_none_fargate():
    return credential_failure("no_source", "no source of credentials", passed_over=PASSED_OVER)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["AWS_ACCESS_KEY_ID is not set", "instance profile"], doubt=unavailable)
def credentials_none_ec2():
    return credential_failure("no_source", "no source of credentials", World(vantage=EC2),
                              passed_over=PASSED_OVER)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set"], doubt=unavailable)
def credentials_none():
    return credential_failure("no_source", "no source of credentials",
                              World(vantage={"launch_type": "", "task_arn": ""}), passed_over=PASSED_OVER)


@breaks(49, proven("client.config", "credentials", "caller"), words=["http://10.20.9.9/credentials"])
def credentials_forbidden_host():
    return credential_failure("forbidden_host", "the host is not allowed", source="container",
                              uri="http://10.20.9.9/credentials")


@breaks(46, proven("auth.token_expired", "credentials", "caller"),
        words=["2020-01-01T00:00:00Z"], doubt=wordless_at_sts)
def credentials_expired():
    return credential_failure("expired", "the credentials have expired", **CONTAINER,
                              expires="2020-01-01T00:00:00Z")


@breaks(47, proven("auth.assume_role", "credentials", "caller"),
        words=["trust policy", "ecs-tasks.amazonaws.com"], doubt=unavailable)
def credentials_not_assumable():
    return credential_failure("status", "HTTP status 400", **CONTAINER, status=400,
                              error_code="AssumeRoleFailed", error_text="the role cannot be assumed")


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["404", "task role"], doubt=unavailable)
def credentials_no_task_role():
    return credential_failure("status", "HTTP status 404", **CONTAINER, status=404, body="404 page not found")


@breaks(49, proven("auth.throttled", "credentials", "caller"))
def credentials_throttled():
    return credential_failure("throttled", "HTTP status 429", **CONTAINER, status=429)


@breaks(48, proven("auth.no_credentials", "credentials", "caller"),
        words=["http://169.254.170.2/v2", "ECONNREFUSED"], doubt=unavailable)
def credentials_endpoint_silent():
    return credential_failure("refused", "ECONNREFUSED", **CONTAINER)


@breaks(45, proven("auth.no_credentials", "credentials", "caller"), doubt=unavailable)
def credentials_local():
    return credential_failure("local", "the token file cannot be read", source="container",
                              uri="http://169.254.170.23/v1")


@breaks(45, proven("auth.no_credentials", "credentials", "caller"),
        words=["NO_PROXY=169.254.170.2,169.254.169.254"], doubt=unavailable)
def credentials_malformed():
    return credential_failure("malformed", "this is no JSON", **CONTAINER, status=200,
                              body="<html>hello</html>")


@breaks(46, likely("auth.token_expired", "credentials", "caller", "auth.clock_skew"),
        warning(proven("auth.clock_skew", "http", "api", rule="clock-off")))
def credentials_expired_by_clock():
    """The clock is off by minutes, so what expired by it may be valid."""
    off = {("http", one): {"clock_offset": 200} for one in ("api", "dkr", "s3")}
    return credential_failure("expired", "the credentials have expired", World(passed=off), **CONTAINER,
                              expires="2020-01-01T00:00:00Z")


@breaks(45, likely("auth.no_credentials", "credentials", "caller", "auth.assume_role"))
def credentials_assume_failed():
    return credential_failure("status", "HTTP status 400", source="assume_role", status=400,
                              uri="https://sts.us-east-1.amazonaws.com/", error_code="ValidationError",
                              error_text="1 validation error detected")


@breaks(45, likely("auth.no_credentials", "credentials", "caller", "auth.assume_role"))
def credentials_failed():
    return credential_failure("status", "HTTP status 400", **CONTAINER, status=400,
                              error_code="InvalidIdInRequest", error_text="Credentials not found")
