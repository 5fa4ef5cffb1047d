"""The real browser that journeys drive: found on the machine, never downloaded.

``python -m tests.browser`` prints where it is. Where there is none it installs Debian's package if it may (root, apt),
else it prints a line that starts with ``NOT RUN`` and the journeys are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """The path of a Chromium on this machine (``BROWSER_PATH`` if set), or ``None``."""
    given = os.environ.get("BROWSER_PATH")
    candidates = [given] if given else [*map(shutil.which, NAMES), *APPLICATIONS]
    return next((path for path in candidates if path and Path(path).exists()), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser for the length of the block. Raises ``RuntimeError`` where there is none."""
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        raise RuntimeError("no Chromium on this machine: install it or set BROWSER_PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def install() -> None:
    """Debian's own package, where the user is root and apt is there."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
        subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL)


def main() -> None:
    """Say where the browser is, or that the journeys cannot run."""
    if find() is None:
        install()
    print(find() or "NOT RUN: journeys need a Chromium; install it (apt install chromium) or set BROWSER_PATH.")


if __name__ == "__main__":
    main()
