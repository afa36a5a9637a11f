"""The state all fake_services share: what the lab's command line switched, and what was handed out."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import time
import uuid
from email.utils import formatdate
from pathlib import Path

import aiohttp
from aiohttp import web

import plan as p


class World:
    def __init__(self, directory: Path):
        self.directory = directory
        self.file = directory / "state.json"
        self.seen_at = 0
        self.state: dict = {}
        self.tokens: set[str] = set()  # registry tokens handed out
        self.objects: dict[str, str] = {}  # bucket keys handed out, to digests
        self.client: aiohttp.ClientSession | None = None
        settings = json.loads((directory / "lab.json").read_text())
        self.repositories: dict[str, dict] = settings["repositories"]

    def refresh(self) -> dict:
        """The state as it is on disk now; it is replaced whole, never edited."""
        stamp = self.file.stat().st_mtime_ns
        if stamp != self.seen_at:
            self.state = json.loads(self.file.read_text())
            self.seen_at = stamp
        return self.state

    def get(self, key: str, default=None):
        return self.refresh().get(key, default)

    def now(self) -> float:
        """The servers' clock, which a fault may shift."""
        return time.time() + self.get("clock", 0)

    def date(self) -> str:
        return formatdate(self.now(), usegmt=True)

    def planted(self, secret: str) -> str:
        """Write down a secret that was handed out: no output of the probe may contain it."""
        with open(self.directory / "secrets.log", "a", encoding="utf-8") as log:
            log.write(secret + "\n")
        return secret

    def token(self) -> str:
        password = base64.b64encode(
            json.dumps({"payload": secrets.token_hex(900), "note": "EXAMPLE"}).encode()
        ).decode()
        token = base64.b64encode(f"AWS:{password}".encode()).decode()
        self.tokens.add(token)
        self.planted(password)
        return self.planted(token)

    def denied(self, action: str, resource: str) -> str | None:
        """The message of a denial, when the lab's policies deny this action."""
        rules = self.get("deny", {})
        context = rules.get(action, rules.get("*"))
        if context is None:
            return None
        text = f"User: {p.PRINCIPAL} is not authorized to perform: {action} on resource: {resource}"
        return f"{text} {context}".rstrip().replace("{action}", action)

    def exists(self, repository: str) -> bool:
        return repository in self.repositories and repository not in self.get("missing", [])

    async def canned(self, *hooks: str) -> web.StreamResponse | None:
        """The answer that a fault put in place of the real one, the first hook that has one."""
        answers = self.get("answers", {})
        for hook in hooks:
            if hook in answers:
                answer = answers[hook]
                await asyncio.sleep(answer.get("delay", 0))
                body = answer.get("body", "")
                if answer.get("hex"):
                    body = bytes.fromhex(answer["hex"]).decode("latin-1")
                if "repeat" in answer:
                    body *= answer["repeat"]
                headers = {"Content-Type": "text/html", **answer.get("headers", {})}
                return self.reply(answer.get("status", 200), body, headers)
        return None

    def reply(self, status: int, body: str | bytes, headers: dict) -> web.Response:
        data = body if isinstance(body, bytes) else body.encode("utf-8")
        return web.Response(
            status=status, body=data, headers={"Date": self.date(), "Server": "lab", **headers}
        )


def request_id() -> str:
    return str(uuid.uuid4())
