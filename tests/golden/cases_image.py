"""One case for each rule of credentials, token, manifest and layers."""

from __future__ import annotations

from cases_path import OCI, PROXY, named, oci
from world import ACCOUNT, BUCKET, CONFIG, IMAGE, LAYER, PUBLIC, REGION, S3_ROLE, SESSION, WRONG, World

REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/app"
AWS_JSON = {"request_id": "22222222-EXAMPLE", "content_type": "application/x-amz-json-1.1"}
TOKEN, PULL, LAYERS = "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"
CACHE = {"repository": "ecr-public/docker/library/alpine", "reference": "3.20",
         "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/ecr-public/docker/library/alpine:3.20"}
GONE = {"reference": WRONG, "reference_kind": "digest",
        "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/app@{WRONG}"}
OTHER = "210987654321"
FOREIGN = {"account": OTHER, "host": f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com",
           "image": f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com/shop/app:1.4"}


def sentence(action, context, resource=REPOSITORY, principal=SESSION):
    text = f"User: {principal} is not authorized to perform: {action} on resource: {resource}"
    return f"{text} {context}".strip()


def denial(action, policy="", context="", explicit=False, resource=REPOSITORY, principal=SESSION,
           **more):
    text = sentence(action, context, resource, principal)
    facts = {"error_text": text, "principal": principal, "action": action, "resource": resource}
    if policy:
        facts.update(policy=policy, explicit=explicit)
    return {**facts, **more}


def token_denied(policy="", context="", explicit=False, world=None, **more):
    facts = denial(TOKEN, policy, context, explicit, "*", **more)
    return (world or World()).fail("token", "api", "denied", facts["error_text"], status=400,
                                   error_code="AccessDeniedException", **AWS_JSON, **facts)


def pull_denied(policy="", context="", explicit=False, world=None, **more):
    facts = denial(PULL, policy, context, explicit, **more)
    return (world or World()).fail("manifest", "dkr", "denied", facts["error_text"], "", "index",
                                   status=403, error_code="DENIED", **facts)


def opinion(world, passed, code="", text="", asks="api_batch_get_image", stage="manifest", **facts):
    return world.experiment(asks, (stage, "dkr"), passed, "denied", role="api",
                            host=f"api.ecr.{REGION}.amazonaws.com", peer="10.20.2.11:443",
                            status=200 if passed else 400, error_code=code, error_text=text, **facts)


def unknown(target=None, cause="manifest_unknown", world=None, **more):
    code = {"manifest_unknown": "MANIFEST_UNKNOWN", "repository_unknown": "NAME_UNKNOWN"}[cause]
    text = {"manifest_unknown": "Requested image not found",
            "repository_unknown": "The repository does not exist in the registry"}[cause]
    return (world or World(target=target or {})).fail(
        "manifest", "dkr", cause, text, document="index", status=404, error_code=code,
        error_text=text, **more)


def tags(world, found, nearest=""):
    return world.experiment("tags", ("manifest", "dkr"), True, status=200, found=found,
                            nearest=nearest or (found[0] if found else ""))


def described(world, status="", missing=False):
    if missing:
        return opinion(world, False, "ImageNotFoundException", "The image does not exist",
                       "api_describe_image")
    return opinion(world, True, "", status, "api_describe_image")


def no_image(world):
    return opinion(world, False, "ImageNotFound", "Requested image not found")


def source(cause, detail="", world=None, **facts):
    return (world or World()).fail("credentials", "caller", cause, detail, **facts)


CONTAINER = {"source": "container", "uri": "http://169.254.170.2/v2"}
EC2 = {"launch_type": "EC2", "principal": "", "credential_source": ""}
PASSED_OVER = ["environment: AWS_ACCESS_KEY_ID is not set",
               "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set"]


def credentials_none_fargate():
    return source("no_source", "no source of credentials", passed_over=PASSED_OVER)


def credentials_none_ec2():
    return source("no_source", "no source of credentials", World(vantage=EC2),
                  passed_over=PASSED_OVER)


def credentials_none():
    return source("no_source", "no source of credentials",
                  World(vantage={"launch_type": "", "task_arn": ""}), passed_over=PASSED_OVER)


def credentials_forbidden_host():
    return source("forbidden_host", "the host is not allowed", source="container",
                  uri="http://10.20.9.9/credentials")


def credentials_expired():
    return source("expired", "the credentials have expired", **CONTAINER,
                  expires="2020-01-01T00:00:00Z")


def credentials_not_assumable():
    return source("status", "HTTP status 400", **CONTAINER, status=400,
                  error_code="AssumeRoleFailed", error_text="the role cannot be assumed")


def credentials_no_task_role():
    return source("status", "HTTP status 404", **CONTAINER, status=404, body="404 page not found")


def credentials_throttled():
    return source("throttled", "HTTP status 429", **CONTAINER, status=429)


def credentials_endpoint_silent():
    return source("refused", "ECONNREFUSED", **CONTAINER)


def credentials_local():
    return source("local", "the token file cannot be read", source="container",
                  uri="http://169.254.170.23/v1")


def credentials_malformed():
    return source("malformed", "this is no JSON", **CONTAINER, status=200, body="<html>hello</html>")


def credentials_not_ready():
    return source("unavailable", "HTTP status 503", **CONTAINER, status=503,
                  error_code="CredentialsUninitialized", error_text="Credentials uninitialized for ID")


def credentials_failed():
    return source("status", "HTTP status 400", **CONTAINER, status=400,
                  error_code="InvalidIdInRequest", error_text="Credentials not found")


def refused(cause, code, text, **more):
    return World(**more).fail("token", "api", cause, text, status=400, error_code=code,
                              error_text=text, **AWS_JSON)


def auth_clock_skew():
    return refused("skewed", "InvalidSignatureException",
                   "Signature expired: 20260102T024405Z is now earlier than 20260102T025905Z",
                   passed={("http", role): {"clock_offset": 1200} for role in ("api", "dkr", "s3")})


def auth_clock_skew_told():
    return refused("skewed", "InvalidSignatureException",
                   "Signature not yet current: 20260102T032405Z is still later than "
                   "20260102T030905Z")


MISMATCH = "The request signature we calculated does not match the signature you provided."


def auth_signature_proxy():
    world = refused("unauthenticated", "InvalidSignatureException", MISMATCH)
    world.failures[0].seen["via"] = "1.1 proxy.example.com"
    return world


def auth_signature():
    return refused("unauthenticated", "InvalidSignatureException", MISMATCH)


def auth_invalid():
    return refused("unauthenticated", "UnrecognizedClientException",
                   "The security token included in the request is invalid.")


def auth_session_expired():
    return refused("expired", "ExpiredTokenException",
                   "The security token included in the request is expired")


def token_malformed():
    return World().fail("token", "api", "malformed", "the answer has no token", status=200, **AWS_JSON)


def token_failed():
    return refused("status", "InvalidParameterException", "Invalid parameter at 'registryIds'")


def api_throttled():
    return refused("throttled", "ThrottlingException", "Rate exceeded")


def auth_registry_token_expired():
    text = "Your authorization token has expired. Reauthenticate and try again."
    return World().fail("manifest", "dkr", "expired", text, document="index", status=403,
                        error_code="DENIED", error_text=text)


def auth_registry_token_refused():
    return World().fail("manifest", "dkr", "unauthenticated", "HTTP status 401", document="index",
                        status=401)


def auth_other_registry():
    challenge = 'Bearer realm="https://mirror.example.com/token",service="mirror"'
    world = World(passed={("http", "dkr"): {"challenge": challenge}})
    return world.fail("manifest", "dkr", "unauthenticated", "HTTP status 401", document="index",
                      status=401)


def denied_import():
    facts = denial("ecr:BatchImportUpstreamImage", "identity",
                   "because no identity-based policy allows the action")
    return World(target=CACHE).fail("manifest", "dkr", "denied", facts["error_text"],
                                    document="index", status=403, error_code="DENIED", **facts)


def denied_cache():
    return World(target=CACHE).fail("manifest", "dkr", "denied", "HTTP status 403",
                                    document="index", status=403)


def denied_by_endpoint():
    return token_denied("endpoint", f"because no VPC endpoint policy allows the {TOKEN} action")


def denied_by_identity():
    return pull_denied("identity", "with an explicit deny in an identity-based policy", True)


def denied_no_allow():
    return token_denied("identity", f"because no identity-based policy allows the {TOKEN} action")


def denied_by_boundary():
    return pull_denied("boundary", f"because no permissions boundary allows the {PULL} action")


def denied_by_session():
    return pull_denied("session", f"because no session policy allows the {PULL} action")


def denied_by_scp():
    return token_denied("scp", "with an explicit deny in a service control policy", True,
                        policy_arn="arn:aws:organizations::111122223333:policy/o-exampleorgid/"
                                   "service_control_policy/p-examplepolicyid")


def denied_by_rcp():
    return pull_denied("rcp", "with an explicit deny in a resource control policy", True)


def denied_by_trust():
    return token_denied("trust", "because no role trust policy allows the sts:AssumeRole action")


def denied_by_repository():
    return pull_denied("resource", "with an explicit deny in a resource-based policy", True)


def denied_no_grant():
    return pull_denied("resource", f"because no resource-based policy allows the {PULL} action",
                       world=World(target=FOREIGN),
                       resource=f"arn:aws:ecr:{REGION}:{OTHER}:repository/shop/app")


def denied_kms():
    return opinion(pull_denied(), False, "KmsException", "The KMS key is disabled")


def denied_digest_gone():
    return no_image(pull_denied(world=World(target=GONE)))


def denied_upstream():
    return opinion(pull_denied(world=World(target=CACHE)), False, "UpstreamAccessDenied",
                   "The upstream registry denied the request")


def denied_only_by_registry():
    return opinion(pull_denied(), True)


def denied_token_no_endpoint():
    return token_denied(world=World(addresses=dict(PUBLIC)))


def denied_token():
    return token_denied()


def denied_cross_account():
    return pull_denied(world=World(target=FOREIGN),
                       resource=f"arn:aws:ecr:{REGION}:{OTHER}:repository/shop/app")


def denied_no_endpoint():
    return pull_denied(world=World(addresses=dict(PUBLIC)))


def denied():
    text = "requested access to the resource is denied"
    return World().fail("manifest", "dkr", "denied", text, document="index", status=403,
                        error_code="DENIED", error_text=text)


def denied_docker_hub():
    world = oci()
    world.target.update(image="shop/app:1.4", host="registry-1.docker.io")
    world.hosts.update(api="auth.docker.io", dkr="registry-1.docker.io",
                       s3="production.cloudflare.docker.com")
    text = "requested access to the resource is denied"
    return world.fail("manifest", "dkr", "denied", text, document="index", status=401,
                      error_code="UNAUTHORIZED", error_text=text)


def repository_is_a_host():
    host = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    return unknown({"repository": f"{host}/shop/app", "image": f"{host}/{host}/shop/app:1.4"},
                   "repository_unknown")


def cache_upstream_denied():
    return opinion(unknown(CACHE), False, "UnableToGetUpstreamImageException",
                   "The upstream registry refused the credentials")


def cache_upstream_busy():
    return opinion(unknown(CACHE), False, "UpstreamTooManyRequests",
                   "The upstream registry limits the rate")


def cache_not_filled():
    return unknown(CACHE, "repository_unknown")


def cache_not_imported():
    return tags(unknown(CACHE), ["3.19"])


def repository_unknown_cross():
    return unknown(FOREIGN, "repository_unknown")


def repository_near():
    return unknown({}, "repository_unknown").experiment(
        "repositories", ("manifest", "dkr"), True, status=200, found=["shop/api", "shop/web"],
        nearest="shop/api")


def repository_unknown():
    return unknown({}, "repository_unknown")


def repository_unknown_other():
    return unknown(cause="repository_unknown", world=oci())


def image_archived():
    return described(unknown(), "ARCHIVED")


def image_activating():
    return described(unknown(), "ACTIVATING")


def index_child_gone():
    return World().fail("manifest", "dkr", "manifest_unknown", "Requested image not found",
                        document="image", status=404, error_code="MANIFEST_UNKNOWN", digest=IMAGE,
                        error_text="Requested image not found")


def digest_gone():
    return described(no_image(unknown(GONE)), missing=True)


def digest_unknown():
    return unknown(GONE)


def digest_unknown_other():
    return unknown(world=oci(target={**OCI, "reference": WRONG, "reference_kind": "digest",
                                     "image": f"ghcr.io/shop/app@{WRONG}"}))


def tag_listed():
    return tags(unknown(), ["1.4", "1.3"])


def registry_and_api_differ():
    return opinion(tags(unknown(), ["1.3"]), True)


def repository_empty():
    return described(tags(unknown(), []), missing=True)


def tag_near():
    return described(tags(unknown(), ["1.3", "1.2", "latest"]), missing=True)


def tag_gone():
    return described(no_image(unknown()), missing=True)


def tag_near_likely():
    return tags(unknown(), ["1.3", "1.2", "latest"])


def tag_unknown():
    return unknown()


def tag_unknown_other():
    return unknown(world=oci())


def platform_missing_single():
    world = World(index=False, target={"platform": "linux/arm64"})
    return world.fail("manifest", "dkr", "platform_missing", "the image is for linux/amd64",
                      document="config", platforms=["linux/amd64"])


def platform_missing():
    return World(target={"platform": "linux/s390x"}).fail(
        "manifest", "dkr", "platform_missing", "the index has no such platform", document="index",
        status=200, platforms=["linux/amd64", "linux/arm64"])


def manifest_digest_mismatch():
    return World().fail("manifest", "dkr", "digest_mismatch", "the bytes hash to something else",
                        document="image", status=200, found_digest=WRONG)


def manifest_unsupported():
    return World().fail("manifest", "dkr", "unsupported", "schema 1", document="index", status=200,
                        media_type="application/vnd.docker.distribution.manifest.v1+prettyjws")


def manifest_malformed():
    return World().fail("manifest", "dkr", "malformed", "the JSON is cut", document="image",
                        status=200, media_type="application/vnd.oci.image.manifest.v1+json")


def limited(world):
    return world.fail("manifest", "dkr", "throttled", "Rate exceeded", document="index", status=429,
                      error_code="TOOMANYREQUESTS", error_text="Rate exceeded")


def registry_rate_limited():
    return limited(oci())


def ecr_rate_limited():
    return limited(World())


def registry_truncated():
    return World().fail("manifest", "dkr", "truncated", "the connection was closed",
                        document="image", status=200, bytes=200, size=680)


def failed():
    return World().fail("manifest", "dkr", "status", "HTTP status 405", document="index", status=405)


def redirect_bad():
    return World().fail("layers", "dkr", "bad_redirect", "not https", status=307,
                        location=f"http://{BUCKET}.s3.{REGION}.amazonaws.com/1234")


def layer_unknown():
    return World().fail("layers", "dkr", "blob_unknown", "HTTP status 404", document="layer",
                        status=404, error_code="BLOB_UNKNOWN", error_text="layer not found")


def bucket(cause, code="", text="", document="", status=403, **facts):
    return World().fail("layers", "s3", cause, text or f"HTTP status {status}", document=document,
                        status=status, server="AmazonS3", request_id="EXAMPLE0123456789",
                        error_code=code, error_text=text, **facts)


def s3_denied_by(policy, context, explicit=False):
    facts = denial("s3:GetObject", policy, context, explicit,
                   f"arn:aws:s3:::{BUCKET}/1234-{ACCOUNT}-example/config", S3_ROLE)
    return bucket("denied", "AccessDenied", facts.pop("error_text"), **facts)


def s3_endpoint_policy():
    return s3_denied_by("endpoint", "because no VPC endpoint policy allows the s3:GetObject action")


def s3_kms():
    return bucket("status", "KMS.DisabledException", "arn:aws:kms:us-east-1:123456789012:key/"
                  "11111111-2222-3333-4444-555555555555 is disabled.", status=400)


def s3_denied_by_organization():
    return s3_denied_by("scp", "with an explicit deny in a service control policy", True)


def s3_signature():
    return bucket("unauthenticated", "SignatureDoesNotMatch", MISMATCH)


def s3_elsewhere():
    return bucket("status", "PermanentRedirect", "The bucket you are attempting to access must be "
                  "addressed using the specified endpoint.", status=301)


def s3_two_authorizations():
    return bucket("status", "InvalidArgument", "Only one auth mechanism allowed", status=400)


def s3_expired():
    return bucket("expired", "AccessDenied", "Request has expired")


def s3_denied():
    return bucket("denied", "AccessDenied", "Access Denied")


def blob_denied_other():
    world = oci()
    world.hosts.update(s3="layers.s3.us-east-1.amazonaws.com")
    return world.fail("layers", "s3", "denied", "HTTP status 403", status=403, server="nginx")


def s3_not_found():
    return bucket("blob_unknown", "NoSuchKey", "The specified key does not exist.", "layer", 404)


def s3_slow_down():
    return bucket("throttled", "SlowDown", "Please reduce your request rate.", status=503)


def s3_failed():
    return bucket("status", "MethodNotAllowed", "The specified method is not allowed.", status=405)


def blob_not_the_service():
    return World().fail("layers", "s3", "truncated", "20 of 1470 bytes", document="config",
                        status=200, bytes=20)


def spoiled(cause, detail, document="layer", **facts):
    return World(full=True).fail("layers", "s3", cause, detail, document=document, status=200,
                                 server="AmazonS3", request_id="EXAMPLE0123456789", **facts)


def second_try(world, passed, cause="", **facts):
    return world.experiment("blob_again", ("layers", "s3"), passed, cause, status=200, **facts)


def blob_corrupt():
    return second_try(spoiled("digest_mismatch", "the bytes hash to something else",
                              found_digest=WRONG), False, "digest_mismatch", found_digest=WRONG)


def blob_corrupt_once():
    return second_try(spoiled("digest_mismatch", "the bytes hash to something else",
                              found_digest=WRONG), True)


def blob_mismatch():
    return spoiled("digest_mismatch", "the bytes hash to something else", "config",
                   found_digest=WRONG)


def blob_unusable():
    return spoiled("unsupported", "a foreign layer without URLs")


def blob_loss():
    return second_try(spoiled("stalled", "no bytes for 5 s", bytes=900000), True)


def blob_stalled():
    return second_try(spoiled("stalled", "no bytes for 5 s", bytes=1000000), False, "stalled",
                      bytes=1000000)


def blob_stalled_early():
    return spoiled("stalled", "no bytes for 5 s", bytes=512)


def blob_cut():
    return second_try(spoiled("reset", "connection reset", bytes=1000000), False, "reset",
                      bytes=900000)


CASES = named(value for value in list(globals().values())
              if getattr(value, "__module__", "") == __name__
              and getattr(value, "__code__", None) and not value.__code__.co_argcount)
