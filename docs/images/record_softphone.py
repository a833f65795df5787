"""Takes the pictures docs/images/softphone*.png. Run it with `make pictures`.

It plays real calls: the functions of this checkout in this process, on an emulator with the demo's accounts.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from kazoo_simulator.softphone import Softphone
from pivotctl import chromium, phone
from pivotctl.local_stack import Emulator, create_tables, function_environment
from pivotctl.local_stack.demo_data import seed

IMAGES = Path(__file__).parent
CALLBACKS = ("account_balance", "identify_caller", "menu", "menu_selection", "call_routing", "balance_gate")
DESK = {"width": 1360, "height": 850}
HAND = {"width": 390, "height": 844}


def main(images: Path = IMAGES) -> None:
    """Take every picture."""
    images.mkdir(exist_ok=True)
    path = chromium.find() or sys.exit(chromium.REMEDY)
    with TemporaryDirectory() as folder:
        emulator = Emulator.start(Path(folder) / "emulator.log")
        try:
            tables = create_tables(emulator)
            seed(emulator, tables)
            os.environ.update(function_environment(emulator, tables))
            sys.path.insert(0, str(Path(__file__).parents[2]))
            settings = phone.in_process([f"/{name}=functions.{name}.app" for name in CALLBACKS])
            settings = replace(settings, title="the local stack")
            with Softphone(settings) as softphone, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                for scheme in ("light", "dark"):
                    suffix = "" if scheme == "light" else "-dark"
                    menu(opened(browser, softphone, DESK, scheme), images / f"softphone{suffix}.png")
                    unknown(opened(browser, softphone, HAND, scheme), images / f"softphone-phone{suffix}.png")
                browser.close()
        finally:
            emulator.stop()


def opened(browser: Browser, softphone: Softphone, size: dict[str, int], scheme: str) -> Page:
    """A new visitor's page, silent and in a hurry."""
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1.5)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(softphone.url)
    page.locator("body[data-ready]").wait_for()
    page.get_by_role("radio", name="4×").check()
    return page


def menu(page: Page, picture: Path) -> None:
    """Ada asks the menu for her balance, then for support, whose phone rings."""
    page.get_by_role("button", name="Main menu").click()
    page.get_by_role("button", name="Call", exact=True).click()
    press(page, "1")
    page.locator(".caption", has_text="Your balance is").wait_for()
    press(page, "2")
    page.locator("#state-text", has_text="Ringing").wait_for()
    page.locator(".card").nth(1).locator("summary").first.click()
    page.locator("#rows").evaluate("list => { list.scrollTop = 0 }")
    shoot(page, picture)


def unknown(page: Page, picture: Path) -> None:
    """Somebody unknown is asked for an account number and a PIN."""
    page.get_by_label("Call as").select_option(label="Somebody unknown, +14155550177")
    page.get_by_role("button", name="Call", exact=True).click()
    press(page, "1001#")
    page.locator(".caption", has_text="PIN").wait_for()
    shoot(page, picture)


def press(page: Page, keys: str) -> None:
    """Press keys once KAZOO waits for them."""
    page.locator("#state-text", has_text="waits for keys").wait_for()
    page.keyboard.type(keys)


def shoot(page: Page, picture: Path) -> None:
    """Take the picture from the page's top, when nothing moves."""
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(400)
    page.screenshot(path=picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
