"""How quick is the built book? Slider to drawn frame, time to the first figure, weight of a page.

    make book && python benchmarks/page.py --moves 60

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
FOUND = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, FOUND), None)  # or Playwright's own
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FIRST = """addEventListener("DOMContentLoaded", () => {
  const figure = document.querySelector(".unrolled-figure");
  figure?.scrollIntoView();
  const seen = new MutationObserver(() => { window.firstDrawn = performance.now(); });
  if (figure) seen.observe(figure, { attributeFilter: ["data-ready"] });
});"""
MOVES = """async ([root, moves]) => {
  const [inputs, times] = [root.querySelectorAll("input"), []];
  for (const [axis, index] of moves) {
    const drawn = new Promise(done => root.addEventListener("unrolled:drawn", done));
    await new Promise(done => setTimeout(done, 20));
    const start = performance.now();
    inputs[axis].value = index;
    inputs[axis].dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
  }
  return times;
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
    """Milliseconds from a slider's event to the drawn frame, for random moves."""
    rng = np.random.default_rng(7)
    sizes = [int(slider.get_attribute("max")) + 1 for slider in root.locator("input").all()]
    axes = rng.integers(len(sizes), size=moves)
    plan = np.stack([axes, rng.integers(np.array(sizes)[axes])], axis=1).tolist()
    return root.page.evaluate(MOVES, [root.element_handle(), plan])


def visit(browser, url, moves):
    """First visit of a page: the files that it gets, when its first figure is drawn, latencies."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(FIRST)
    page, urls = context.new_page(), []
    page.on("requestfinished", lambda request: urls.append(request.url))
    page.goto(url)
    first, times = None, {}
    if page.locator(".unrolled-figure").count():
        first = page.wait_for_function("window.firstDrawn").json_value()
    for root in page.locator(".explorable").all():
        root.scroll_into_view_if_needed()
        page.wait_for_function("root => root.dataset.ready", arg=root.element_handle())
        times[root.get_attribute("id")] = latencies(root, moves)
    context.close()
    return urls, first, times


def main():
    """Visit every page and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the built book (_build/html)")
    parser.add_argument("--moves", type=int, default=60, help="moves per explorable (default 60)")
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
    print(f"\n{'slider to drawn frame':<36}{'median':>18}{'95th percentile':>18}")
    delays.append(("all of them", [time for _, times in delays for time in times]))
    for name, times in delays:
        tail = statistics.quantiles(times, n=20)[-1]
        print(f"{name:<36}{statistics.median(times):15.0f} ms{tail:15.0f} ms")


if __name__ == "__main__":
    main()
