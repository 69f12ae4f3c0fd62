"""How quick is the playground? Frames while it trains, a moved control to its picture, its weight.

    make book && python benchmarks/playground.py

Chromium runs without a graphics card, so the times are those of a slow computer.
"""

import argparse
import functools
import statistics
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from page import ARGS, CHROMIUM, SITE, Quiet, weights
from playwright.sync_api import sync_playwright

SCREENS = {
    "1280 px": {"viewport": {"width": 1280, "height": 800}},
    "390 px, 3x": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3},
}
TRAINED = {
    "RNN 32, T 30": "task=echo&lag=10&k1=8&k2=8",
    "LSTM 16, T 20": "task=parity",
    "GRU 16, T 65": "task=adding",
    "LSTM 64, T 80": "task=waves&T=80&cell=lstm&H=64&N=64",
}
MOVED = {
    "RNN 16": "task=echo&lag=10&H=16",
    "RNN 32": "task=echo&lag=10",
    "LSTM 32": "task=echo&lag=10&cell=lstm",
    "GRU 32, T 65": "task=adding&H=32",
    "LSTM 64, T 65": "task=adding&cell=lstm&H=64",
}
# Between two drawings, and in them, while it trains as fast as it can.
FRAMES = """async ([hash, seconds]) => {
  const { playground } = UNROLLED;
  playground.restore("#" + hash);
  playground.pace("full");
  const [between, drawing] = [[], []];
  const draw = playground.draw;
  let last = null;
  playground.draw = function () {
    const start = performance.now();
    if (last !== null) between.push(start - last);
    last = start;
    draw.call(this);
    drawing.push(performance.now() - start);
  };
  playground.train();
  await new Promise(done => setTimeout(done, 1000 * seconds));
  const { update } = playground.frame;
  if (playground.running) playground.pause();
  delete playground.draw;
  return { between: between.slice(5), drawing: drawing.slice(5), update };
}"""
# From the event of a slider to the end of its drawing.
MOVES = """async ([hash, moves]) => {
  const { playground } = UNROLLED;
  playground.restore("#" + hash);
  document.querySelector(".playground .settings").open = true;
  await new Promise(done => setTimeout(done, 100));
  const times = [];
  for (let i = 0; i < moves; i++) {
    const slider = document.querySelector("[data-control=lag] input");
    slider.value = Number(slider.value) + (i % 2 ? 1 : -1);
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame);
  }
  return times;
}"""


def told(times):
    """Median and 95th percentile of some milliseconds."""
    if len(times) < 3:
        return f"{'':>8}"
    return f"{statistics.median(times):6.1f} {statistics.quantiles(times, n=20)[-1]:6.1f}"


def main(site, seconds, moves):
    """Print all times, and the bytes of a first visit."""
    handler = functools.partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as play:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        print(f"{'median and 95 %, ms':<28}{'between frames':>15}{'drawing':>15}{'updates/s':>11}")
        for screen, options in SCREENS.items():
            page = browser.new_page(**options)
            urls = []
            page.on("request", lambda request, urls=urls: urls.append(request.url))
            page.goto(f"http://127.0.0.1:{server.server_port}/playground.html")
            page.wait_for_selector(".playground[data-ready]")
            for name, hash in TRAINED.items():
                found = page.evaluate(FRAMES, [hash, seconds])
                frames = f"{told(found['between']):>15}{told(found['drawing']):>15}"
                print(f"{screen + ', ' + name:<28}{frames}{found['update'] / seconds:11.0f}")
            for name, hash in MOVED.items():
                times = page.evaluate(MOVES, [hash, moves])
                print(f"{screen + ', lag of ' + name:<28}{told(times):>30}")
            whole, sent = weights(site, urls)
            print(f"first visit: {whole / 1000:.0f} kB, {sent / 1000:.0f} kB compressed")
            page.close()
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--moves", type=int, default=40)
    given = parser.parse_args()
    main(given.site, given.seconds, given.moves)
