"""One case for each rule of registries other than private ECR."""

from __future__ import annotations

from doubts import denied, no_experiments, status
from expect import breaks, likely, proven, undecided, warning, works
from subnets import OCI, OCI_ADDRESSES, V6, oci
from world import World

HUB = {**OCI, "image": "docker.io/shop/app:1.4", "host": "registry-1.docker.io"}
HUB_HOSTS = {"api": "auth.docker.io", "dkr": "registry-1.docker.io",
             "s3": "production.cloudflare.docker.com", "caller": "", "control": "public.ecr.aws"}
RATE = {"rate_limit": 100, "rate_left": 0, "rate_window": 21600}
NOBODY = {"source": "anonymous", "uri": "", "principal": "", "expires": "",
          "passed_over": ["option: --user is not given",
                          "docker_config: cannot read /home/probe/.docker/config.json: No such file"]}
SOMEBODY = {**NOBODY, "source": "option", "principal": "lab-user", "passed_over": []}


def hub(who=NOBODY, target=HUB, **more):
    passed = {("credentials", "caller"): who, **more.pop("passed", {})}
    return World(target=dict(target), hosts=dict(HUB_HOSTS), addresses=dict(OCI_ADDRESSES),
                 passed=passed, **more)


def refused(world, text, status=401, code="", stage="token", endpoint="api", cause="unauthenticated",
            **more):
    return world.fail(stage, endpoint, cause, text, document="index" if stage == "manifest" else "",
                      status=status, error_code=code, error_text=text, **more)


@breaks(41,
        likely("http.not_the_service",
               "http", "dkr", "ref.bad_hostname auth.upstream_credentials client.config"))
def other_greeting_refused():
    return hub().fail("http", "dkr", "not_the_service", "HTTP status 403", status=403,
                      server="nginx", body="forbidden")


@breaks(59, proven("registry.bad_redirect", "token", "api"), words=["http://auth.docker.io/token"])
def other_realm_refused():
    return hub().fail("token", "api", "forbidden_host",
                      "a token service over plain http: http://auth.docker.io/token",
                      scheme="Bearer")


@breaks(53, proven("auth.upstream_credentials", "token", "api"),
        words=["repositoryCredentials"], doubt=denied)
def other_needs_password():
    return hub().fail("token", "api", "unauthenticated",
                      "the registry asks for a user name and password, and there are none",
                      scheme="Basic")


@breaks(53, proven("auth.upstream_credentials", "token", "api"), doubt=denied)
def other_password_refused():
    return refused(hub(SOMEBODY), "incorrect username or password")


@breaks(53, likely("auth.upstream_credentials", "token", "api", "registry.repo_not_found auth.token_expired"))
def denied_upstream_registry():
    return refused(hub(SOMEBODY), "requested access to the resource is denied", 403, "DENIED",
                   cause="denied")


@breaks(64, undecided("auth.upstream_credentials", "manifest", "dkr", "registry.repo_not_found"))
def other_hidden():
    return refused(hub(), "authentication required", 401, "UNAUTHORIZED", "manifest", "dkr")


@breaks(68, proven("registry.rate_limited", "manifest", "dkr"),
        words=["Data limit exceeded", "aws ecr-public get-login-password"], doubt=status)
def other_data_limit():
    text = "Data limit exceeded"
    target = {**OCI, "image": "public.ecr.aws/shop/app:1.4", "host": "public.ecr.aws",
              "registry": "ecr_public"}
    world = hub(target=target)
    world.hosts.update(api="public.ecr.aws", dkr="public.ecr.aws", s3="d5l0dvt14r5h8.cloudfront.net")
    return refused(world, text, 429, "TOOMANYREQUESTS", "manifest", "dkr", "throttled")


@breaks(68, proven("registry.rate_limited", "manifest", "dkr"),
        words=["100 of 100", "6 h"], doubt=status)
def other_pulls_used_up():
    text = "You have reached your unauthenticated pull rate limit."
    return refused(hub(), text, 429, "TOOMANYREQUESTS", "manifest", "dkr", "throttled", **RATE)


@works(warning(proven("registry.rate_limited", "manifest", "dkr")), words=["97 of 100"])
def rate_limit_near():
    return hub(passed={("manifest", "dkr"): {**RATE, "rate_left": 3}})


@breaks(60, proven("registry.repo_not_found", "manifest", "dkr"), doubt=no_experiments)
def other_repository_unknown():
    world = refused(hub(), "manifest unknown", 404, "MANIFEST_UNKNOWN", "manifest", "dkr",
                    "manifest_unknown")
    return world.experiment("tags", ("manifest", "dkr"), False, "repository_unknown", status=404,
                            error_code="NAME_UNKNOWN")


@breaks(61, proven("registry.tag_not_found", "manifest", "dkr"),
        words=["1.3"], doubt=no_experiments)
def other_tag_near():
    world = refused(hub(), "manifest unknown", 404, "MANIFEST_UNKNOWN", "manifest", "dkr",
                    "manifest_unknown")
    return world.experiment("tags", ("manifest", "dkr"), True, nearest="1.3", found=["1.3", "1.2"],
                            status=200)


@breaks(88, undecided("http.not_the_service", "layers", "s3", "s3.expired_url s3.unavailable"))
def other_blob_denied():
    return hub().fail("layers", "s3", "denied", "HTTP status 403", status=403, server="cloudflare")


@breaks(86, likely("s3.unavailable", "layers", "s3", "http.not_the_service"))
def other_blobs_unavailable():
    return hub().fail("layers", "s3", "unavailable", "HTTP status 503", status=503, server="cloudflare")


@breaks(11, proven("net.ipv6_only", "dns", "dkr"))
def dns_ipv6_only_other():
    return oci(vantage=dict(V6)).fail("dns", "dkr", "nodata", a_cause="none", aaaa_cause="nodata")
