"""Takes the pictures docs/images/live-debug*.png. Run it with `make pictures`.

It plays the demo's calls on the stack that `make up` runs, and looks at them as `pivot debug` does.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from botocore.credentials import Credentials
from playwright.sync_api import Browser, Page, sync_playwright

from pivotctl import chromium
from pivotctl.debug._deployed import Deployment
from pivotctl.debug._server import make_app
from pivotctl.demo import SCENES
from pivotctl.local_stack import Stack
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT

IMAGES = Path(__file__).parent
DESK = {"width": 1280, "height": 860}
HAND = {"width": 390, "height": 844}


def main(images: Path = IMAGES) -> None:
    """Take every picture."""
    stack = Stack.running()
    if stack is None:
        sys.exit("nothing is up: `make up` first")
    for scene in SCENES:
        scene.played_on(stack)
    path = chromium.find() or sys.exit(chromium.REMEDY)
    with page_of(stack) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            suffix = "" if scheme == "light" else "-dark"
            desk = opened(browser, address, DESK, scheme)
            identified(desk)
            desk.screenshot(path=images / f"live-debug{suffix}.png")
            hand = opened(browser, address, HAND, scheme)
            hand.screenshot(path=images / f"live-debug-phone{suffix}.png")
        browser.close()


@contextmanager
def page_of(stack: Stack) -> Iterator[str]:
    """The page as `pivot debug` serves it."""
    deployment = Deployment(stack.url, "us-east-1", Credentials("test", "test"), KAZOO_ACCOUNT)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(make_app(deployment, "pictures"), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/pictures/debug"
        server.should_exit = True
        thread.join(timeout=10)


def opened(browser: Browser, address: str, size: dict[str, int], scheme: str) -> Page:
    """A new visitor's page, with the demo's calls in it."""
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1.5)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.locator("a.row").nth(3).wait_for()
    return page


def identified(page: Page) -> None:
    """The caller who keyed an account number and a PIN, with the first answer open."""
    page.locator("a.row", has_text="identify_caller").filter(has_text="twelve").first.click()
    page.get_by_text("What was returned").first.click()
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main()
