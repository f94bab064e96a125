"""Certificates, good and bad, and the stand-in behind them."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from demo.site import StandIn


@cache
def certificate(kind: str) -> tuple[bytes, bytes]:
    """Give a self-signed certificate and its key as PEM.

    "old" has expired, "other" names another address; whether one is trusted is for the client.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kind)])
    start = datetime.now(UTC) - timedelta(days=400 if kind == "old" else 1)
    address = ip_address("127.0.0.9" if kind == "other" else "127.0.0.1")
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(address)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM), private


def wrap(site: StandIn, kind: str, folder: Path) -> str:
    """Put ``site`` behind the certificate of this kind, and give its address."""
    pem = folder / "server.pem"
    pem.write_bytes(b"".join(certificate(kind)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
    return site.url.replace("http:", "https:")
