"""Nothing that the program prints, in whichever form and however it ends, holds a secret."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from urllib.parse import quote

import judge
import machine
import plan as p
import pytest
from faults.base import takeover
from fake_services.local import IMDS_TOKEN, POD_TOKEN
from function import Function
from switch import Switch
from test_hostile import ELSEWHERE, PLACES, check, hostile, strays
from test_lab import lab_of, needs_probe
from test_lambda import package  # noqa: F401  # makes the function's archive
from vpc import Lab

pytestmark = needs_probe
IMAGE = f"{p.REGISTRY}/app:multi"
PASSWORD = "proxyPASSWORDEXAMPLE+/0123456789"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": p.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": p.SECRET_KEY,
    "AWS_SESSION_TOKEN": p.SESSION_TOKEN,
    "HTTPS_PROXY": f"http://probe:{quote(PASSWORD, safe='')}@{p.PROXY_NAME}:{p.PROXY_PORT}",
}  # fmt: skip
PIECE = 24  # characters in a row of a secret, anywhere, are a leak


def forms(secret: str) -> set[str]:
    """What a piece of it looks like: plain, percent-encoded, hexadecimal, base64."""
    pieces = {secret} if len(secret) <= PIECE else {
        secret[at : at + PIECE] for at in (0, len(secret) // 2 - PIECE // 2, len(secret) - PIECE)}  # fmt: skip
    found = set()
    for piece in pieces:
        data = piece.encode()
        found |= {piece, quote(piece, safe=""), data.hex(), data.hex().upper()}
        for shift in range(3):  # where base64's groups of three begin
            inner = data[shift : len(data) - (len(data) - shift) % 3]
            found.add(base64.b64encode(inner).decode())
    return found


def leaks(lab: Lab, *texts: str) -> list[str]:
    known = {*lab.secrets(), POD_TOKEN, IMDS_TOKEN, PASSWORD, p.STORAGE_SECRET}
    text = "\n".join(texts)
    return sorted(secret[:10] for secret in known for form in forms(secret) if form in text)


def afterwards(lab: Lab, report: str) -> list[str]:
    """All that can be made of a report later."""
    path = lab.directory / "secret-report.json"
    path.write_text(report)
    told = []
    for verb in (["explain"], ["explain", "--format", "json"], ["compare", "--format", "text"],
                 ["compare", "--format", "json"], ["compare", "--format", "html"]):  # fmt: skip
        files = [str(path)] * (2 if verb[0] == "compare" else 1)
        done = subprocess.run([judge.PROBE, *verb, *files], capture_output=True, text=True,
                              timeout=machine.HANG, check=False)  # fmt: skip
        told += [done.stdout, done.stderr]
    return told


ECHOES = [
    *((place, do) for place in ("manifests", "blobs", "the token")
      for do in ("an echo of the request", "an echo as a page", "an encoded echo",
                 "an echo of the words before the cut")),
    ("manifests", "an echo of the values"), ("manifests", "an echo in base64"),
    *(("the bucket", do) for do in ("an echo of S3", "a broken echo of S3", "an echo as a page",
                                    "an encoded echo", "an echo of the values",
                                    "an echo of the values in XML")),
    *((place, do) for place in ("the credentials", "the instance's credentials")
      for do in ("keys in an error", "keys in an error's words")),
    ("the instance's role", "an echo of the values"), ("the pod's credentials", "an echo of the request"),
    ("the pod's credentials", "an echo in base64"), ("STS", "an echo in XML"),
    ("Docker Hub's tokens", "an echo of the request"), ("Docker Hub's tokens", "an echo in base64"),
    ("Docker Hub's manifests", "an echo of the values"), ("Docker Hub's blobs", "an echo of the values"),
]  # fmt: skip


@pytest.mark.parametrize("place,do", ECHOES, ids=lambda one: one)
def test_an_echo_is_not_repeated(place: str, do: str) -> None:
    role = PLACES[place]["role"]
    lab = lab_of("nat" if role in ELSEWHERE else "endpoints", "v4")
    variables = ENVIRONMENT if role in p.SPOOFABLE else {}
    image = ELSEWHERE.get(role, "app:multi")
    with hostile(lab, PLACES[place] | {"do": do}):
        told = check(lab, variables=variables, image=image)
        text = check(lab, form="text", variables=variables, image=image)
    assert told.code == text.code not in (0, 2, 3) and told.heard and strays(told.heard) == []
    assert leaks(lab, told.text, told.complaints, text.text, text.complaints,
                 *afterwards(lab, told.text)) == []  # fmt: skip


LOCATIONS = {
    "presigned": "https://127.0.0.1/a?X-Amz-Credential={key}&X-Amz-Signature={signature}",
    "encoded": "https://127.0.0.1/a?X-Amz-Signature%3D{signature}&{signature}",
    "in the path": "https://127.0.0.1/a;X-Amz-Signature={signature}",
    "in the fragment": "https://127.0.0.1/a#X-Amz-Signature={signature}",
    "as a user": "https://{key}:{signature}@127.0.0.1/a",
    "no URL": "X-Amz-Signature={signature}",
}


@pytest.mark.parametrize("name", LOCATIONS)
def test_a_location_keeps_its_secrets(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    signature = "feedface" * 8
    to = LOCATIONS[name].format(key=p.STORAGE_KEY, signature=signature)
    with hostile(lab, PLACES["blobs"] | {"to": to}):
        told = check(lab, variables=ENVIRONMENT)
    texts = [told.text, told.complaints, *afterwards(lab, told.text)]
    assert told.code not in (0, 2, 3)
    assert leaks(lab, *texts) == [] and not any("feedface" in text for text in texts)


@pytest.mark.parametrize("password", [p.PROXY_LOGIN.split(":")[1], PASSWORD])
def test_a_proxy_keeps_its_password(password: str) -> None:
    lab = lab_of("endpoints", "v4")
    lab.apply(Switch(state={"proxy": {"login": p.PROXY_LOGIN}}))
    proxy = f"http://probe:{quote(password, safe='')}@{p.PROXY_NAME}:{p.PROXY_PORT}"
    told = check(lab, "--proxy", proxy, variables=ENVIRONMENT)
    assert (told.code == 0) == (password != PASSWORD), told.text
    assert leaks(lab, told.text, told.complaints, *afterwards(lab, told.text)) == []


MISTAKES = {
    "a proxy of another kind": ["check", "--proxy", f"ftp://u:{PASSWORD}@h:1", IMAGE],
    "a proxy with a wrong port": ["check", "--proxy", f"http://u:{PASSWORD}@h:99999999", IMAGE],
    "a proxy's name with a blank": ["check", "--proxy", f"http://u:{PASSWORD}@h h", IMAGE],
    "an image with a login": ["check", f"u:{PASSWORD}@{p.REGISTRY}/app:1"],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_does_not_repeat_a_password(name: str) -> None:
    lab = lab_of("endpoints", "v4")
    done = lab.run([str(judge.PROBE), *MISTAKES[name]], capture_output=True, text=True, timeout=machine.HANG)
    assert done.returncode == 2 and leaks(lab, done.stdout, done.stderr) == []


TOKEN = base64.b64encode(b"AWS:" + b"registry-passwordEXAMPLE" * 8).decode()
TEXTS = [
    f"CannotPullContainerError: GET https://{p.S3}/a?X-Amz-Credential={p.ACCESS_KEY}"
    f"&X-Amz-Signature={'feedface' * 8}&X-Amz-Security-Token={p.SESSION_TOKEN} 403 Forbidden",
    f"failed to fetch oauth token: Authorization: Basic {TOKEN} 401 Unauthorized",
    f"ResourceInitializationError: AWS_ACCESS_KEY_ID={p.ACCESS_KEY} AWS_SECRET_ACCESS_KEY="
    f"{p.SECRET_KEY} AWS_SESSION_TOKEN={p.SESSION_TOKEN} AccessDeniedException",
    f"dial tcp: lookup user:{PASSWORD}@{p.PROXY_NAME} on 10.0.0.2:53: no such host",
    f"proxyconnect tcp: http://probe:{PASSWORD}@{p.PROXY_NAME}:3128: 407 Proxy Authentication "
    "Required",
    f"<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>{p.ACCESS_KEY}</AWSAccessKeyId>"
    f"<SignatureProvided>{'feedface' * 8}</SignatureProvided></Error>",
]  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json"])
def test_explain_does_not_repeat_what_it_is_shown(form: str) -> None:
    lab = lab_of("endpoints", "v4")
    for text in TEXTS:
        done = subprocess.run([judge.PROBE, "explain", "--format", form, text],
                              capture_output=True, text=True, timeout=machine.HANG, check=True)  # fmt: skip
        assert leaks(lab, done.stdout, done.stderr) == [], text
        assert TOKEN[:24] not in done.stdout and "feedface" not in done.stdout, text


def test_values_of_a_task_definition_are_not_repeated(tmp_path) -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    path = tmp_path / "task.json"
    path.write_text(json.dumps({"containerDefinitions": [{
        "name": "app", "image": IMAGE,
        "environment": [{"name": "DB", "value": PASSWORD}, {"name": "K", "value": p.SECRET_KEY}],
        "secrets": [{"name": "S", "valueFrom": p.SECRET_ARN}],
        "command": ["--password", PASSWORD],
        "logConfiguration": {"logDriver": "awslogs", "options": {
            "awslogs-group": p.LOG_GROUP, "awslogs-region": p.REGION,
            "awslogs-stream-prefix": "x", "token": PASSWORD}}}]}))  # fmt: skip
    done = lab.run([str(judge.PROBE), "check", "--format", "json", "--also-from", str(path),
                    "--also-calls"], capture_output=True, text=True, timeout=machine.HANG)  # fmt: skip
    assert json.loads(done.stdout)["verdict"]["pull"] == "works", done.stdout
    assert leaks(lab, done.stdout, done.stderr, *afterwards(lab, done.stdout)) == []


@pytest.mark.parametrize("do", ["an echo of the request", "an echo as a page"])
def test_lambda_answers_without_secrets(do: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, PLACES["manifests"] | {"do": do}), Function(lab) as function:
        event = {"image": IMAGE, "options": ["--timeout", str(machine.limit(1))]}
        told = [json.dumps(function.invoke(event)[2])]
        event["options"] = ["--proxy", f"ftp://u:{PASSWORD}@h"]
        told.append(json.dumps(function.invoke(event)[2]))
    assert leaks(lab, *told, *function.said) == []


def started(lab: Lab, *before: str) -> subprocess.Popen:
    """A check that has sent its credentials and waits for the answer."""
    lab.apply(takeover({"dkr": p.TLS_PORT["dkr"]}, http={"dkr": {"do": "stall", "signed": True}})(lab.plan))
    command = [*before, str(judge.PROBE), "check", "--format", "json", "--timeout", "300", "--deadline", "600", IMAGE]
    child = subprocess.Popen(lab.task_command(command, ENVIRONMENT), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    until = time.monotonic() + machine.HANG
    log = lab.directory / "secrets.log"
    begun = log.stat().st_size if log.exists() else 0
    while not log.exists() or log.stat().st_size == begun:  # until the token is handed out
        assert child.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.2)
    return child


def test_an_interrupted_run_keeps_its_secrets() -> None:
    lab = lab_of("endpoints", "v4")
    child = started(lab)
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=machine.HANG)
    assert json.loads(out)["interrupted"]
    assert leaks(lab, out, err, *afterwards(lab, out)) == []


@pytest.mark.skipif(machine.SANITIZED, reason="sanitizers report a crash, and need no core")
def test_a_crash_leaves_no_core_and_nobody_may_look() -> None:
    lab = lab_of("endpoints", "v4")
    child = started(lab, "/usr/bin/prlimit", "--core=unlimited", "/usr/bin/setpriv",
                    "--reuid=65534", "--regid=65534", "--clear-groups")  # fmt: skip
    # what may not be dumped belongs to root in /proc, and so is read by root alone: proc(5)
    assert os.stat(f"/proc/{child.pid}/environ").st_uid == 0
    child.send_signal(signal.SIGSEGV)
    out, err = child.stdout.read(), child.stderr.read()
    _, status = os.waitpid(child.pid, 0)
    child.returncode = -1
    assert os.WIFSIGNALED(status) and not os.WCOREDUMP(status)
    assert leaks(lab, out, err) == []
