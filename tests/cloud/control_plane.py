"""AWS's control plane for tests: a world is a dict, and botocore's models say how it is asked and how
it answers. A request must be signed, and its parameters must be those of the model, all of them; an
answer is serialised by hand, and must be read back by botocore's own parser as what it was."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.parsers import create_parser
from botocore.validate import ParamValidator

import operations

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "SESSION"
REGION = "us-east-1"
SERVICES = ["route53", "ecs", "ec2", "route53resolver", "iam", "ecr", "sts", "sso", "lambda", "logs",
            "resourcegroupstaggingapi"]  # fmt: skip
_session = botocore.session.Session()
MODELS = {name: _session.get_service_model(name) for name in SERVICES}


class Refused(Exception):
    """An error of AWS's: its code, the HTTP status, and a sentence."""

    def __init__(self, code: str, status: int = 400, message: str = "no"):
        super().__init__(code)
        self.code, self.status, self.message = code, status, message


# requests ---------------------------------------------------------------------------------------


def member_name(service: str, name: str, shape) -> str:
    """What a member is called in a form: of EC2 capitalised, and a list by its singular."""
    said = shape.serialization
    if service != "ec2":
        return said.get("name", name)
    if "queryName" in said:
        return said["queryName"]
    named = said.get("name", name)
    return named[0].upper() + named[1:]


def unflatten(service: str, shape, form: dict, prefix: str):
    """The value of a shape from a form, whose keys are taken away; None: not there."""
    if shape.type_name == "structure":
        found = {}
        for name, member in shape.members.items():
            dot = f"{prefix}." if prefix else ""
            value = unflatten(service, member, form, dot + member_name(service, name, member))
            if value is not None:
                found[name] = value
        return found or None
    if shape.type_name == "list":
        found = []
        flat = service == "ec2" or shape.serialization.get("flattened")
        for index in range(1, 1000):
            place = f"{prefix}.{index}" if flat else f"{prefix}.member.{index}"
            value = unflatten(service, shape.member, form, place)
            if value is None:
                break
            found.append(value)
        return found or None
    text = form.pop(prefix, None)
    if text is None or shape.type_name in ("string", "blob", "timestamp"):
        return text
    return text == "true" if shape.type_name == "boolean" else int(text)


def function_call(method: str, path: str, body: bytes) -> tuple[str, str, dict]:
    """A call of Lambda, by the model's own methods and paths."""
    for name in ("CreateFunction", "GetFunction", "DeleteFunction", "Invoke"):
        http = MODELS["lambda"].operation_model(name).http
        pattern = re.sub(r"[{]FunctionName[}]", "([^/?]+)", http["requestUri"])
        found = re.fullmatch(pattern, path)
        if not found or method != http["method"]:
            continue
        parameters = {"FunctionName": found.group(1)} if found.groups() else json.loads(body)
        if name == "Invoke":
            parameters["Payload"] = body
        if name == "CreateFunction":
            parameters["Code"]["ZipFile"] = base64.b64decode(parameters["Code"]["ZipFile"], validate=True)
        return "lambda", name, parameters
    raise AssertionError((method, path))


def without_newer(parameters: dict) -> dict:
    """Without what Debian's botocore does not know yet."""
    known = {key: value for key, value in parameters.items() if key != "clientToken"}
    if "VpcConfig" in known:
        known["VpcConfig"] = {key: value for key, value in known["VpcConfig"].items() if key != "Ipv6AllowedForDualStack"}
    return known


# answers ----------------------------------------------------------------------------------------


def xml_of(shape, value, name: str) -> str:
    if shape.type_name == "structure":
        inside = "".join(
            xml_of(shape.members[key], value[key], shape.members[key].serialization.get("name", key))
            for key in value
        )
    elif shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        inside = "".join(xml_of(shape.member, one, item) for one in value)
    elif shape.type_name == "boolean":
        inside = "true" if value else "false"
    else:
        inside = escape(str(value))
    return f"<{name}>{inside}</{name}>"


def answer_of(model, operation, value: dict) -> bytes:
    """The answer's bytes, proven to be read by botocore as `value`."""
    protocol, shape = model.metadata["protocol"], operation.output_shape
    if operation.name == "Invoke":
        return value["Payload"]
    if shape is None or not set(shape.members) - {"StatusCode"}:
        return b"" if protocol == "rest-json" else empty_of(protocol, operation.name)
    if protocol in ("json", "rest-json"):
        body = json.dumps(value).encode()
    elif protocol == "ec2":
        inside = xml_of(shape, value, "x")[3:-4]
        name = f"{operation.name}Response"
        body = f'<?xml version="1.0"?><{name} xmlns="http://ec2.amazonaws.com/doc/">' \
               f"<requestId>r-1</requestId>{inside}</{name}>".encode()  # fmt: skip
    elif protocol == "rest-xml":
        body = xml_of(shape, value, f"{operation.name}Response").encode()
    else:
        result = xml_of(shape, value, f"{operation.name}Result")
        body = f"<{operation.name}Response>{result}<ResponseMetadata><RequestId>r-1</RequestId>" \
               f"</ResponseMetadata></{operation.name}Response>".encode()  # fmt: skip
    parsed = create_parser(protocol).parse(
        {"status_code": 200, "headers": {}, "body": body}, shape
    )
    parsed.pop("ResponseMetadata", None)
    assert without_empty(parsed) == without_empty(value), (operation.name, parsed, value)
    return body


def empty_of(protocol: str, name: str) -> bytes:
    if protocol == "query":
        return f"<{name}Response><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>" \
               f"</{name}Response>".encode()  # fmt: skip
    return b"" if name.startswith("Delete") else b"{}"


def without_empty(value):
    """An empty list and none are the same in XML; times are left to botocore."""
    if isinstance(value, dict):
        kept = {key: without_empty(one) for key, one in value.items() if key not in ("createdAt", "Expiration", "CreateDate")}
        return {key: one for key, one in kept.items() if one not in ([], {}, None)}
    return [without_empty(one) for one in value] if isinstance(value, list) else value


def error_of(protocol: str, error: Refused) -> bytes:
    if protocol == "json":
        return json.dumps({"__type": f"com.amazonaws#{error.code}", "message": error.message}).encode()
    if protocol == "rest-json":
        return json.dumps({"Type": "User", "message": error.message}).encode()
    inside = f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
    if protocol == "ec2":
        return f"<Response><Errors>{inside}</Errors><RequestID>r-1</RequestID></Response>".encode()
    return f"<ErrorResponse>{inside}<RequestId>r-1</RequestId></ErrorResponse>".encode()


# the server -------------------------------------------------------------------------------------


def signature(handler, body: bytes, signed: list, host: str, scope: list, keys: dict) -> str:
    """By botocore, of what the caller says to have signed: Debian's curl, 7.88, signs an empty Expect."""
    lines = [f"{name}:{host if name == 'host' else handler.headers.get(name, '')}" for name in signed]
    path, _, query = handler.path.partition("?")
    canonical = "\n".join([handler.command, path, query, *lines, "", ";".join(signed),
                           hashlib.sha256(body).hexdigest()])  # fmt: skip
    request = AWSRequest(handler.command, f"http://{host}{handler.path}", data=body)
    request.context["timestamp"] = handler.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials(scope[0], *keys[scope[0]]), scope[3], scope[2])
    return signer.signature(signer.string_to_sign(request, canonical), request)


def check_signature(handler, body: bytes, keys: dict) -> str:
    """The service it is signed for; the signature is made anew by botocore."""
    headers = handler.headers
    said = headers.get("Authorization", "")
    if "Credential=" not in said:
        raise Refused("MissingAuthenticationTokenException", 403)
    scope = said.split("Credential=")[1].split(",")[0].split("/")
    key, region, service = scope[0], scope[2], scope[3]
    if key not in keys:
        raise Refused("AuthFailure" if service == "ec2" else "UnrecognizedClientException", 403)
    signed = said.split("SignedHeaders=")[1].split(",")[0].split(";")
    assert {"host", "x-amz-date"} <= set(signed), signed
    # Debian's curl, 7.88, signs the host without its port
    hosts = [headers["Host"], headers["Host"].split(":")[0]]
    assert any(said.endswith(f"Signature={signature(handler, body, signed, host, scope, keys)}")
               for host in hosts), said  # fmt: skip
    own = handler.server.world.get("region", REGION)
    whole = {"iam": "cn-north-1", "route53": "cn-northwest-1"} if own.startswith("cn-") else {}
    expected = own
    if service in ("iam", "route53"):  # one of each in a partition
        expected = whole.get(service, "us-gov-west-1" if own.startswith("us-gov-") else "us-east-1")
    regions = {asked[1] for asked in handler.server.world.get("registries", {})} if service == "ecr" else set()
    assert region in {expected, handler.server.world.get("registry_region", expected), *regions}, region
    handler.region = region
    return service


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_call(self):
        server = self.server
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the caller was ended
            raise ConnectionResetError
        self.region = ""
        service, name, parameters = self.read_call(body)
        model = MODELS[service]
        operation = model.operation_model(name)
        if operation.input_shape:
            known = without_newer(parameters)
            report = ParamValidator().validate(known, operation.input_shape)
            assert not report.has_errors(), (name, report.generate_report())
            unknown = set(known) - set(operation.input_shape.members)
            assert not unknown, (name, unknown)
        with server.lock:
            server.asked.append((f"{service}:{name}", parameters))
            server.counts[name] += 1
            trouble = server.world.get("trouble", {}).get(name)
            if callable(trouble):
                trouble = trouble(server.counts[name])
        time.sleep(server.world.get("delay", 0))
        protocol = model.metadata["protocol"]
        try:
            if trouble == "cut":
                return self.cut(model, operation, parameters)
            if trouble in ("deaf", "dumb"):  # a connection that breaks before the call is heard, or after it
                if trouble == "dumb":
                    operations.answer(self.world(), service, name, parameters, Refused)
                self.close_connection = True
                return None
            if isinstance(trouble, Refused):
                raise trouble
            value = operations.answer(self.world(), service, name, parameters, Refused)
            status = operation.http.get("responseCode", 200)
            headers = {"X-Amz-Function-Error": value["FunctionError"]} if "FunctionError" in value else {}
            return self.send(204 if name == "DeleteFunction" else status,
                             answer_of(model, operation, value), protocol, headers)  # fmt: skip
        except Refused as error:
            return self.send(error.status, error_of(protocol, error), protocol, {"x-amzn-ErrorType": error.code})

    def world(self) -> dict:
        return {**self.server.world, "asked_region": self.region}

    def read_call(self, body: bytes) -> tuple[str, str, dict]:
        if self.path.startswith("/2015-03-31/"):
            signed = check_signature(self, body, self.server.world.get("keys", {KEY: (SECRET, TOKEN)}))
            assert signed == "lambda", signed
            return function_call(self.command, self.path, body)
        if self.command == "GET":
            url = urlsplit(self.path)
            if url.path == "/2013-04-01/hostedzonesbyvpc":
                check_signature(self, body, self.server.world.get("keys", {KEY: (SECRET, TOKEN)}))
                query = dict(parse_qsl(url.query))
                names = {"vpcid": "VPCId", "vpcregion": "VPCRegion", "nexttoken": "NextToken"}
                return "route53", "ListHostedZonesByVPC", {names[key]: query[key] for key in query}
            assert url.path == "/federation/credentials", self.path
            query = dict(parse_qsl(url.query))
            token = self.headers["x-amz-sso_bearer_token"]
            return "sso", "GetRoleCredentials", {
                "roleName": query["role_name"], "accountId": query["account_id"],
                "accessToken": token}  # fmt: skip
        target = self.headers.get("X-Amz-Target")
        if target:
            prefix, name = target.split(".")
            service = next(s for s in SERVICES if MODELS[s].metadata.get("targetPrefix") == prefix)
            assert self.headers["Content-Type"] == "application/x-amz-json-1.1"
            parameters = json.loads(body)
        else:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            name, version = form.pop("Action"), form.pop("Version")
            service = next(s for s in SERVICES if name in MODELS[s].operation_names
                           and MODELS[s].api_version == version)  # fmt: skip
            shape = MODELS[service].operation_model(name).input_shape
            parameters = (unflatten(service, shape, form, "") if shape else None) or {}
            assert not form, ("unknown to botocore", name, form)
        if name != "AssumeRoleWithWebIdentity":
            keys = self.server.world.get("keys", {KEY: (SECRET, TOKEN)})
            signed = check_signature(self, body, keys)
            assert signed == MODELS[service].signing_name, (signed, service)
        return service, name, parameters

    def send(self, status: int, body: bytes, protocol: str, headers: dict | None = None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        kind = "text/xml" if protocol in ("ec2", "query", "rest-xml") else "application/x-amz-json-1.1"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self, model, operation, parameters):
        """A whole answer's length is promised, and half of it is sent."""
        value = operations.answer(self.world(), model.service_name, operation.name, parameters, Refused)
        body = answer_of(model, operation, value)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def do_POST(self):
        try:
            self.handle_call()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Refused as error:  # of the signature
            scope = self.headers.get("Authorization", "")
            protocol = "json" if "X-Amz-Target" in self.headers else (
                "ec2" if "/ec2/" in scope else "query")  # fmt: skip
            self.send(error.status, error_of(protocol, error), protocol)
        except Exception as error:  # a test fails by it
            self.server.mistakes.append(error)
            self.send(400, b"{}", "json")

    do_GET = do_DELETE = do_POST


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextlib.contextmanager
def control_plane(world: dict):
    """Serves a world on loopback: `.url`, `.asked` (calls and parameters), `.mistakes`."""
    server = Server(("127.0.0.1", 0), Handler)
    server.world, server.asked, server.mistakes = world, [], []
    server.counts, server.lock = Counter(), threading.Lock()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
    assert not server.mistakes, server.mistakes
