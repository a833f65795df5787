"""A stand-in OpenID Connect provider in a process of its own: signs in each person as the test says.

`python -m tests.browser.identity_provider` prints its port and runs until its standard input closes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import httpx
import uvicorn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID = "live-debug-page"
AUDIENCE = "live-debug"
ROOT = Path(__file__).parents[2]


class IdentityProvider:
    """The running provider, as a test sees it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self._process = process

    @classmethod
    def start(cls) -> Self:
        """Start the process and wait until it listens."""
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        return cls(process, int(process.stdout.readline()))

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def says(self, access: dict[str, Any] | None = None, id_token: dict[str, Any] | None = None) -> None:
        """Set what the next tokens say, besides what all tokens say; a value of None leaves a claim out."""
        said = {"access": access or {}, "id_token": id_token or {}}
        httpx.put(f"{self.issuer}/test/says", json=said, timeout=30).raise_for_status()

    def token(self, **changes: Any) -> str:
        """Return a signed access token of the person."""
        return httpx.post(f"{self.issuer}/test/token", json=changes, timeout=30).text

    def asked(self) -> dict[str, str]:
        """Return the query of the last sign-in."""
        answered: dict[str, str] = httpx.get(f"{self.issuer}/test/asked", timeout=30).json()
        return answered


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class _Provider:
    """Authorization code with PKCE, one signing key, access tokens and ID tokens that differ."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._says: dict[str, dict[str, Any]] = {"access": {}, "id_token": {}}
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._asked: dict[str, dict[str, str]] = {}
        self._last: dict[str, str] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._tokens, methods=["POST"]),
                Route("/test/says", self._set, methods=["PUT"]),
                Route("/test/token", self._one_token, methods=["POST"]),
                Route("/test/asked", self._asked_last),
            ]
        )

    def _signed(self, claims: dict[str, Any]) -> str:
        now = int(time.time())
        told = {"iss": self._issuer, "sub": "ada", "iat": now - 5, "exp": now + 600, **claims}
        told = {name: value for name, value in told.items() if value is not None}
        parts = [{"alg": "RS256", "kid": "one", "typ": "JWT"}, told]
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_base64url(signature)}"

    async def _set(self, request: Request) -> Response:
        self._says = await request.json()
        return Response()

    async def _one_token(self, request: Request) -> Response:
        return Response(self._signed({"aud": AUDIENCE, **self._says["access"], **await request.json()}))

    async def _asked_last(self, _: Request) -> Response:
        return JSONResponse(self._last)

    async def _described(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self._issuer,
                "authorization_endpoint": f"{self._issuer}/authorize",
                "token_endpoint": f"{self._issuer}/token",
                "jwks_uri": f"{self._issuer}/keys",
            }
        )

    async def _keys(self, _: Request) -> Response:
        numbers = self._key.public_key().public_numbers()
        key = {
            name: _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))
            for name, value in (("n", numbers.n), ("e", numbers.e))
        }
        return JSONResponse({"keys": [{"kty": "RSA", "kid": "one", "alg": "RS256", **key}]})

    async def _authorize(self, request: Request) -> Response:
        self._last = dict(request.query_params)
        code = secrets.token_urlsafe(8)
        self._asked[code] = self._last
        back = urlencode({"code": code, "state": self._last["state"], "iss": self._issuer})
        return RedirectResponse(f"{self._last['redirect_uri']}?{back}")

    async def _tokens(self, request: Request) -> Response:
        form = await request.form()
        asked = self._asked.pop(str(form["code"]), {})
        verified = _base64url(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        cors = {"access-control-allow-origin": request.headers["origin"]}
        if verified != asked.get("code_challenge") or form["client_id"] != CLIENT_ID:
            return JSONResponse({"error": "invalid_grant"}, 400, cors)
        about_person = {"aud": CLIENT_ID, "nonce": asked["nonce"], **self._says["id_token"]}
        return JSONResponse(
            {
                "access_token": self._signed({"aud": asked.get("audience"), **self._says["access"]}),
                "id_token": self._signed(about_person),
                "token_type": "Bearer",
            },
            headers=cors,
        )


def _main() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    app = _Provider(f"http://127.0.0.1:{port}").app()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))

    def until_the_test_ends() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=until_the_test_ends, daemon=True).start()
    print(port, flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    _main()
