"""One case for each rule of registries other than private ECR."""

from __future__ import annotations

from cases_path import OCI, OCI_ADDRESSES, V6, named, oci
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


def refused(world, text, status=401, code="", stage="token", role="api", cause="unauthenticated",
            **more):
    return world.fail(stage, role, cause, text, document="index" if stage == "manifest" else "",
                      status=status, error_code=code, error_text=text, **more)


def other_greeting_refused():
    return hub().fail("http", "dkr", "not_the_service", "HTTP status 403", status=403,
                      server="nginx", body="forbidden")


def other_realm_refused():
    return hub().fail("token", "api", "forbidden_host",
                      "a token service over plain http: http://auth.docker.io/token",
                      scheme="Bearer")


def other_needs_password():
    return hub().fail("token", "api", "unauthenticated",
                      "the registry asks for a user name and password, and there are none",
                      scheme="Basic")


def other_password_refused():
    return refused(hub(SOMEBODY), "incorrect username or password")


def denied_upstream_registry():
    return refused(hub(SOMEBODY), "requested access to the resource is denied", 403, "DENIED",
                   cause="denied")


def other_hidden():
    return refused(hub(), "authentication required", 401, "UNAUTHORIZED", "manifest", "dkr")


def other_data_limit():
    text = "Data limit exceeded"
    target = {**OCI, "image": "public.ecr.aws/shop/app:1.4", "host": "public.ecr.aws",
              "registry": "ecr_public"}
    world = hub(target=target)
    world.hosts.update(api="public.ecr.aws", dkr="public.ecr.aws", s3="d5l0dvt14r5h8.cloudfront.net")
    return refused(world, text, 429, "TOOMANYREQUESTS", "manifest", "dkr", "throttled")


def other_pulls_used_up():
    text = "You have reached your unauthenticated pull rate limit."
    return refused(hub(), text, 429, "TOOMANYREQUESTS", "manifest", "dkr", "throttled", **RATE)


def rate_limit_near():
    return hub(passed={("manifest", "dkr"): {**RATE, "rate_left": 3}})


def other_repository_unknown():
    world = refused(hub(), "manifest unknown", 404, "MANIFEST_UNKNOWN", "manifest", "dkr",
                    "manifest_unknown")
    return world.experiment("tags", ("manifest", "dkr"), False, "repository_unknown", status=404,
                            error_code="NAME_UNKNOWN")


def other_tag_near():
    world = refused(hub(), "manifest unknown", 404, "MANIFEST_UNKNOWN", "manifest", "dkr",
                    "manifest_unknown")
    return world.experiment("tags", ("manifest", "dkr"), True, nearest="1.3", found=["1.3", "1.2"],
                            status=200)


def other_blob_denied():
    return hub().fail("layers", "s3", "denied", "HTTP status 403", status=403, server="cloudflare")


def other_blobs_unavailable():
    return hub().fail("layers", "s3", "unavailable", "HTTP status 503", status=503, server="cloudflare")


def dns_ipv6_only_other():
    return oci(vantage=dict(V6)).fail("dns", "dkr", "nodata", a_cause="none", aaaa_cause="nodata")


CASES = named(value for value in list(globals().values())
              if getattr(value, "__module__", "") == __name__
              and getattr(value, "__code__", None) and not value.__code__.co_argcount
              and not value.__code__.co_flags & 0x08)
