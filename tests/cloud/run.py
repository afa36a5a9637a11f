"""Runs `pullprobe inspect` against a control plane."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from control_plane import KEY, SECRET, TOKEN, control_plane

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build/dev/pullprobe")).resolve()
SUBJECT = ["--cluster", "prod", "--service", "web"]


def environment(url: str, **more) -> dict:
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN,
            "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true", **more}  # fmt: skip


def inspect(world: dict, *options, variables=None, without=()):
    """The finished process, and the server that it asked."""
    words = [str(PROBE), "inspect", *(options or SUBJECT)]
    with control_plane(world) as server:
        variables = {**environment(server.url), **(variables or {})}
        for name in without:
            variables.pop(name, None)
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=variables)
    done.server = server
    assert "Sanitizer" not in done.stderr, done.stderr
    return done


def survey(world: dict, *options, **more) -> dict:
    """What `--format json` prints."""
    done = inspect(world, *(options or SUBJECT), "--format", "json", **more)
    assert done.returncode in (0, 1), done.stderr
    assert not done.stderr, done.stderr
    found = json.loads(done.stdout)
    found["exit"] = done.returncode
    return found


def launch(world: dict, *options, variables=None, meanwhile=None):
    """The finished `pullprobe launch`, and the server; `meanwhile(process)` runs beside it."""
    words = [str(PROBE), "launch", *(options or SUBJECT)]
    with control_plane(world) as server:
        variables = {**environment(server.url), **(variables or {})}
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
        try:
            if meanwhile:
                meanwhile(process)
            process.stdout_text, process.stderr_text = process.communicate(timeout=300)
        finally:
            process.kill()
    process.server = server
    assert "Sanitizer" not in process.stderr_text, process.stderr_text
    return process
