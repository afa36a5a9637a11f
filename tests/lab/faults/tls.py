"""Faults of the handshake."""

from __future__ import annotations

from switch import Switch

from .base import ANY, Fault, raw, seen, to, variant

ROLES = ("api", "dkr", "s3")
BANNER = "SSH-2.0-OpenSSH_9.2\r\n"
PLAIN = (
    "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n"
    "Content-Length: 26\r\nConnection: close\r\n\r\n<html>400 plain HTTP</html>"
)
UNKNOWN = ("self-signed certificate in certificate chain", "self-signed certificate",
           "unable to get local issuer certificate")  # fmt: skip
LIMIT = 1300


def narrow(*roles: str, both: bool = True):
    """Packets above a size vanish without a word: a tunnel that swallows ICMP."""

    def make(plan) -> Switch:
        there = [f"{m} meta length > {LIMIT} drop" for m in to(plan, *roles)] if both else []
        back = [f"{m} meta length > {LIMIT} drop" for m in to(plan, *roles, word="saddr")]
        return Switch(forward=tuple(there + back), per_packet=True)

    return make


ROWS = [
    Fault("tls-all-intercepted", "an inspection device answers for every host with its own CA",
          variant("intercepted", *ROLES),
          (seen(UNKNOWN, "tls", "api"), seen(UNKNOWN, "tls", "dkr"), seen(UNKNOWN, "tls", "s3")),
          "tls", "api", "tls.intercepted", certainty=ANY, exit=33),
    Fault("tls-dkr-intercepted", "only the registry is intercepted",
          variant("intercepted", "dkr"),
          (seen(UNKNOWN, "tls", "dkr"), seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.intercepted", certainty=ANY, exit=31),
    Fault("tls-s3-intercepted", "only the layer bucket is intercepted",
          variant("intercepted", "s3"),
          (seen(UNKNOWN, "tls", "s3"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "s3", "tls.intercepted", certainty=ANY, exit=32),
    Fault("tls-api-self-signed", "the API answers with a self-signed certificate",
          variant("selfsigned", "api"),
          (seen(UNKNOWN, "tls", "api"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.intercepted", also=("tls.untrusted",), certainty=ANY, exit=30),
    Fault("tls-s3-expired", "the layer bucket answers with an expired certificate",
          variant("expired", "s3"),
          (seen("certificate has expired", "tls", "s3"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "s3", "tls.expired", certainty=ANY, exit=32),
    Fault("tls-api-not-yet-valid", "the API answers with a certificate of next month",
          variant("notyet", "api"),
          (seen("certificate is not yet valid", "tls", "api"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.expired", also=("auth.clock_skew",), certainty=ANY, exit=30),
    Fault("tls-dkr-wrong-name", "the registry answers with another host's certificate",
          variant("wrongname", "dkr"),
          (seen("Hostname mismatch, certificate is not valid for "
                "'123456789012.dkr.ecr.us-east-1.amazonaws.com'.", "tls", "dkr"),
           seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.hostname_mismatch", certainty=ANY, exit=31),
    Fault("tls-dkr-only-1.2", "the registry speaks TLS 1.2 and nothing newer",
          variant("tls12", "dkr"), (seen("TLSv1.2", "tls", "dkr"),),
          "tls", "dkr", "none", works=True, exit=0),
    Fault("tls-api-only-1.1", "the API speaks TLS 1.1 and nothing newer",
          variant("tls11", "api"),
          (seen(("tlsv1 alert protocol version", "unsupported protocol"), "tls", "api"),
           seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.version", certainty=ANY, exit=30),
    Fault("tls-s3-plain-http", "port 443 of the layer bucket speaks plain HTTP",
          raw("s3", "reply", text=PLAIN),
          (seen(("wrong version number", "record layer failure", "http request"), "tls", "s3"),
           seen("TLSv1.3", "tls", "dkr")),
          "tls", "s3", "tls.not_tls", certainty=ANY, exit=32),
    Fault("tls-dkr-ssh", "port 443 of the registry is an SSH server",
          raw("dkr", "banner", text=BANNER),
          (seen(BANNER.strip(), "banner", "dkr"), seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "tls.not_tls", certainty=ANY, exit=31),
    Fault("tls-api-stall", "the API's side takes the ClientHello and never answers",
          raw("api", "stall"),
          (seen("open", "tcp", "api"), seen("timeout", "tls", "api"), seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.handshake_timeout", certainty=ANY, exit=30),
    Fault("tls-dkr-reset", "every ClientHello to the registry's addresses is answered by a reset",
          raw("dkr", "reset"),
          (seen("reset", "tls", "dkr"), seen("reset", "tls_without_name", "dkr"),
           seen("TLSv1.3", "tls", "api")),
          "tls", "dkr", "net.reset", also=("tls.sni_filtered",), certainty=ANY, exit=31),
    Fault("tls-s3-closed", "the connection to S3 is closed right after it was made",
          raw("s3", "close-at-once"),
          (seen(("closed", "reset"), "tls", "s3"), seen("TLSv1.3", "tls", "api")),
          "tls", "s3", "net.reset", also=("tls.sni_filtered",), certainty=ANY, exit=32),
    Fault("tls-dkr-name-filtered", "a device resets handshakes that name the registry",
          raw("dkr", "reset", names=["dkr.ecr"]),
          (seen("reset", "tls", "dkr"), seen("TLSv1.3", "tls", "dkr", "www.example.com", False),
           seen("TLSv1.3", "tls_without_name", "dkr")),
          "tls", "dkr", "tls.sni_filtered", exit=31),
    Fault("tls-s3-name-swallowed", "a device swallows handshakes that name the layer bucket",
          raw("s3", "stall", names=["starport"]),
          (seen("timeout", "tls", "s3"), seen("TLSv1.3", "tls", "s3", "s3.us-east-1.amazonaws.com", False)),
          "tls", "s3", "tls.sni_filtered", exit=32),
    Fault("tls-api-alert", "the API's side ends the handshake with an alert",
          raw("api", "alert", code=40),
          (seen(("sslv3 alert handshake failure", "ssl/tls alert handshake failure"), "tls", "api"),
           seen("TLSv1.3", "tls", "dkr")),
          "tls", "api", "tls.version", also=("tls.sni_filtered", "tls.intercepted"), certainty=ANY,
          exit=30),
    Fault("tls-mtu-all", f"packets of more than {LIMIT} bytes vanish on every path, silently",
          narrow(*ROLES),
          (seen("timeout", "tls", "dkr"), seen("open", "tcp", "dkr"), seen("timeout", "tls", "s3"),
           seen("TLSv1.3", "tls", "dkr", mss=900)),
          "tls", "api", "net.mtu_blackhole", exit=33),
    Fault("tls-mtu-s3", f"packets of more than {LIMIT} bytes from S3 vanish silently",
          narrow("s3", both=False),
          (seen("timeout", "tls", "s3"), seen("TLSv1.3", "tls", "s3", mss=900), seen("TLSv1.3", "tls", "api")),
          "tls", "s3", "net.mtu_blackhole", exit=32),
    Fault("tls-large-hello-lost", "a middlebox loses every ClientHello of more than 700 bytes",
          raw("dkr", "stall", above=700),
          (seen("timeout", "hello", "dkr", 1500), seen("answered", "hello", "dkr", 550)),
          "tls", "dkr", "tls.handshake_timeout", also=("net.mtu_blackhole",), certainty=ANY,
          exit=31),
]  # fmt: skip
