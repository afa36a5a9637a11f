"""A second round of faults that nobody had seen: keys, tokens, manifests, layers, a start."""

from __future__ import annotations

import json

import plan as p
from fake_services import jwt
from fake_services.local import INSTANCE_ROLE
from switch import Switch

from .base import ANY, UNSURE, Fault, block, fixed, http, resolver, seen, state
from .further import HTML
from .http import page
from .layers import MANIFEST_FINE, bucket
from .manifest import AMZ, JSON, error, swap
from .second_path import elsewhere
from .sources import ASSUME, KEYS, ONLY_ASSUMED, caller, instance, profile, well
from .start import denied as start_denied
from .start import row, task
from .token import refused

PTC = "ecr-public/docker/library/busybox"
KEYS_JSON = json.dumps({"Code": "Success", "AccessKeyId": p.ACCESS_KEY, "SecretAccessKey": p.SECRET_KEY,
                        "Token": p.SESSION_TOKEN, "Expiration": "2099-01-01T00:00:00Z"})  # fmt: skip
ALLOWED_POST = page("405 Method Not Allowed", "<html>Only GET and HEAD</html>", HTML, "Allow: GET, HEAD",
                    "Server: nginx")  # fmt: skip
CHUNKS = ("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oci.image.index.v1+json\r\n"
          "Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"schemaVersion\":2}\r\n0\r\n\r\n")  # fmt: skip
SIGN_IN = page("200 OK", "<html>Sign in to the network</html>", HTML, "Server: FortiGate")
NO_CONTENT = "HTTP/1.1 204 No Content\r\nServer: cache\r\nConnection: close\r\n\r\n"
SQUID = page("403 Forbidden", "<html><title>ERROR: The requested URL could not be retrieved</title></html>",
             HTML, "Server: squid/5.7", "X-Squid-Error: ERR_ACCESS_DENIED 0",
             "Via: 1.1 gw (squid/5.7)")  # fmt: skip


def well_known(kind: str, body: str) -> dict:
    return {"status": 200, "body": body, "headers": {"Content-Type": kind}}


def upstream(code: str, cls: str, *also: str) -> Fault:
    """A pull-through cache's tag that ECR could not get: its API tells why."""
    body = json.dumps({"images": [], "failures": [{
        "imageId": {"imageTag": "1.99"}, "failureCode": code, "failureReason": code}]})
    return Fault(f"manifest-cache-{code.lower()}", f"a pull-through cache: {code}",
                 state(answers={"api.BatchGetImage": {"status": 200, "body": body, "headers": AMZ}}),
                 (seen("404 MANIFEST_UNKNOWN", "manifest", PTC, "1.99"),),
                 "manifest", "dkr", cls, also=also, certainty=ANY, image=f"{PTC}:1.99")  # fmt: skip


def assume_says(name: str, says: str, code: str, message: str, cls: str, *also: str, **more) -> Fault:
    body = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
            "</Error></ErrorResponse>")  # fmt: skip
    answer = {"status": 403, "body": body, "headers": {
        "Content-Type": "text/xml", "x-amzn-RequestId": "66666666-EXAMPLE"}}
    return caller(name, says, fixed(state={**ONLY_ASSUMED, "answers": {"sts.AssumeRole": answer}}),
                  (seen(f"403 {code}", "assume"), seen("200 ok", "credentials")), cls, also=also,
                  certainty=ANY, options=("--role-arn", p.OTHER_ROLE), **more)  # fmt: skip


def sentence(name: str, says: str, action: str, text: str, cls: str, *also: str) -> Fault:
    stage, endpoint = {"ecr:GetAuthorizationToken": ("token", "api"),
                       "ecr:BatchGetImage": ("manifest", "dkr"),
                       "ecr:GetDownloadUrlForLayer": ("layers", "dkr")}[action]
    return Fault(name, says, state(deny={action: text}), (seen("open", "tcp", "api"),),
                 stage, endpoint, cls, also=also, certainty=ANY)  # fmt: skip


CREDENTIALS = [
    well("imds-first-version-works", "the instance metadata knows its first version alone",
         instance(answers={"imds.token": {"status": 404, "body": ""},
                           "imds.role": well_known("text/plain", INSTANCE_ROLE),
                           "imds.credentials": well_known("application/json", KEYS_JSON)}),
         (seen("404", "imds", "token"), seen("200", "imds", "get"))),
    well("environment-without-region-works", "the environment names no Region",
         fixed(env={"AWS_REGION": None, "AWS_DEFAULT_REGION": None}), (seen("200", "api"),)),
    well("environment-other-region-works", "the task runs in another Region than the registry's",
         fixed(env={"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}), (seen("200", "api"),)),
    well("profile-web-identity-works", "a profile names the token's file and the role",
         lambda plan: profile(f"[default]\nrole_arn = {p.OTHER_ROLE}\n"
                              "web_identity_token_file = /mnt/token\n", **ONLY_ASSUMED)(plan)
         + Switch(files={"token": jwt.make()}), (seen("yes", "file_has", "config", "web_identity"),)),
    caller("profile-circle", "two profiles name one another as their source",
           profile(f"[profile a]\nrole_arn = {p.OTHER_ROLE}\nsource_profile = b\n"
                   f"[profile b]\nrole_arn = {p.OTHER_ROLE}\nsource_profile = a\n",
                   env={"AWS_PROFILE": "a"}), (seen("yes", "file_has", "config", "profile b"),),
           also=("client.config",), certainty=ANY),
    caller("profile-code", "the profile's role wants a code of a person's device",
           profile(f"[default]\nrole_arn = {p.OTHER_ROLE}\nsource_profile = base\n"
                   f"mfa_serial = arn:aws:iam::{p.ACCOUNT}:mfa/me\n[profile base]\n", f"[base]\n{KEYS}",
                   sts_trusts=False),
           (seen("yes", "file_has", "config", "mfa_serial"),), also=("client.config", ASSUME),
           certainty=ANY),
    caller("profile-cut", "the file of keys ends in the middle of a line",
           profile("[default]\n", f"[default]\naws_access_key_id = {p.ACCESS_KEY}\naws_secret_acc"),
           (seen("yes", "file_has", "credentials", "aws_secret_acc"),),
           also=("client.config", "auth.invalid_credentials"), certainty=ANY),
    assume_says("assume-expired-keys", "the keys that would assume the role have expired",
                "ExpiredToken", "The security token included in the request is expired",
                "auth.token_expired"),
    assume_says("assume-denied-by-organization", "the organization denies the role", "AccessDenied",
                f"User: {p.PRINCIPAL} is not authorized to perform: sts:AssumeRole on resource: "
                f"{p.OTHER_ROLE} with an explicit deny in a service control policy",
                "auth.scp", tells=("service control policy",)),
    assume_says("assume-denied-by-endpoint", "the policy of the STS endpoint does not allow the role",
                "AccessDenied",
                f"User: {p.PRINCIPAL} is not authorized to perform: sts:AssumeRole on resource: "
                f"{p.OTHER_ROLE} because no VPC endpoint policy allows the sts:AssumeRole action",
                "auth.endpoint_policy", tells=("endpoint",)),
    assume_says("assume-no-right", "the task's own role may not assume any", "AccessDenied",
                f"User: {p.PRINCIPAL} is not authorized to perform: sts:AssumeRole on resource: "
                f"{p.OTHER_ROLE} because no identity-based policy allows the sts:AssumeRole action",
                "auth.iam_identity", ASSUME),
    Fault("environment-endpoint-left-over", "a test's endpoint is left over in the environment",
          fixed(env={"AWS_ENDPOINT_URL": "https://localhost:4566"}),
          (seen("set", "variable", "AWS_ENDPOINT_URL"), seen("open", "tcp", "api")),
          "tcp", "api", "net.refused", also=("client.config",), certainty=ANY, exit=20,
          tells=("AWS_ENDPOINT_URL",)),
]  # fmt: skip

TOKEN = [
    refused("signature-cut", "a device changes the signature's header", "IncompleteSignatureException",
            "Authorization header requires 'Signature' parameter.", "http.not_the_service"),
    refused("service-down", "the API is unavailable, in its own words", "ServiceUnavailableException",
            "Service is unable to handle request.", "registry.unavailable", status=503),
    refused("region-not-enabled", "the account has not opted in to the Region", "OptInRequired",
            "The AWS Access Key Id needs a subscription for the service",
            "auth.invalid_credentials", status=403),
    sentence("token-denied-transitively", "the organization denies it, by the endpoint's policy",
             "ecr:GetAuthorizationToken", "with an explicit deny in a VPC endpoint policy transitively "
             "through a service control policy", "auth.scp", "auth.endpoint_policy"),
    sentence("token-denied-sessions", "AssumeRole's session policy denies it, in the manual's spelling",
             "ecr:GetAuthorizationToken", "with an explicit deny in a sessions policy", "auth.iam_identity"),
    sentence("manifest-denied-boundary-arn", "a boundary that the sentence names by its ARN",
             "ecr:BatchGetImage", "with an explicit deny in a permissions boundary: "
             "arn:aws:iam::123456789012:policy/boundary", "auth.iam_identity"),
    Fault("token-bom", "the answer with the token begins with a byte order mark",
          state(answers={"api.GetAuthorizationToken": {
              "status": 200, "headers": AMZ,
              "body": '\ufeff{"authorizationData":[{"authorizationToken":"QVdTOkVYQU1QTEU=",'
                      '"expiresAt":1999999999.0}]}'}}),
          (seen("200", "api"),), "token", "api", "http.not_the_service",
          also=("registry.unavailable", "registry.truncated"), certainty=ANY),
    Fault("token-only-get", "a reverse proxy takes GET and HEAD alone",
          http("api", do="reply", text=ALLOWED_POST, signed=True), (seen("405", "api"),),
          "token", "api", "http.not_the_service", certainty=ANY),
    Fault("token-squid", "squid denies the signed request", http("api", do="reply", text=SQUID, signed=True),
          (seen("403", "api"),), "token", "api", "http.not_the_service", certainty=ANY),
]  # fmt: skip

IMAGES = [
    Fault("manifest-nested", "no fault: an index in an index", state(),
          (seen("200", "manifest", "app", "nested"),), "manifest", "dkr", "none", works=True, exit=0,
          image="app:nested", options=("--platform", "linux/amd64")),
    Fault("manifest-without-platforms", "no fault: an index whose entry names no platform", state(),
          (seen("200", "manifest", "app", "noplatform"),), "manifest", "dkr", "none", works=True, exit=0,
          image="app:noplatform", options=("--platform", "linux/amd64")),
    Fault("manifest-nested-docker", "an index in an index, and Docker takes none", state(),
          (seen("200", "manifest", "app", "nested"),), "manifest", "dkr", "image.unsupported_manifest",
          exit=63, image="app:nested", options=("--platform", "linux/amd64", "--for", "ecs-docker")),
    Fault("manifest-without-platforms-arm", "an index whose entry names no platform, of an image for arm64",
          state(), (seen("200", "manifest", "app", "armalone"),), "manifest", "dkr",
          "registry.platform_mismatch", exit=63, image="app:armalone", options=("--platform", "linux/amd64"),
          certainty=ANY),
    Fault("manifest-zstd", "no fault: an OCI image with a zstd layer", state(),
          (seen("200", "manifest", "app", "ocizstd"),), "manifest", "dkr", "none", works=True, exit=0,
          image="app:ocizstd", options=("--platform", "linux/amd64")),
    Fault("manifest-windows", "an index for Windows alone", state(),
          (seen("amd64", "platforms", "app", "windows"),), "manifest", "dkr",
          "registry.platform_mismatch", image="app:windows", options=("--platform", "linux/amd64"),
          tells=("windows",), certainty=ANY),
    Fault("manifest-attestation-alone", "an index that has attestations alone", state(),
          (seen("unknown", "platforms", "app", "attested"),), "manifest", "dkr",
          "registry.platform_mismatch", also=("image.unsupported_manifest",), image="app:attested",
          options=("--platform", "linux/amd64"), certainty=ANY),
    Fault("manifest-empty-index", "an index without entries", state(),
          (seen("", "platforms", "app", "nothing"),), "manifest", "dkr", "registry.platform_mismatch",
          also=("image.unsupported_manifest",), image="app:nothing", certainty=ANY),
    Fault("manifest-chart", "the tag is a Helm chart", state(),
          (seen("200", "manifest", "app", "chart"),), "manifest", "dkr", "image.unsupported_manifest",
          image="app:chart", certainty=ANY, stages=("layers",), tells=("elm",)),
    Fault("image-layers-and-ids", "the configuration lists more layers than there are", state(),
          (seen("200", "manifest", "app", "ids"),), "layers", "s3", "image.unsupported_manifest",
          also=("image.corrupt_layer",), image="app:ids", certainty=ANY, stages=("manifest",),
          endpoints=("dkr",)),
    Fault("image-wrong-size", "the manifest gives a layer seven bytes too many", state(),
          (seen("200", "manifest", "app", "size"),), "layers", "s3", "image.corrupt_layer",
          also=("image.unsupported_manifest",), image="app:size", certainty=ANY, stages=("manifest",),
          endpoints=("dkr",)),
    Fault("manifest-cut-clean", "a proxy cuts the manifest and sets the length right", swap(cut=40),
          (seen("200 altered", "manifest", "app", "multi"),), "manifest", "dkr",
          "registry.digest_mismatch", also=("registry.truncated", "http.not_the_service"), certainty=ANY),
    Fault("manifest-broken-chunks", "the manifest's chunks have no lengths",
          http("dkr", match="/manifests/", do="reply", text=CHUNKS),
          (seen("401", "http_get", "dkr", "/v2/"),), "manifest", "dkr", "http.not_the_service",
          also=("registry.truncated", "net.reset"), certainty=ANY),
    upstream("UpstreamAccessDenied", "ptc.upstream_auth"),
    upstream("UpstreamTooManyRequests", "registry.rate_limited"),
    upstream("UpstreamUnavailable", "registry.unavailable"),
    error("tag-invalid", "a name of another sort: TAG_INVALID", 400, "TAG_INVALID",
          "Invalid parameter at 'tag' failed to satisfy constraint", "ref.bad_reference",
          "registry.tag_not_found", "image.unsupported_manifest"),
]  # fmt: skip

LAYERS = [
    Fault("layers-key-disabled", "the registry says that the repository's key is disabled",
          state(answers={"dkr.blobs": {"status": 400, "headers": JSON, "body": json.dumps({"errors": [
              {"code": "UNKNOWN", "message": "KmsException: KMS key arn:aws:kms:us-east-1:123456789012:"
                                             "key/1111 is disabled."}]})}}),
          (seen("400 UNKNOWN", "blob"), MANIFEST_FINE), "layers", "dkr", "s3.kms", certainty=ANY),
    Fault("layers-inaccessible", "the registry says that the layer is not accessible",
          state(answers={"dkr.blobs": {"status": 403, "headers": JSON, "body": json.dumps({"errors": [
              {"code": "DENIED", "message": "LayerInaccessibleException: The specified layer is not "
               "available because it is not associated with an image."}]})}}),
          (seen("403 DENIED", "blob"), MANIFEST_FINE), "layers", "dkr", "image.corrupt_layer",
          also=("registry.digest_gone", "s3.not_found"), certainty=ANY),
    bucket("key-unknown", "S3 does not know the key that signed the URL", "http.not_the_service",
           "s3.expired_url", "auth.invalid_credentials", "s3.unavailable", "client.config",
           saw="403 InvalidAccessKeyId", certainty=UNSURE, code="InvalidAccessKeyId",
           message="The AWS Access Key Id you provided does not exist in our records."),
    bucket("no-bucket", "S3 says that there is no such bucket", "s3.not_found", "registry.bad_redirect",
           "http.not_the_service", saw="404 NoSuchBucket", status=404, code="NoSuchBucket",
           message="The specified bucket does not exist"),
    bucket("denied-by-endpoint-of-organization", "an endpoint policy denies, by the organization's",
           "s3.endpoint_policy", "auth.scp", saw="403 AccessDenied",
           context="with an explicit deny in a VPC endpoint policy transitively through a service "
                   "control policy"),
    bucket("region-in-header", "S3 wants another Region in the signature", "registry.bad_redirect",
           "http.not_the_service", "s3.unavailable", "client.config", "s3.not_found",
           saw="400 AuthorizationHeaderMalformed", certainty=UNSURE, status=400,
           code="AuthorizationHeaderMalformed",
           message="The authorization header is malformed; the region 'us-east-1' is wrong; "
                   "expecting 'us-west-2'"),
    Fault("s3-no-content", "a cache answers 204 for the layers", http("s3", match="?", do="reply", text=NO_CONTENT),
          (seen("403", "http_get", "s3"),), "layers", "s3", "http.not_the_service",
          also=("image.corrupt_layer",), certainty=ANY),
    Fault("s3-sign-in", "a firewall's sign-in page answers for the layers",
          http("s3", match="?", do="reply", text=SIGN_IN), (seen("altered", "layer"), seen("403", "http_get", "s3")),
          "layers", "s3", "http.not_the_service", also=("image.corrupt_layer",), certainty=ANY),
    Fault("s3-squid", "squid denies the layers", http("s3", match="?", do="reply", text=SQUID),
          (seen("403", "layer"), seen("403", "http_get", "s3")),
          "layers", "s3", "http.not_the_service", certainty=ANY),
    Fault("s3-some-altered", "one bit of every large layer is another, past its first bytes",
          http("s3", match="?", body="flip", after=2_999_000), (seen("altered", "layer", "medium"),),
          "layers", "s3", "image.corrupt_layer", certainty=ANY, image="app:medium", options=("--full",)),
]  # fmt: skip

START = [
    row("start-ssm-nxdomain", "Parameter Store's name leads nowhere",
        lambda plan: task(plan) + resolver("ssm.", "nxdomain")(plan), "ssm", "secrets.network", 93, "dns",
        also=("dns.nxdomain",), certainty=ANY, proof=(seen("nxdomain", "dns", "ssm"),)),
    row("start-logs-denied-by-endpoint", "the endpoint's policy does not let log streams be made",
        start_denied("logs:CreateLogStream", "endpoint"), "logs", "logs.denied", 91, certainty=ANY,
        tells=("endpoint",)),
    row("start-secret-denied-by-organization", "the organization denies the secret",
        start_denied("secretsmanager:GetSecretValue", "scp-deny"), "secretsmanager", "secrets.denied", 92,
        certainty=ANY, tells=("service control policy",)),
    Fault("also-kms-refused", "a firewall refuses connections to KMS",
          block("endpoint", "kms", verdict="reject with tcp reset"), (seen("refused", "tcp", "kms"),),
          "tcp", "kms", "net.refused", also=("secrets.network",), certainty=ANY, options=("--also", "kms")),
    Fault("also-secrets-is-logs", "the address of Secrets Manager belongs to another endpoint",
          elsewhere("secretsmanager", "logs"), (seen("open", "tcp", "api"),),
          "tls", "secretsmanager", "tls.hostname_mismatch", also=("secrets.network",), certainty=ANY,
          options=("--also", "secretsmanager")),
    Fault("also-messages-silent", "ECS Exec's endpoint does not let the task in",
          block("endpoint", "ssmmessages"), (seen("timeout", "tcp", "ssmmessages"),),
          "tcp", "ssmmessages", "net.security_group", certainty=UNSURE, options=("--also", "ssmmessages")),
]  # fmt: skip

ROWS = [*CREDENTIALS, *TOKEN, *IMAGES, *LAYERS, *START]
