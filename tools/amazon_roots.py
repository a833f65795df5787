"""Renew the small file of root certificates that AWS's services chain to: `python -m tools.amazon_roots`.

Reading all roots of the web takes some 18 ms for every new connection, while a caller waits. AWS documents
that its services use the roots of Amazon Trust Services. certifi keeps them current.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import certifi

TARGET = Path(__file__).resolve().parents[1] / "layers/application/pivot_app/aws/amazon_roots.pem"
NAMES = (
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
)
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)


def roots() -> str:
    """Return the certificates, each below a comment with its name; LookupError if certifi lacks one."""
    found = {}
    for pem in PEM.findall(Path(certifi.where()).read_text("ascii", "ignore")):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=pem)
        for certificate in context.get_ca_certs():
            subject = dict(pair for part in certificate["subject"] for pair in part)  # type: ignore[misc]
            found[subject.get("commonName")] = pem
    if missing := [name for name in NAMES if name not in found]:
        raise LookupError(f"certifi has no {', '.join(missing)}")
    return "".join(f"# {name}\n{found[name]}" for name in NAMES)


def main() -> None:
    """Write the file."""
    TARGET.write_text(roots())
    print(f"{len(NAMES)} certificates in {TARGET.name}")


if __name__ == "__main__":
    main()
