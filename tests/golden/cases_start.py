"""One case for each rule of a proxy, and of what a task start asks for besides the image."""

from __future__ import annotations

from doubts import silence, status
from expect import breaks, likely, note, proven, undecided, works
from subnets import ALL, PROXY, nat
from world import NEEDS, SESSION, World


def by_proxy(cause, detail, *endpoints, **seen):
    world = nat(proxy=PROXY["proxy"])
    for endpoint in endpoints or ALL:
        world.fail("connect", endpoint, cause, detail, **seen)
    return world


@breaks(44, proven("proxy.unreachable", "http", "proxy"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")), words=["407"], doubt=silence)
def proxy_password():
    return by_proxy("status", "HTTP status 407 to CONNECT", status=407, via="1.1 corp-proxy",
                    challenge='Basic realm="corp"')


@breaks(44, proven("proxy.unreachable", "http", "proxy"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")),
        words=["403", "Allow CONNECT to prod-us-east-1-starport-layer-bucket"], doubt=silence)
def proxy_refuses():
    return by_proxy("status", "HTTP status 403 to CONNECT", "s3", status=403)


@breaks(44, likely("proxy.unreachable", "http", "proxy", "net.no_egress_route dns.nxdomain"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")))
def proxy_fails():
    return by_proxy("status", "HTTP status 504 to CONNECT", "api", "dkr", status=504)


@breaks(44, likely("proxy.unreachable", "http", "proxy", "net.no_egress_route net.timeout"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")))
def proxy_silent():
    return by_proxy("timeout", "")


@breaks(44, proven("proxy.unreachable", "http", "proxy"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")),
        words=["220 mail.corp.example ESMTP"], doubt=silence)
def proxy_is_none():
    return by_proxy("malformed", 'no HTTP answer: "220 mail.corp.example ESMTP"')


@breaks(44, likely("proxy.unreachable", "http", "proxy", "net.reset"),
        note(proven("proxy.not_used", "tcp", "proxy", rule="proxy-was-used")))
def proxy_cut():
    return by_proxy("closed", "the proxy closed the connection")


SECRET, KMS = "secretsmanager", "arn:aws:kms:us-east-1:123456789012:key/1111"


def start(endpoint, cause, detail="", **seen):
    return World(task=["secretsmanager", "ssm", "envfile", "logs"]).fail(
        "start", endpoint, cause, detail, **seen)


def denied_call(endpoint, action, resource):
    text = (f"User: {SESSION} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action")
    return start(endpoint, "denied", text, status=400, error_code="AccessDeniedException",
                 error_text=text, principal=SESSION, action=action, resource=resource,
                 policy="identity", explicit=False)


REFUSED = "auth.token_expired auth.clock_skew auth.throttled http.not_the_service"


def expired(endpoint):
    text = "The security token included in the request is expired"
    return start(endpoint, "expired", text, status=400, error_code="ExpiredTokenException",
                 error_text=text)


@breaks(93, proven("secrets.denied", "start", "ssm"),
        words=['"Action":"kms:Decrypt"', "key/1111"], doubt=status)
def start_secret_key():
    return denied_call("ssm", "kms:Decrypt", KMS)


@breaks(92, proven("secrets.denied", "start", "secretsmanager"),
        words=['"Action":"secretsmanager:GetSecretValue"', "secret:shop/db-AbCdEf"], doubt=status)
def start_secret_denied():
    return denied_call(SECRET, *NEEDS[SECRET])


@breaks(93, proven("secrets.not_found", "start", "ssm"), words=["/shop/api-key"], doubt=status)
def start_parameter_missing():
    return start("ssm", "not_found", "InvalidParameters names it", status=200)


@breaks(92, proven("secrets.not_found", "start", "secretsmanager"),
        words=["secret:shop/db-AbCdEf"], doubt=status)
def start_secret_missing():
    text = "Secrets Manager can't find the specified secret."
    return start(SECRET, "not_found", text, status=400, error_text=text,
                 error_code="ResourceNotFoundException")


@breaks(92, likely("secrets.network", "start", "secretsmanager", "http.not_the_service net.mtu_blackhole"))
def start_secret_network():
    return start(SECRET, "timeout")


@breaks(98, proven("envfile.not_found", "start", "envfile"), words=["env-files/shop/prod.env"], doubt=status)
def start_file_missing():
    return start("envfile", "not_found", "The specified key does not exist.", status=404,
                 error_code="NoSuchKey", error_text="The specified key does not exist.")


@breaks(98, proven("envfile.denied", "start", "envfile"),
        words=["env-files/shop/prod.env", '"Action":"s3:GetObject"'], doubt=status)
def start_file_denied():
    return denied_call("envfile", "s3:GetObject", "arn:aws:s3:::env-files/shop/prod.env")


@breaks(98, likely("envfile.denied", "start", "envfile", "envfile.not_found"),
        words=["env-files/shop/prod.env", '"Action":"s3:GetObject"'])
def start_file_hidden():
    return start("envfile", "denied", "Access Denied", status=403, error_code="AccessDenied",
                 error_text="Access Denied")


@breaks(98, likely("envfile.network", "start", "envfile", "http.not_the_service net.mtu_blackhole"))
def start_file_network():
    return start("envfile", "reset", "connection reset")


@breaks(91, proven("logs.config", "start", "logs"), words=["awslogs-region"])
def start_logs_config():
    world = World(task=["logs"])
    return world.fail("start", "logs", "malformed", "awslogs-region is required", peer="")


@breaks(91, proven("logs.denied", "start", "logs"),
        words=['"Action":"logs:CreateLogStream"', "/ecs/shop"], doubt=status)
def start_logs_denied():
    return denied_call("logs", "logs:CreateLogStream",
                       "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop:log-stream:a/b/c")


@breaks(93,
        likely("secrets.network",
               "start", "ssm", "http.not_the_service net.mtu_blackhole", rule="start-secret-network"),
        proven("logs.not_found", "start", "logs"),
        words=["aws logs create-log-group", "/ecs/shop"], doubt=status)
def start_logs_missing():
    text = "The specified log group does not exist."
    return start("logs", "not_found", text, status=400, error_text=text,
                 error_code="ResourceNotFoundException").fail("start", "ssm", "timeout")


@breaks(91, likely("logs.network", "start", "logs", "http.not_the_service net.mtu_blackhole"))
def start_logs_network():
    return start("logs", "closed", "the peer closed the connection")


@breaks(91,
        undecided("auth.invalid_credentials",
                  "start", "logs", f"{REFUSED} logs.denied logs.not_found"))
def start_failed():
    return expired("logs")


@breaks(92,
        undecided("auth.invalid_credentials",
                  "start", "secretsmanager", f"{REFUSED} secrets.denied secrets.not_found"))
def start_secret_failed():
    return expired(SECRET)


@breaks(98,
        undecided("auth.invalid_credentials",
                  "start", "envfile", f"{REFUSED} envfile.denied envfile.not_found"))
def start_file_failed():
    return expired("envfile")


@works(note(proven("auth.iam_identity", "start", "caller")), words=["role/shop-execution"])
def start_other_role():
    return World(task=["logs"], execution_role="arn:aws:iam::123456789012:role/shop-execution")


@works(note(proven("proxy.not_used", "tcp", "proxy")))
def proxy_was_used():
    return nat(proxy=PROXY["proxy"])
