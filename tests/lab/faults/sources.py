"""Credential sources beside the task role: instance, web identity, profile, Lambda, other roles."""

from __future__ import annotations

import plan as p
from fake_services import jwt
from fake_services.local import INSTANCE_ROLE, POD_TOKEN
from switch import Switch

from .base import ANY, UNSURE, Fault, block, fixed, resolver, seen, to
from .credentials import CLASS, FULL, RELATIVE, TOKEN_FILE, agent

# What a machine that is no ECS task lacks of the lab's environment.
BARE = {name: None for name in (RELATIVE, "AWS_EXECUTION_ENV", "ECS_CONTAINER_METADATA_URI",
                                "ECS_CONTAINER_METADATA_URI_V4", "ECS_AGENT_URI")}  # fmt: skip
ON_EC2 = {"task": {f"{p.IMDS}/32": f"via {p.ROUTER4} dev eth1 onlink"}}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/mnt/token", "AWS_ROLE_ARN": p.OTHER_ROLE}
FILES = {"AWS_CONFIG_FILE": "/mnt/config", "AWS_SHARED_CREDENTIALS_FILE": "/mnt/credentials"}
ONLY_ASSUMED = {"accepted": [p.ACCESS_KEY, p.ASSUMED_KEY], "api_accepted": [p.ASSUMED_KEY]}
ASSUME = "auth.assume_role"
INVALID = "auth.invalid_credentials"
KEYS = (f"aws_access_key_id = {p.ACCESS_KEY}\naws_secret_access_key={p.SECRET_KEY}\n"
        f"aws_session_token = {p.SESSION_TOKEN}\n")  # fmt: skip


def instance(forward=(), env=None, **state):
    """An EC2 instance: no task, and instance metadata that can be reached."""
    return fixed(env={**BARE, **(env or {})}, routes=ON_EC2, forward=tuple(forward), state=state)


def metadata(kind: str, status: int, body: str, content: str = "text/plain", **more):
    document = {"status": status, "body": body, "headers": {"Content-Type": content}, **more}
    return instance(answers={kind: document})


def web(token=jwt.make, env=None, switch=None, **state):
    """A pod with a service account's token, made when the fault is put in."""

    def make(plan: p.Plan) -> Switch:
        files = {} if token is None else {"token": token()}
        one = Switch(env={**BARE, **WEB, **(env or {})}, files=files,
                     state={**ONLY_ASSUMED, **state})  # fmt: skip
        return one + switch(plan) if switch else one

    return make


def sts_says(status: int, body: str, kind: str = "text/xml", **more):
    headers = {"Content-Type": kind, "x-amzn-RequestId": "00000000-1111-4222-8333-444444444444"}
    if kind == "text/html":
        headers.pop("x-amzn-RequestId")
    document = {"status": status, "body": body, "headers": headers, **more}
    return web(answers={"sts": document})


def sts_error(status: int, code: str, message: str):
    return sts_says(status, f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                            f"<Message>{message}</Message></Error></ErrorResponse>")  # fmt: skip


def elsewhere(plan: p.Plan) -> Switch:
    """Connections to STS reach S3's servers."""
    there = plan.addresses4("s3")[0]
    return Switch(dnat=tuple(f'iifname "task" {match} tcp dport 443 dnat ip to {there}:443'
                             for match in to(plan, "sts") if match.startswith("ip ")))  # fmt: skip


def profile(config: str, credentials: str = "", env=None, **state):
    return fixed(env={**BARE, **FILES, **(env or {})}, state=state,
                 files={"config": config, "credentials": credentials})  # fmt: skip


def caller(name: str, says: str, switch, proof, cls: str = CLASS, **more) -> Fault:
    return Fault(name, says, switch, proof, "credentials", "caller", cls, **more)


def well(name: str, says: str, switch, proof, **more) -> Fault:
    return caller(name, f"no fault: {says}", switch, proof, "none", works=True, exit=0, **more)


INSTANCE = [
    well("imds-works", "the instance's role has the credentials", instance(),
         (seen("200 ok", "imds"), seen("absent", "variable", RELATIVE))),
    well("imds-ipv6-works", "the instance metadata is asked over IPv6",
         fixed(env={**BARE, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}),
         (seen("200 ok", "imds", address=p.IMDS6), seen("invalid", "imds")), family="dual"),
    caller("imds-hop-limit", "the answer to PUT may travel one hop, and a container is two away",
           instance(imds_hops=1),
           (seen("open", "tcp", p.IMDS, 80), seen("timeout", "imds", "token"),
            seen("401", "imds", "get")), exit=48),
    caller("imds-hangs", "the instance metadata accepts and never answers",
           metadata("imds", 200, "", delay=30),
           (seen("open", "tcp", p.IMDS, 80), seen("timeout", "imds", "token"),
            seen("timeout", "imds", "get")), certainty=UNSURE, exit=48),
    caller("imds-silent", "packets to the instance metadata are lost",
           instance((f'iifname "task" ip daddr {p.IMDS} drop',)),
           (seen("timeout", "tcp", p.IMDS, 80),)),
    caller("imds-refused", "nothing listens at the instance metadata's address",
           instance((f'iifname "task" ip daddr {p.IMDS} tcp dport 80 reject with tcp reset',)),
           (seen("refused", "tcp", p.IMDS, 80),)),
    caller("imds-nowhere", "there is no instance metadata, nor any other source",
           fixed(env=BARE), (seen("invalid", "tcp", p.IMDS, 80),)),
    caller("imds-not-wanted", "the environment says that the instance metadata is not to be asked",
           instance(env={"AWS_EC2_METADATA_DISABLED": "true"}),
           (seen("200 ok", "imds"), seen("set", "variable", "AWS_EC2_METADATA_DISABLED"))),
    caller("imds-off", "the instance metadata is switched off", metadata("imds", 403, ""),
           (seen("403", "imds", "token"), seen("403", "imds", "get"))),
    caller("imds-no-profile", "no instance profile is attached", metadata("imds.role", 404, ""),
           (seen("404", "imds", "role"), seen("200", "imds", "token"))),
    caller("imds-role-gone", "the role that is named has no credentials",
           metadata("imds.credentials", 404, ""),
           (seen(f"200 {INSTANCE_ROLE}", "imds", "role"), seen("404", "imds"))),
    caller("imds-role-untrusted", "the role does not trust EC2",
           metadata("imds.credentials", 200, '{"Code":"AssumeRoleUnauthorizedAccess","Message":'
                    '"EC2 cannot assume the role pull-execution-role."}', "application/json"),
           (seen('200 {"Code":"AssumeRoleUnauthorizedAccess","', "imds"),), ASSUME),
    caller("imds-500", "the instance metadata fails", metadata("imds.credentials", 500, "oops"),
           (seen("500 oops", "imds"),), also=(ASSUME,), certainty=ANY),
    caller("imds-role-empty", "the list of roles is empty", metadata("imds.role", 200, ""),
           (seen("200", "imds", "role"),)),
    caller("imds-html", "a web page answers in place of the instance metadata",
           metadata("imds", 200, "<html><body>Sign in</body></html>", "text/html"),
           (seen("200 <html><body>Sign in</body></html>", "imds"),)),
    caller("imds-truncated", "the role's document is cut",
           metadata("imds.credentials", 200, '{"Code":"Success","AccessKeyId":"ASIAEXAM'),
           (seen('200 {"Code":"Success","AccessKeyId":"ASIAEXA', "imds"),)),
    caller("imds-slow", "the role's document takes longer than any patience",
           metadata("imds.credentials", 200, "{}", delay=30), (seen("timeout", "imds"),),
           certainty=UNSURE, exit=48),
    caller("imds-expired", "the instance hands out expired credentials",
           instance(credentials={"Expiration": "2020-01-01T00:00:00Z"}),
           (seen("200 ok", "imds"),), "auth.token_expired"),
]  # fmt: skip

IDENTITY = [
    well("web-identity-works", "a service account's token is exchanged for its role", web(),
         (seen("200 ok", "web_identity"), seen("400 UnrecognizedClientException", "api"))),
    caller("web-identity-expired", "the token has expired", web(lambda: jwt.make(-7200, -3600)),
           (seen("400 ExpiredTokenException", "web_identity"),), "auth.token_expired"),
    caller("web-identity-early", "the token is not valid yet", web(lambda: jwt.make(3600, 7200)),
           (seen("400 InvalidIdentityToken", "web_identity"),), "auth.clock_skew",
           also=(INVALID,), certainty=UNSURE),
    caller("web-identity-no-jwt", "the file holds something else",
           web(lambda: "no.such.token"), (seen("400 InvalidIdentityToken", "web_identity"),), ASSUME),
    caller("web-identity-audience", "the token is for somebody else",
           web(lambda: jwt.make(aud=["example.com"])),
           (seen("400 InvalidIdentityToken", "web_identity"),), ASSUME),
    caller("web-identity-untrusted", "the role does not trust the service account",
           web(sts_trusts=False), (seen("403 AccessDenied", "web_identity"),), ASSUME,
           certainty=UNSURE),
    caller("web-identity-line-end", "the token's file ends with a line break",
           web(lambda: jwt.make() + "\n"), (seen("yes", "file_has", "token", "\n"),)),
    caller("web-identity-line-inside", "the token's file has a line break inside",
           web(lambda: jwt.make() + "\r\nX-Injected: EXAMPLE"),
           (seen("yes", "file_has", "token", "\r\n"),)),
    caller("web-identity-no-file", "the token's file is not there", web(None),
           (seen("absent", "file_has", "token", ""),)),
    caller("web-identity-no-role", "the environment names no role for the token",
           web(env={"AWS_ROLE_ARN": None}), (seen("absent", "variable", "AWS_ROLE_ARN"),)),
    caller("sts-throttled", "STS throttles", sts_error(400, "Throttling", "Rate exceeded"),
           (seen("400 Throttling", "web_identity"),), "auth.throttled"),
    caller("sts-region-off", "STS is not active in this Region for the account",
           sts_error(403, "RegionDisabledException", "STS is not activated in this region for "
                     "account:123456789012. Your account administrator can activate STS in this "
                     "region using the IAM Console."),
           (seen("403 RegionDisabledException", "web_identity"),), ASSUME),
    caller("sts-no-provider", "STS cannot ask the identity provider",
           sts_error(400, "IDPCommunicationError", "The request to the identity provider failed"),
           (seen("400 IDPCommunicationError", "web_identity"),), ASSUME),
    caller("sts-truncated", "the answer of STS is cut",
           sts_says(200, "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
                    "<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAcc"),
           (seen("200 <AssumeRoleWithWebId", "web_identity"),)),
    caller("sts-empty", "STS answers nothing with 200", sts_says(200, ""),
           (seen("200", "web_identity"),)),
]  # fmt: skip

STS = [
    Fault("sts-silent", "a security group keeps the task from STS",
          web(switch=block("forward", "sts")),
          (seen("timeout", "tcp", "sts"), seen("open", "tcp", "api")),
          "tcp", "sts", "net.security_group", certainty=UNSURE),
    Fault("sts-no-name", "the name of STS does not resolve",
          web(switch=resolver("sts.", "nxdomain")),
          (seen("nxdomain", "dns", "sts"), seen("yes", "dns_is", "api", "api")),
          "dns", "sts", "dns.nxdomain", certainty=ANY),
    Fault("sts-other-host", "another host answers at the address of STS", web(switch=elsewhere),
          (seen(("hostname mismatch", "Hostname mismatch, certificate is not valid for "
                 "'sts.us-east-1.amazonaws.com'."), "tls", "sts"),),
          "tls", "sts", "tls.hostname_mismatch", certainty=ANY),
    Fault("sts-html", "a web page answers in place of STS",
          sts_says(200, "<html><body>Sign in</body></html>", "text/html"),
          (seen("200 <html><body>Sign in<", "web_identity"),),
          "http", "sts", "http.not_the_service", certainty=ANY),
    Fault("sts-500", "STS fails", sts_says(500, "<html>oops</html>"),
          (seen("500", "web_identity"),), "http", "sts", "registry.unavailable", certainty=ANY),
    Fault("sts-slow", "STS takes longer than any patience", sts_says(200, "", delay=30),
          (seen("timeout", "web_identity"),), "http", "sts", "net.timeout", certainty=ANY),
]  # fmt: skip

OTHER_ROLES = [
    well("assume-works", "the task's role assumes the one of --role-arn",
         fixed(state=ONLY_ASSUMED),
         (seen("200 ok", "assume"), seen("400 UnrecognizedClientException", "api")),
         options=("--role-arn", p.OTHER_ROLE)),
    caller("assume-untrusted", "the role does not trust the task's",
           fixed(state={**ONLY_ASSUMED, "sts_trusts": False}),
           (seen("403 AccessDenied", "assume"), seen("200 ok", "credentials")), ASSUME,
           certainty=UNSURE, options=("--role-arn", p.OTHER_ROLE)),
    caller("assume-bad-keys", "STS does not know the keys that ask",
           fixed(env={**BARE, "AWS_ACCESS_KEY_ID": p.ACCESS_KEY,
                      "AWS_SECRET_ACCESS_KEY": "wrongSECRETEXAMPLE",
                      "AWS_SESSION_TOKEN": p.SESSION_TOKEN}),
           (seen("403 SignatureDoesNotMatch", "assume", "wrongSECRETEXAMPLE"),), INVALID,
           also=("tls.intercepted",), certainty=ANY, options=("--role-arn", p.OTHER_ROLE)),
    Fault("assume-sts-silent", "STS cannot be reached to assume the role of --role-arn",
          block("forward", "sts"), (seen("timeout", "tcp", "sts"), seen("200 ok", "credentials")),
          "tcp", "sts", "net.security_group", certainty=UNSURE,
          options=("--role-arn", p.OTHER_ROLE)),
    well("lambda-works", "a function's keys stand in its environment",
         fixed(env={**BARE, "AWS_LAMBDA_FUNCTION_NAME": "pullprobe",
                    "AWS_ACCESS_KEY_ID": p.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": p.SECRET_KEY,
                    "AWS_SESSION_TOKEN": p.SESSION_TOKEN}),
         (seen("set", "variable", "AWS_LAMBDA_FUNCTION_NAME"),)),
    caller("environment-expired", "the keys in the environment are past their own end",
           fixed(env={**BARE, "AWS_ACCESS_KEY_ID": p.ACCESS_KEY,
                      "AWS_SECRET_ACCESS_KEY": p.SECRET_KEY, "AWS_SESSION_TOKEN": p.SESSION_TOKEN,
                      "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00+00:00"}),
           (seen("set", "variable", "AWS_CREDENTIAL_EXPIRATION"),), "auth.token_expired"),
    well("profile-works", "the default profile has keys",
         profile("[default]\nregion = eu-west-1\n", f"# mine\n[default]\n{KEYS}"),
         (seen("yes", "file_has", "credentials", "[default]"),)),
    well("profile-role-works", "a profile's role is assumed with another's keys",
         profile(f"[profile shop]\nrole_arn={p.OTHER_ROLE}\nsource_profile = base\n"
                 f"external_id = {p.EXTERNAL_ID}\n[profile base]\nregion=us-east-1\n",
                 f"[base]\n{KEYS}", {"AWS_PROFILE": "shop"}, **ONLY_ASSUMED,
                 sts_external=p.EXTERNAL_ID),
         (seen("200 ok", "assume", ExternalId=p.EXTERNAL_ID), seen("403 AccessDenied", "assume"))),
    well("profile-container-works", "a profile's role is assumed with the container's",
         fixed(env={**FILES, "AWS_PROFILE": "shop"}, state=ONLY_ASSUMED,
               files={"config": f"[profile shop]\nrole_arn = {p.OTHER_ROLE}\n"
                                "credential_source = EcsContainer\n"}),
         (seen("200 ok", "assume"), seen("200 ok", "credentials"))),
    caller("profile-none", "the profile of AWS_PROFILE is in neither file",
           profile("[profile shop]\n", env={"AWS_PROFILE": "shopp"}),
           (seen("no", "file_has", "config", "shopp"), seen("set", "variable", "AWS_PROFILE")),
           also=("client.config",)),
    caller("profile-login", "the profile needs a login",
           profile("[profile shop]\nsso_session = corp\nsso_account_id = 123456789012\n",
                   env={"AWS_PROFILE": "shop"}), (seen("yes", "file_has", "config", "sso_session"),),
           also=("client.config",)),
    caller("profile-program", "the profile needs a program",
           profile("[default]\ncredential_process = /opt/bin/keys --for me\n"),
           (seen("yes", "file_has", "config", "credential_process"),), also=("client.config",)),
    caller("profile-no-keys", "the source profile has no keys",
           profile(f"[default]\nrole_arn = {p.OTHER_ROLE}\nsource_profile = base\n"),
           (seen("yes", "file_has", "config", "source_profile"),), also=("client.config",)),
]  # fmt: skip

POD = {FULL: f"http://[{p.POD_IDENTITY6}]/v1/credentials", TOKEN_FILE: "/mnt/token"}
CONTAINERS = [
    well("credentials-pod-ipv6-works", "EKS pod identity is asked over IPv6",
         fixed(env={**BARE, **POD}, files={"token": POD_TOKEN}),
         (seen("401 Access Denied: missing or wrong service", "credentials", POD[FULL]),),
         family="dual"),
    caller("credentials-pod-denied", "EKS may not assume the pod's role",
           fixed(env={**BARE, **POD, FULL: f"http://{p.POD_IDENTITY}/v1/credentials"},
                 files={"token": POD_TOKEN},
                 routes={"task": {f"{p.POD_IDENTITY}/32": f"via {p.ROUTER4} dev eth1 onlink"}},
                 state={"answers": {"credentials": agent(
                     "AccessDeniedException", "Unauthorized Exception! EKS does not have "
                     "permissions to assume the associated role.", 400)}}),
           (seen('400 {"code":"AccessDeniedException","message', "credentials",
                 f"http://{p.POD_IDENTITY}/v1/credentials"),), ASSUME, also=(CLASS,)),
    caller("credentials-loopback-refused", "the full URI leads to this machine, where nobody is",
           fixed(env={**BARE, FULL: "http://localhost:1338/keys"}),
           (seen("refused", "credentials", "http://127.0.0.1:1338/keys"),), exit=48),
]  # fmt: skip

ROWS = [*INSTANCE, *IDENTITY, *STS, *OTHER_ROLES, *CONTAINERS]
