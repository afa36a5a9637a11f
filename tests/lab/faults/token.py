"""Faults of the registry token: what the ECR API answers to GetAuthorizationToken."""

from __future__ import annotations

from switch import Switch

from .base import ANY, CONTEXTS, UNSURE, Fault, seen, state, to

LIMIT = 1600  # more than a ClientHello with a post-quantum key share
ACTION = "ecr:GetAuthorizationToken"
JSON = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "22222222-EXAMPLE"}
HOOK = "api.GetAuthorizationToken"


def narrow(role: str):
    """The way there loses large packets without a word; the way back is fine."""
    return lambda plan: Switch(
        forward=tuple(f"{match} meta length > {LIMIT} drop" for match in to(plan, role)),
        per_packet=True,
    )


def denied(context: str) -> Fault:
    text, cls = CONTEXTS[context]
    sentence = text.replace("{action}", ACTION) or f"is not authorized to perform: {ACTION}"
    return Fault(
        f"token-denied-{context}",
        f"AccessDeniedException: {text.replace(' {action}', '') or 'without a reason'}",
        state(deny={ACTION: text}),
        (seen("400 AccessDeniedException", "api"), seen("yes", "api_says", sentence),
         seen("401", "http_get", "dkr", "/v2/")),
        "token", "api", cls, certainty=UNSURE if context == "none" else ANY,
        also=("auth.endpoint_policy", "auth.scp") if context == "none" else (),
    )  # fmt: skip


def refused(name: str, says: str, code: str, message: str, cls: str, **more) -> Fault:
    return Fault(
        f"token-{name}", says, state(api_error={"code": code, "message": message, **more}),
        (seen(f"{more.get('status', 400)} {code}", "api"), seen("401", "http_get", "dkr", "/v2/")),
        "token", "api", cls, certainty=ANY,
    )  # fmt: skip


def garbled(name: str, says: str, body: str, status: int = 200, **more) -> Fault:
    document = {"status": status, "body": body, "headers": JSON, **more}
    return Fault(
        f"token-{name}", says, state(answers={HOOK: document}),
        (seen(str(status), "api"), seen("401", "http_get", "dkr", "/v2/")),
        "token", "api", "registry.unavailable",
        also=("http.not_the_service", "registry.truncated"), certainty=ANY,
    )  # fmt: skip


ROWS = [
    *(denied(context) for context in CONTEXTS if not context.startswith("resource")),
    refused("unrecognized-client", "the key is not known", "UnrecognizedClientException",
            "The security token included in the request is invalid.", "auth.invalid_credentials"),
    refused("expired-session", "the session behind the key has ended", "ExpiredTokenException",
            "The security token included in the request is expired", "auth.token_expired"),
    refused("throttled", "the API throttles", "ThrottlingException", "Rate exceeded",
            "auth.throttled"),
    refused("server-exception", "the API fails on its side", "ServerException",
            "Internal server error", "registry.unavailable", status=500),
    Fault("token-wrong-secret", "the endpoint's secret does not belong to its key",
          state(credentials={"SecretAccessKey": "anotherSECRET/EXAMPLE/EXAMPLEEXAMPLEKEY"}),
          (seen("400 InvalidSignatureException", "api"), seen("yes", "api_says", "does not match")),
          "token", "api", "auth.invalid_credentials", certainty=ANY),
    Fault("token-clock-behind", "the task's clock is behind the service's by 20 minutes",
          state(clock=1200),
          (seen("ahead", "api_clock"), seen("yes", "api_says", "Signature expired")),
          "token", "api", "auth.clock_skew", certainty=ANY),
    Fault("token-clock-ahead", "the task's clock is ahead of the service's by 20 minutes",
          state(clock=-1200),
          (seen("behind", "api_clock"), seen("yes", "api_says", "Signature not yet current")),
          "token", "api", "auth.clock_skew", certainty=ANY),
    Fault("token-clock-ahead-a-little", "no fault: three minutes apart is within the window",
          state(clock=-180), (seen("right", "api_clock"), seen("200", "api")),
          "token", "api", "none", works=True, exit=0),
    garbled("malformed", "the answer is cut JSON", '{"authorizationData":[{"authorizationTok'),
    garbled("nothing-in-it", "the answer has no token", '{"authorizationData":[]}'),
    garbled("not-base64", "the token in the answer is no base64 at all",
            '{"authorizationData":[{"authorizationToken":"\\u0001 not base64!","expiresAt":1.0}]}'),
    Fault("token-stall", "the API takes the signed request and never answers",
          state(answers={HOOK: {"status": 200, "body": "{}", "headers": JSON, "delay": 40}}),
          (seen("timeout", "api"), seen("404", "http_get", "api")),
          "token", "api", "registry.slow", also=("net.timeout", "net.mtu_blackhole"),
          certainty=UNSURE, stages=("http",)),
    Fault("token-mtu-upstream",
          "large packets to the API vanish: the signed request is the first of that size",
          narrow("api"),
          (seen("timeout", "api"), seen("TLSv1.3", "tls", "api"), seen("404", "http_get", "api")),
          "token", "api", "net.mtu_blackhole", certainty=("proven",)),
]  # fmt: skip

