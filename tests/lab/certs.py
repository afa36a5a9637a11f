"""The lab's certificates: a private CA with an intermediate, a leaf per role, and wrong ones."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import plan

NOW = datetime.datetime.utcnow()
DAY = datetime.timedelta(days=1)


def _key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(organization: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(subject, key, issuer, issuer_key, *, ca=False, names=(), since=-1, until=390,
                 use=ExtendedKeyUsageOID.SERVER_AUTH, hash_=hashes.SHA256):
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + since * DAY)
        .not_valid_after(NOW + until * DAY)
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
        )
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False
        ).add_extension(x509.ExtendedKeyUsage([use]), False)
    return builder.sign(issuer_key, hash_())


def _pem(*certificates) -> str:
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certificates)


def _write_key(path: Path, key) -> None:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)


def made(cache: Path) -> Path:
    """The folder of today's certificates, which all labs copy."""
    recipe = hashlib.sha256(b"".join(Path(one).read_bytes() for one in (__file__, plan.__file__)))
    folder = cache / f"certs-{recipe.hexdigest()[:12]}-{NOW:%Y%m%d}"
    if not folder.exists():
        for old in cache.glob("*certs-*"):
            shutil.rmtree(old)
        fresh = cache / f".{folder.name}"
        fresh.mkdir()
        make(fresh)
        fresh.rename(folder)
    return folder


def make(directory: Path) -> None:
    """Write ca.pem, mitm-ca.pem, key.pem, ROLE.pem and VARIANT-ROLE.pem into `directory`."""
    root_key, middle_key, key, mitm_key, lost_key = (_key() for _ in range(5))
    root = _name("Pullprobe Lab", "Lab Root CA 1")
    middle = _name("Pullprobe Lab", "Lab RSA 2048 M01")
    mitm = _name("Example Corp IT Security", "Example Corp Inspection CA")
    root_cert = _certificate(root, root_key, root, root_key, ca=True)
    middle_cert = _certificate(middle, middle_key, root, root_key, ca=True)
    old_middle = _certificate(middle, middle_key, root, root_key, ca=True, since=-400, until=-3)
    mitm_cert = _certificate(mitm, mitm_key, mitm, mitm_key, ca=True)
    _write_key(directory / "key.pem", key)
    (directory / "ca.pem").write_text(_pem(root_cert))
    (directory / "mitm-ca.pem").write_text(_pem(mitm_cert))

    def leaf(file: str, names, issuer=middle, issuer_key=middle_key, chain=(middle_cert,), **when):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        cert = _certificate(subject, key, issuer, issuer_key, names=names, **when)
        (directory / file).write_text(_pem(cert, *chain))

    signer = _name("Pullprobe Lab", "Lab tokens")
    (directory / "jwt.pem").write_text(_pem(_certificate(signer, key, signer, key)))
    for role, service in plan.SERVICES.items():
        leaf(f"{role}.pem", service.sans or service.names + service.dual)
    for role in plan.SPOOFABLE:
        names = plan.SERVICES[role].sans or plan.SERVICES[role].names + plan.SERVICES[role].dual
        leaf(f"intercepted-{role}.pem", names, mitm, mitm_key, (mitm_cert,))
        leaf(f"expired-{role}.pem", names, since=-400, until=-3)
        leaf(f"notyet-{role}.pem", names, since=30)
        leaf(f"wrongname-{role}.pem", ["portal.example.com", "*.example.com"])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        own = _certificate(subject, key, subject, key, names=names)
        (directory / f"selfsigned-{role}.pem").write_text(_pem(own))
        there = [name.replace(plan.REGION, "us-west-2") for name in names]
        leaf(f"otherregion-{role}.pem", there)
        leaf(f"oldmiddle-{role}.pem", names, chain=(old_middle,))
        leaf(f"wronguse-{role}.pem", names, use=ExtendedKeyUsageOID.CLIENT_AUTH)
        leaf(f"sha1-{role}.pem", names, hash_=hashes.SHA1)
        bare = _certificate(subject, key, middle, middle_key)
        (directory / f"noname-{role}.pem").write_text(_pem(bare, middle_cert))
        leaf(f"nochain-{role}.pem", names, _name("Amazon", "Amazon RSA 2048 M01"), lost_key, ())
        for same in ("tls12", "tls11", "clientcert"):
            (directory / f"{same}-{role}.pem").write_text((directory / f"{role}.pem").read_text())
