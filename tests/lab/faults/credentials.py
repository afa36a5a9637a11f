"""Faults of the task's credentials."""

from __future__ import annotations

import plan as p
from fake_services.local import POD_TOKEN
from switch import Switch

from .base import ANY, Fault, fixed, seen, state

RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
POD_URL = f"http://{p.POD_IDENTITY}/v1/credentials"
POD_ROUTE = {"task": {f"{p.POD_IDENTITY}/32": f"via {p.ROUTER4} dev eth1 onlink"}}
CLASS = "auth.no_credentials"


def agent(code: str, message: str, status: int) -> dict:
    """The agent's own error document."""
    body = f'{{"code":"{code}","message":"{message}","HTTPErrorCode":{status}}}'
    return {"status": status, "body": body, "headers": {"Content-Type": "application/json"}}


def answer(status: int, body: str, kind: str = "application/json", **more):
    document = {"status": status, "body": body, "headers": {"Content-Type": kind}, **more}
    return state(answers={"credentials": document})


def pod_identity(token: str):
    """EKS: the full URI, and a token in a file."""
    return lambda plan: Switch(
        env={RELATIVE: None, FULL: POD_URL, TOKEN_FILE: "/mnt/token"},
        files={"token": token}, routes=POD_ROUTE)  # fmt: skip


ROWS = [
    Fault("credentials-no-role", "the task has no role: the variable is not there",
          fixed(env={RELATIVE: None}),
          (seen("absent", "variable", RELATIVE), seen("open", "tcp", "api")),
          "credentials", "caller", CLASS),
    Fault("credentials-404", "the credentials endpoint does not know the path",
          fixed(env={RELATIVE: "/v2/credentials/00000000-0000-4000-8000-000000000000"}),
          (seen("404 404 page not found", "credentials", "http://169.254.170.2/v2/credentials/0"),
           seen("open", "tcp", "api")),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-400", "the agent says that the id is not known",
          state(answers={"credentials": agent("InvalidIdInRequest", "CredentialsV2Request: Credentials not found", 400)}),
          (seen('400 {"code":"InvalidIdInRequest","message":"', "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-500", "the agent fails",
          state(answers={"credentials": agent("InternalServerError", "Internal server error", 500)}),
          (seen('500 {"code":"InternalServerError","message":', "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-503", "the agent has no credentials yet",
          state(answers={"credentials": agent("CredentialsUninitialized", "Credentials uninitialized for ID", 503)}),
          (seen('503 {"code":"CredentialsUninitialized","mess', "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-empty", "the endpoint answers nothing with 200", answer(200, ""),
          (seen("200", "credentials"),), "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-truncated", "the endpoint's JSON is cut",
          answer(200, '{"RoleArn":"arn:aws:iam::123456789012:role/x","AccessKeyId":"ASIAEXAM'),
          (seen('200 {"RoleArn":"arn:aws:iam::123456789012:ro', "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-html", "a web page answers in place of the endpoint",
          answer(200, "<html><body>hello</body></html>", "text/html"),
          (seen("200 <html><body>hello</body></html>", "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-no-secret", "the endpoint's document lacks the secret key",
          answer(200, '{"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","Token":"EXAMPLE"}'),
          (seen('200 {"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","T', "credentials"),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-expired", "the endpoint hands out expired credentials",
          state(credentials={"Expiration": "2020-01-01T00:00:00Z"},
                api_error={"code": "ExpiredTokenException",
                           "message": "The security token included in the request is expired"}),
          (seen("200 ok", "credentials"), seen("400 ExpiredTokenException", "api")),
          "credentials", "caller", "auth.token_expired", certainty=ANY, stages=("token",)),
    Fault("credentials-slow", "the endpoint takes longer than any patience",
          answer(200, "{}", delay=30), (seen("timeout", "credentials"),),
          "credentials", "caller", CLASS, certainty=ANY, exit=48),
    Fault("credentials-silent", "nothing answers at the endpoint's address",
          fixed(forward=(f'iifname "task" ip daddr {p.METADATA} drop',)),
          (seen("timeout", "credentials"), seen("open", "tcp", "api")),
          "credentials", "caller", CLASS, certainty=ANY, exit=48),
    Fault("credentials-refused", "nothing listens at the endpoint's address",
          fixed(forward=(f'iifname "task" ip daddr {p.METADATA} tcp dport 80 reject with tcp reset',)),
          (seen("refused", "credentials"), seen("open", "tcp", "api")),
          "credentials", "caller", CLASS, certainty=ANY, exit=48),
    Fault("credentials-forbidden-host", "the full URI leads to a host that no SDK would use",
          fixed(env={RELATIVE: None, FULL: "http://10.20.9.9/credentials"}),
          (seen("absent", "variable", RELATIVE), seen("set", "variable", FULL)),
          "credentials", "caller", CLASS, also=("client.config",), certainty=ANY),
    Fault("credentials-line-in-token", "the authorization token's file holds a line break inside",
          pod_identity("podIdentity\r\nInjected: headerEXAMPLE"),
          (seen("401 Access Denied: missing or wrong service", "credentials", POD_URL),
           seen("set", "variable", TOKEN_FILE)),
          "credentials", "caller", CLASS, also=("client.config",), certainty=ANY),
    Fault("credentials-token-file-missing", "the authorization token's file is not there",
          lambda plan: Switch(env={RELATIVE: None, FULL: POD_URL, TOKEN_FILE: "/mnt/none"},
                              routes=POD_ROUTE),
          (seen("401 Access Denied: missing or wrong service", "credentials", POD_URL),),
          "credentials", "caller", CLASS, also=("client.config",), certainty=ANY),
    Fault("credentials-pod-refuses", "the pod identity agent does not take the token",
          pod_identity("anotherTOKENEXAMPLE"),
          (seen("401 Access Denied: missing or wrong service", "credentials", POD_URL),),
          "credentials", "caller", CLASS, also=("auth.assume_role",), certainty=ANY),
    Fault("credentials-pod-works", "no fault: EKS pod identity hands the credentials out",
          pod_identity(POD_TOKEN), (seen("set", "variable", FULL),),
          "credentials", "caller", "none", works=True, exit=0),
    Fault("credentials-half-environment", "the environment has a key id without a secret",
          fixed(env={RELATIVE: None, "AWS_ACCESS_KEY_ID": p.ACCESS_KEY}),
          (seen("absent", "variable", "AWS_SECRET_ACCESS_KEY"), seen("absent", "variable", RELATIVE)),
          "credentials", "caller", CLASS, also=("client.config", "auth.invalid_credentials"),
          certainty=ANY),
    Fault("credentials-environment-works", "no fault: the keys stand in the environment",
          fixed(env={RELATIVE: None, "AWS_ACCESS_KEY_ID": p.ACCESS_KEY,
                     "AWS_SECRET_ACCESS_KEY": p.SECRET_KEY, "AWS_SESSION_TOKEN": p.SESSION_TOKEN}),
          (seen("absent", "variable", RELATIVE), seen("set", "variable", "AWS_ACCESS_KEY_ID")),
          "credentials", "caller", "none", works=True, exit=0),
]  # fmt: skip

