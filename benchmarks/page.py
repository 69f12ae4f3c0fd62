"""How quick is the built book? Event to drawn frame, time to the first figure, weight of a page.

    make book && python benchmarks/page.py --moves 30

Chromium runs without a graphics card, so the times are those of a slow computer.
"""

import argparse
import functools
import gzip
import os
import shutil
import statistics
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from playwright.sync_api import sync_playwright

SITE = Path(__file__).parents[1] / "_build" / "html"
# The whole one, as readers have it, before the shell without windows that the tests take.
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
FOUND = map(shutil.which, COMMANDS)
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, FOUND), None)  # or Playwright's own
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FIRST = """addEventListener("DOMContentLoaded", () => {
  const figure = document.querySelector(".unrolled-figure");
  figure?.scrollIntoView();
  const seen = new MutationObserver(() => { window.firstDrawn = performance.now(); });
  if (figure) seen.observe(figure, { attributeFilter: ["data-ready"] });
});"""
# What a reader can do to an explorable, by the kind of control, and how to do the n-th of it.
ACTS = """window.acts = {
  "input[type=range]": (input, n) => {
    const steps = Math.round((input.max - input.min) / input.step);
    const now = Math.round((input.value - input.min) / input.step);
    input.value = Number(input.min) + ((now + 1 + (n % steps)) % (steps + 1)) * input.step;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  },
  "[role=radiogroup]": (group, n) => {
    const others = [...group.querySelectorAll("[aria-checked=false]")];
    others[n % others.length].click();
  },
  "select": (list, n) => {
    list.selectedIndex = (list.selectedIndex + 1 + (n % (list.length - 1))) % list.length;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  },
  "[role=switch]": (button) => button.click(),
  "input[type=text]": (field, n) => {
    field.value = [...n.toString(26)].map(digit => "abcdefghij"[digit] ?? digit).join("");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  },
  ".stories": (row, n) => row.children[n % row.children.length].click(),
};"""
MOVES = """async ([root, kind, place, moves]) => {
  const [target, times] = [root.querySelectorAll(kind)[place], []];
  for (const n of moves) {
    const drawn = new Promise(done =>
      root.addEventListener("unrolled:drawn", done, { once: true }));
    const none = new Promise(done => setTimeout(done, 1000, "none"));
    await new Promise(done => setTimeout(done, 20));
    const start = performance.now();
    acts[kind](target, n);
    if ((await Promise.race([drawn, none])) === "none") continue;  // it stayed where it was
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
  }
  return times;
}"""
# From a move of the pointer, as the page hears of it, to the frame in which the mark has followed.
FOLLOW = """root => {
  let start = null;
  root.times = [];
  root.addEventListener("pointermove", () => { start = performance.now(); }, true);
  root.addEventListener("unrolled:drawn", () => requestAnimationFrame(() => {
    if (start !== null) root.times.push(performance.now() - start);
    start = null;
  }));
}"""
CHART = """grip => {
  const plot = grip.closest(".stage").querySelector(".nsewdrag").getBoundingClientRect();
  return [plot.left, plot.top, plot.width, plot.height];
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A handler that does not print what it serves."""

    def log_message(self, *args):
        """Print nothing."""


def weights(site, urls):
    """Bytes of the files behind `urls`: as they are, and as a host sends them, compressed."""
    paths = {site / unquote(urlsplit(url).path[1:]) for url in urls if url.startswith("http")}
    files = {path: path.read_bytes() for path in paths}
    sent = [data if p.suffix == ".woff2" else gzip.compress(data, 6) for p, data in files.items()]
    return sum(map(len, files.values())), sum(map(len, sent))


def latencies(root, moves):
    """Milliseconds from an event to the drawn frame, by what is moved: kind and name -> list."""
    rng = np.random.default_rng(7)
    page, times = root.page, {}
    page.evaluate(ACTS)
    for kind in page.evaluate("Object.keys(acts)"):
        for place in range(root.locator(kind).count()):
            plan = rng.integers(1 << 30, size=moves).tolist()
            found = page.evaluate(MOVES, [root.element_handle(), kind, place, plan])
            name = (
                root.locator(kind)
                .nth(place)
                .evaluate("e => e.closest('[data-control]')?.dataset.control ?? 'stories'")
            )
            times[name] = found
    root.evaluate(FOLLOW)
    for grip in root.locator(".grip").all():
        times[f"mark of {grip.evaluate('g => g.parentElement.dataset.mark')}"] = drags(
            grip, moves, rng
        )
    return times


def drags(grip, moves, rng):
    """Milliseconds from moves of a pointer that holds a mark to the drawn frame."""
    page, root = grip.page, grip.locator("xpath=ancestor::figure")
    grip.scroll_into_view_if_needed()
    left, top, width, height = grip.evaluate(CHART)
    box = grip.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    root.evaluate("root => { root.times = []; }")
    page.mouse.down()
    for x, y in rng.random((moves, 2)):
        page.mouse.move(left + x * width, top + y * height)
        page.wait_for_timeout(40)
    page.mouse.up()
    return root.evaluate("root => root.times")


def visit(browser, url, moves):
    """First visit of a page: its files, when its first figure is drawn, times by explorable."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(FIRST)
    page, urls = context.new_page(), []
    page.on("requestfinished", lambda request: urls.append(request.url))
    page.goto(url)
    first, times = None, {}
    if page.locator(".unrolled-figure").count():
        first = page.wait_for_function("window.firstDrawn").json_value()
    ids = [root.get_attribute("id") for root in page.locator(".explorable").all()]
    context.close()
    for id in ids:  # each on its own
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(url)
        root = page.locator(f"#{id}")
        root.scroll_into_view_if_needed()
        page.wait_for_function("root => root.dataset.ready", arg=root.element_handle())
        times[id] = latencies(root, moves)
        context.close()
    return urls, first, times


def main():
    """Visit every page and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the built book (_build/html)")
    parser.add_argument("--moves", type=int, default=30, help="moves of each control (default 30)")
    options = parser.parse_args()
    pages = sorted(options.site.glob("*.html"))
    if not pages or options.moves < 2:
        parser.error("needs a built book (make book) and at least 2 moves")
    handler = functools.partial(Quiet, directory=options.site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    delays = []
    print(f"{'':<36}{'first visit, kB':>18}{'next visit, kB':>18}{'first figure':>14}")
    print(f"{'':<36}{'raw':>9}{'gzip':>9}{'raw':>9}{'gzip':>9}{'drawn':>14}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for path in pages:
            url = f"http://127.0.0.1:{server.server_port}/{path.name}"
            urls, first, times = visit(browser, url, options.moves)
            cells = [f"{n / 1000:9.0f}" for u in (urls, [url]) for n in weights(options.site, u)]
            print(f"{path.name:<36}{''.join(cells)}" + (f"{first:11.0f} ms" if first else ""))
            delays += times.items()
    print(f"\n{'event to drawn frame':<28}{'median':>11}{'95th percentile':>18}   slowest control")
    everything = [time for _, times in delays for each in times.values() for time in each]
    for name, times in [*delays, ("all of them", {"": everything})]:
        together = [time for each in times.values() for time in each]
        slowest = max(times, key=lambda control: tail(times[control]))
        print(
            f"{name:<28}{statistics.median(together):8.0f} ms{tail(together):15.0f} ms"
            f"   {slowest} {tail(times[slowest]):.0f} ms"
        )


def tail(times):
    """The 95th percentile; 0 of less than two."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0


if __name__ == "__main__":
    main()
