"""Failures as words, and a way into the task's namespace."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl

from shell import inside

PATIENCE = 0.6  # seconds, on an idle machine
WORDS = {errno.ECONNREFUSED: "refused", errno.ENETUNREACH: "no route",
         errno.EHOSTUNREACH: "host unreachable", errno.ECONNRESET: "reset",
         errno.EACCES: "prohibited", errno.EINVAL: "invalid"}  # fmt: skip


def word(error: BaseException) -> str:
    """A failure as one of a few words."""
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)):
        return "closed"
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).lower().replace("_", " ")
    if isinstance(error, (http.client.RemoteDisconnected, http.client.IncompleteRead)):
        return "closed"
    if isinstance(error, http.client.BadStatusLine):
        return "not http"
    return WORDS.get(getattr(error, "errno", 0) or 0, type(error).__name__)


def in_task(lab, work) -> str:
    def guarded() -> str:
        try:
            return work()
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            return word(error)

    return inside(lab.plan.ns("task"), guarded)
