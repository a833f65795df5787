"""The AWS emulator as a child process."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from pivotctl.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"


class EmulatorError(UserError):
    """The emulator is missing or did not come up; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """One emulator on a port of this machine, empty when it starts, forgotten when it stops."""

    pid: int
    port: int
    host: str = "127.0.0.1"
    process: subprocess.Popen[bytes] | None = None
    """The child, when this process started it."""
    temporary: Path | None = None
    """The folder where its functions unpack deployed code; removed when it stops."""

    @property
    def url(self) -> str:
        """The endpoint of every emulated AWS service."""
        return f"http://{self.host}:{self.port}"

    @classmethod
    def start(cls, log: Path, host: str = "127.0.0.1") -> Emulator:
        """Start on a free port of `host` and wait until it answers; its output goes to `log`.

        The process has a session of its own, so a Ctrl-C meant for us does not end it before we clean up.
        """
        program = ROOT / ".venv-emulator" / "bin" / "ministack"
        if not program.exists():
            raise EmulatorError("the AWS emulator is not installed: run `make setup`")
        port = _free_port(host)
        log.parent.mkdir(parents=True, exist_ok=True)
        # Its workers leave half a gigabyte a run behind, so it has a temporary directory of its own.
        temporary = Path(tempfile.mkdtemp(prefix="emulator-", dir=log.parent))
        environment = {
            **_without_aws(os.environ),
            **credentials(),
            "BIND_HOST": host,
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(temporary),
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program],
                env=environment,
                stdout=output,
                stderr=output,
                cwd=log.parent,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                with urlopen(f"http://{host}:{port}/_ministack/health", timeout=1):
                    return cls(pid=process.pid, port=port, host=host, process=process, temporary=temporary)
            except (URLError, OSError):
                time.sleep(0.05)
        process.kill()
        shutil.rmtree(temporary, ignore_errors=True)
        raise EmulatorError(f"the AWS emulator did not start; see {log}")

    def alive(self) -> bool:
        """Return whether something listens on the port."""
        try:
            with socket.create_connection((self.host, self.port), timeout=1):
                return True
        except OSError:
            return False

    def answers(self, within_s: float = 5) -> bool:
        """Return whether it answers, and not only listens."""
        try:
            with urlopen(f"{self.url}/_ministack/health", timeout=within_s):  # noqa: S310 - our own
                return True
        except OSError:
            return False

    def stop(self) -> None:
        """End the emulator and the function processes it started."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.pid, sent)
            except ProcessLookupError:
                break
            if self._ended_within(seconds=5):
                break
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)

    def _ended_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None if self.process else not self.alive():
                return True
            time.sleep(0.05)
        return False

    def client(self, service: str) -> Any:
        """Return a botocore client of this emulator, which waits for a bounded time."""
        import botocore.session
        from botocore.config import Config

        session = botocore.session.get_session()
        return session.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2}),
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator accepts anything
        )


def credentials() -> dict[str, str]:
    """Return placeholder credentials and region, as environment variables."""
    return {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


def _without_aws(environment: Any) -> dict[str, str]:
    """Return the environment without a person's AWS settings: nothing local may reach a real account."""
    return {name: value for name, value in environment.items() if not name.startswith("AWS_")}


def _free_port(host: str) -> int:
    with socket.socket() as listener:
        listener.bind((host, 0))
        port: int = listener.getsockname()[1]
        return port
