"""Faults of registries other than ECR: sign-in, limits, what is hidden, and hosts out of reach."""

from __future__ import annotations

import json

import others
from switch import Switch

from .base import ANY, PROVEN, SHORT, UNSURE, Fault, block, resolver, seen, state

HUB, AUTH = "registry-1.docker.io", "auth.docker.io"
HUB_REALM = others.REGISTRIES[HUB].realm
JSON = {"Content-Type": "application/json"}
LIMIT = "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit"
NAT = {"topology": "nat"}
LOGIN = ("--user", others.USER, "--password-file", "/mnt/password")


def password(text: str = others.PASSWORD, **changes):
    return lambda plan: Switch(files={"password": text + "\n"}, **changes)


def config(document: dict):
    """The task has a Docker configuration file."""
    return lambda plan: Switch(files={"config.json": json.dumps(document)},
                               env={"DOCKER_CONFIG": "/mnt"})  # fmt: skip


def errors(status: int, code: str, message: str, **headers) -> dict:
    body = json.dumps({"errors": [{"code": code, "message": message}]})
    return {"status": status, "body": body, "headers": JSON | headers}


def fine(name: str, says: str, host: str, image: str = "app:multi", switch=state(), proof=(),
         **more) -> Fault:  # fmt: skip
    """No fault: the pull works."""
    return Fault(f"other-{name}", says, switch, proof, "layers", "s3", "none", works=True, exit=0,
                 host=host, image=image, **NAT, **more)  # fmt: skip


def hub(name: str, says: str, switch, proof, stage: str, endpoint: str, cls: str, **more) -> Fault:
    more = {"host": "docker.io", **NAT, **more}
    return Fault(f"other-{name}", says, switch, proof, stage, endpoint, cls, **more)


def realm(name: str, says: str, told: str, cls: str, proof: str, **more) -> Fault:
    answer = {"status": 401, "body": "", "headers": {"Www-Authenticate": told}}
    return Fault(f"other-{name}", says, password(state={"answers": {"others.ping": answer}}),
                 (seen(proof, "challenge", "other.corp.example"),), "token", "api", cls,
                 host="other.corp.example", options=LOGIN, **{**NAT, **more})  # fmt: skip


ROWS = [
    fine("hub", "an image of Docker Hub, anonymously", "docker.io",
         proof=(seen(f"401 Bearer {HUB_REALM}", "challenge", HUB),)),
    fine("ghcr", "GHCR, whose token service is on its own host", "ghcr.io", "lab/app:multi",
         proof=(seen("401 Bearer https://ghcr.io/token", "challenge", "ghcr.io"),)),
    fine("quay", "Quay", "quay.io", "lab/app:multi"),
    fine("ecr-public", "ECR Public, and its CloudFront host", "public.ecr.aws", "lab/app:multi"),
    fine("bearer", "docker-registry with a token service, which is learnt", others.SERVICE,
         proof=(seen(f"401 Bearer {others.REALM}", "challenge", others.SERVICE),),
         options=("--full",)),
    fine("port", "the same on a port of its own", f"{others.SERVICE}:{others.HTTPS_PORT}",
         proof=(seen("open", "tcp", "others", others.HTTPS_PORT),)),
    fine("basic", "docker-registry with user name and password", "basic.corp.example",
         switch=password(), options=LOGIN,
         proof=(seen("401 Basic", "challenge", "basic.corp.example"),)),
    fine("manifest-elsewhere", "the manifests are redirected to another host",
         "other.corp.example", switch=state(manifests_at="open.corp.example")),
    fine("open", "a registry that asks for nothing", "open.corp.example", options=("--full",),
         proof=(seen("200 nothing", "challenge", "open.corp.example"),)),
    fine("config-file", "the password stands in Docker's configuration file", "docker.io",
         "lab/private:multi", config({"auths": {"https://index.docker.io/v1/": {
             "username": others.USER, "password": others.PASSWORD}}}),
         (seen("401 UNAUTHORIZED", "fetched", HUB, others.PRIVATE, "multi", HUB_REALM,
               "registry.docker.io"),
          seen("200", "fetched", HUB, others.PRIVATE, "multi", HUB_REALM, "registry.docker.io",
               others.PASSWORD))),
    hub("token-service-silent", "the token service is black-holed", block("forward", "hubauth"),
        (seen("timeout", "tcp", "hubauth"), seen("open", "tcp", "hub")),
        "tcp", "api", "net.security_group", certainty=UNSURE, exit=20),
    hub("token-service-unnamed", "the token service's name does not resolve",
        resolver(AUTH, "nxdomain"),
        (seen("nxdomain", "dns", AUTH),), "dns", "api", "dns.nxdomain", certainty=ANY, exit=10),
    Fault("other-learnt-service-silent", "a token service that only the challenge names is silent",
          block("forward", "corpauth"),
          (seen("timeout", "tcp", "corpauth"), seen("open", "tcp", "others")),
          "tcp", "api", "net.security_group", certainty=UNSURE, host=others.SERVICE, exit=20, **NAT),
    hub("registry-silent", "the registry is black-holed", block("forward", "hub"),
        (seen("timeout", "tcp", "hub"), seen("open", "tcp", "hubauth")),
        "tcp", "dkr", "net.security_group", certainty=UNSURE, exit=21),
    hub("blobs-silent", "the blob host is black-holed", block("forward", "hubblobs"),
        (seen("timeout", "tcp", "hubblobs"), seen("open", "tcp", "hub")),
        "tcp", "s3", "net.security_group", certainty=UNSURE, exit=22),
    Fault("other-no-way-out", "a subnet with VPC endpoints only: none serves Docker Hub", state(),
          (seen("timeout", "tcp", "hub"), seen("open", "tcp", "dkr")),
          "tcp", "api", "net.no_egress_route", certainty=UNSURE, host="docker.io",
          exit=23),
    hub("password-wrong", "Docker Hub does not accept the password", password("wrong-PASSWORD"),
        (seen("401 incorrect username or password", "token", HUB_REALM,
              "registry.docker.io", "library/app", "wrong-PASSWORD"),),
        "token", "api", "auth.upstream_credentials", options=LOGIN, exit=53),
    Fault("other-basic-password-wrong", "docker-registry does not accept the password",
          password("wrong-PASSWORD"), (seen("401 UNAUTHORIZED", "fetched", "basic.corp.example",
                                            "app", "multi", password="wrong-PASSWORD"),),
          "token", "api", "auth.upstream_credentials", host="basic.corp.example", options=LOGIN,
          exit=53, **NAT),
    Fault("other-basic-no-password", "the registry wants a password, and a helper has it",
          config({"credHelpers": {"basic.corp.example": "ecr-login"}}),
          (seen("401 Basic", "challenge", "basic.corp.example"),),
          "token", "api", "auth.upstream_credentials", host="basic.corp.example", exit=53, **NAT),
    Fault("other-token-denied", "GHCR denies a token for what is private or not there", state(),
          (seen("403 DENIED", "token", "https://ghcr.io/token", "ghcr.io", "lab/private"),),
          "token", "api", "auth.upstream_credentials", certainty=UNSURE, host="ghcr.io",
          image="lab/private:multi", exit=53, **NAT),
    hub("private", "Docker Hub hides a private repository", state(),
        (seen("401 UNAUTHORIZED", "fetched", HUB, others.PRIVATE, "multi", HUB_REALM,
              "registry.docker.io"),),
        "manifest", "dkr", "auth.upstream_credentials", certainty=UNSURE,
        image="lab/private:multi", exit=64),
    hub("repository-unknown", "Docker Hub says the same of a repository that is not there", state(),
        (seen("401 UNAUTHORIZED", "fetched", HUB, "lab/nothing", "multi", HUB_REALM,
              "registry.docker.io"),),
        "manifest", "dkr", "registry.repo_not_found", certainty=UNSURE, image="lab/nothing:multi"),
    hub("registry-left-out", "an ECR image is asked for without its registry", state(),
        (seen("401 UNAUTHORIZED", "fetched", HUB, "shop/backend", "1", HUB_REALM,
              "registry.docker.io"),),
        "manifest", "dkr", "registry.wrong_registry", host=SHORT, image="shop/backend:1",
        certainty=UNSURE, exit=60),
    hub("tag-unknown", "no such tag on Docker Hub", state(),
        (seen("404 MANIFEST_UNKNOWN", "fetched", HUB, "library/app", "mutli", HUB_REALM,
              "registry.docker.io"),),
        "manifest", "dkr", "registry.tag_not_found", image="app:mutli", certainty=PROVEN, exit=61),
    Fault("other-manifest-of-no-repository",
          "docker-registry says MANIFEST_UNKNOWN where the repository itself is missing", state(),
          (seen("404 MANIFEST_UNKNOWN", "fetched", "open.corp.example", "nothing", "1"),),
          "manifest", "dkr", "registry.repo_not_found", host="open.corp.example",
          image="nothing:1", exit=60, **NAT),
    hub("pulls-used-up", "Docker Hub's rate limit is reached",
        state(answers={"others.manifests": errors(
            429, "TOOMANYREQUESTS", LIMIT, **{"ratelimit-limit": "100;w=21600",
                                              "ratelimit-remaining": "0;w=21600"})}),
        (seen("429 TOOMANYREQUESTS", "fetched", HUB, "library/app", "multi", HUB_REALM,
              "registry.docker.io"),),
        "manifest", "dkr", "registry.rate_limited", exit=68),
    Fault("other-data-used-up", "ECR Public's data limit is reached",
          state(answers={"others.token": errors(429, "TOOMANYREQUESTS", "Data limit exceeded")}),
          (seen("429 TOOMANYREQUESTS", "token", "https://public.ecr.aws/token/", "public.ecr.aws", "lab/app"),),
          "token", "api", "registry.rate_limited", host="public.ecr.aws", image="lab/app:multi",
          exit=56, **NAT),
    hub("pulls-used-up-and-no-way-to-a-guess",
        "the rate limit is reached, and the blob host that is foreseen is out of reach",
        lambda plan: block("forward", "hubblobs")(plan) + state(answers={
            "others.manifests": errors(429, "TOOMANYREQUESTS", LIMIT)})(plan),
        (seen("429 TOOMANYREQUESTS", "fetched", HUB, "library/app", "multi", HUB_REALM,
              "registry.docker.io"), seen("timeout", "tcp", "hubblobs")),
        "manifest", "dkr", "registry.rate_limited", exit=68),
    Fault("other-ca-unknown", "a private registry and its token service have a CA of their own",
          lambda plan: Switch(env={"AWS_CA_BUNDLE": None}),
          (seen("401 Bearer " + others.REALM, "challenge", others.SERVICE),),
          "tls", "dkr", "tls.untrusted", certainty=UNSURE, host=others.SERVICE, exit=31, **NAT),
    hub("few-pulls-left", "no fault: three pulls are left", state(pulls_left=3),
        (seen("200", "fetched", HUB, "library/app", "multi", HUB_REALM, "registry.docker.io"),),
        "layers", "s3", "none", works=True, exit=0),
    hub("token-service-fails", "the token service answers 503",
        state(answers={"others.token": errors(503, "UNAVAILABLE", "try later")}),
        (seen("503 UNAVAILABLE", "token", HUB_REALM, "registry.docker.io", "library/app"),),
        "token", "api", "registry.unavailable", also=("http.not_the_service",), certainty=ANY),
    hub("redirect-to-http", "the registry redirects blobs to plain http",
        state(blobs_at="http://production.cloudflare.docker.com/x"),
        (seen("200", "fetched", HUB, "library/app", "multi", HUB_REALM, "registry.docker.io"),),
        "layers", "dkr", "registry.bad_redirect", exit=73),
    hub("blobs-denied", "the blob host denies what the registry signed",
        state(answers={"others.object": {"status": 403, "body": "denied\n",
                                         "headers": {"Content-Type": "text/plain"}}}),
        (seen("200", "fetched", HUB, "library/app", "multi", HUB_REALM, "registry.docker.io"),),
        "layers", "s3", "http.not_the_service", also=("s3.expired_url",), certainty=UNSURE),
    realm("realm-link-local", "the registry names a token service at a link-local address",
          'Bearer realm="https://169.254.170.2/token",service="s"', "registry.bad_redirect",
          "401 Bearer https://169.254.170.2/token"),
    realm("realm-http", "the registry names a token service over plain http",
          'Bearer realm="http://auth.corp.example/token",service="s"', "registry.bad_redirect",
          "401 Bearer http://auth.corp.example/token"),
    Fault("other-challenge-huge", "a challenge of thirty thousand bytes",
          state(answers={"others.ping": {"status": 401, "headers": {
              "Www-Authenticate": f'Bearer realm="https://{"a" * 30000}/t"'}}}),
          (seen(f"401 Bearer https://{'a' * 52}", "challenge", "other.corp.example"),),
          "http", "dkr", "http.not_the_service", host="other.corp.example", certainty=ANY, exit=41,
          **NAT),
]  # fmt: skip
