"""Chromium, which takes pictures of explorables and reads pages for the tests.

The first of these that a machine has serves: Debian's shell without windows is a third faster than
the whole Chromium, whose engine is the same. CHROMIUM names another one.
"""

import os
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def chromium(**options):
    """A browser: Chromium of the system, or Playwright's own.

    It is launched with Playwright's `options`. Raises Playwright's Error if it does not start.
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, COMMANDS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS, **options)
        yield browser
        browser.close()
