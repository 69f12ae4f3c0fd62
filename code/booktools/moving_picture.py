"""Record what the README shows: an explorable that moves, and its card for links without a picture.

    make picture

writes book/images/unrolled.webp and book/images/card.png.
"""

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from unrolled.explore import FirstLetter

from booktools.browser import chromium
from booktools.pictures import OWN, SIZE, VIEW

MOVING = OWN.with_name("unrolled.webp")
WORD = "veneration"
WIDE, HIGH = 760, 440
TYPED, STEP, LONG = 130, 170, 1800  # milliseconds that a frame stays
MOST = 600_000  # bytes
LOOK = """
  body { margin: 0; max-width: none; background: #fff; }
  .explorable { margin: 0 !important; border: 0 !important; }
  .explorable > :not(.board, .panes) { display: none !important; }
"""
CARD = """
  body { padding: 66px 28px; }
  .explorable > :not(.panes), .walk { display: none !important; }
"""
MOMENT = """async (moment) => {
  const [pane] = UNROLLED.views[0].panes;
  pane.moment = moment;
  await pane.draw(pane.answer);
  return pane.end;
}"""


def record(page):
    """Yield (PNG, milliseconds): a name is typed, read, traced back, and the way back is cut."""
    field, switch = page.locator("input[type=text]"), page.get_by_role("switch")
    for length in range(1, len(WORD) + 1):
        field.fill(WORD[:length])
        yield page.screenshot(), TYPED
    for moment in range(page.evaluate(MOMENT, 0)):
        page.evaluate(MOMENT, moment)
        yield page.screenshot(), STEP
    page.evaluate(MOMENT, None)
    yield page.screenshot(), LONG
    switch.click()
    page.mouse.move(0, 0)
    yield page.screenshot(), LONG
    switch.click()


def main():
    """Write both pictures. Raises ValueError if the moving one is too large for a README."""
    view = {"width": WIDE, "height": HIGH}
    with TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "page.html"
        FirstLetter(word=WORD[0]).save(path)
        page = browser.new_page(viewport=view, device_scale_factor=1.5, reduced_motion="reduce")
        page.goto(path.as_uri())
        page.wait_for_selector("[data-ready=yes]")
        page.add_style_tag(content=LOOK)
        shots, stays = zip(*record(page), strict=True)
        page.add_style_tag(content=CARD)
        page.get_by_label("Type your name").evaluate("e => e.blur()")
        page.evaluate("() => UNROLLED.views[0].move({ word: 'master', cut: false })")
        page.set_viewport_size({"width": round(SIZE[0] / VIEW), "height": round(SIZE[1] / VIEW)})
        page.wait_for_timeout(500)
        page.screenshot(path=OWN)
    first, *others = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    first.save(
        MOVING,
        save_all=True,
        append_images=others,
        duration=stays,
        loop=0,
        lossless=True,
        quality=100,
        method=6,
        minimize_size=True,
    )
    if (size := MOVING.stat().st_size) > MOST:
        raise ValueError(f"{MOVING} has {size} bytes, more than {MOST}")
    print(f"{MOVING}: {len(shots)} frames, {size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
