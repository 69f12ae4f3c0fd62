"""Words in drawings lie apart from lines and from each other, and links of the index are large
enough to hit, with the fonts of several machines. `test_pages.py` sees to the charts.
"""

import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

DEJAVU = ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"]
FONTS = {  # what a machine has: on each of them there is a plain Debian's
    "DejaVu": DEJAVU,
    "Liberation": [*DEJAVU, "Liberation Sans", "Liberation Serif"],
    "Noto-CJK": [*DEJAVU, "Noto Sans CJK KR", "Noto Serif CJK KR"],
}
USED = {  # and what it takes for a drawing, and for Korean words, if only for their frames
    "DejaVu": ("DejaVu Serif", "DejaVu Sans"),
    "Liberation": ("Liberation Serif", "DejaVu Sans"),
    "Noto-CJK": ("DejaVu Serif", "Noto Sans CJK KR"),
}
CONFIGURATION = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{0}</dir><cachedir>{0}/cache</cachedir>
<include ignore_missing="yes">/etc/fonts/conf.d</include></fontconfig>"""
IMAGE = re.compile(r'<svg [^>]*class="diagram".*?</svg>', re.DOTALL)
EXPLORABLE = re.compile(
    r'(<figure class="[^"]*explorable".*?<script type="application/json">)(.*?)'
    r"(</script>.*?</figure>)",
    re.DOTALL,
)
ARTICLE = re.compile(r"(<article[^>]*>).*(</article>)", re.DOTALL)
SCREENS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
TARGETS = {"runOnly": {"type": "rule", "values": ["target-size"]}, "preload": False}
DRAWINGS = Path(__file__).with_name("drawings.js").read_text()
IMAGES = """() => [...document.querySelectorAll("svg.diagram")].flatMap(svg =>
  drawings.inDrawing(svg).map(fault => `${svg.querySelector("title").textContent}: ${fault}`))"""
PANES = """async settings => {
  const found = new Set();
  for (const view of UNROLLED.views) {
    const stories = [{ name: "at the start" }, ...view.spec.stories];
    for (const { name, values } of stories.slice(0, settings)) {
      if (values) view.move(values);
      while (view.frame) await new Promise(requestAnimationFrame);
      for (const svg of view.root.querySelectorAll(".diagram svg"))
        drawings.inDrawing(svg).forEach(fault => found.add(`${view.spec.name}, ${name}: ${fault}`));
    }
  }
  return [...found];
}"""
DRAW = """body => {
  const place = document.createElement("div");
  place.innerHTML = `
    <svg width="100" height="50" style="font: 12px sans-serif">${body}</svg>`;
  document.body.append(place);
  const found = drawings.inDrawing(place.querySelector("svg"));
  place.remove();
  return found;
}"""
A, LINE = '<text x="40" y="30">A</text>', '<path d="M10 25 H90" stroke="black"/>'
PAPER = '<rect x="30" y="15" width="30" height="20" fill="white"/>'
HEAD = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
    ' orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker>'
    '<path d="M10 {} H46" fill="none" stroke="black" marker-end="url(#tip)"/>'
)
DRAWN = {  # a drawing of 100 x 50, and what is wrong with it
    A: [],
    A + '<text x="45" y="32">V</text>': ["“A” lies on “V”"],
    A + '<text x="60" y="32">V</text>': [],
    A + LINE: ["“A” lies on path M10 25 H90"],
    A + LINE.replace("25", "35"): [],
    A + LINE.replace('"/>', '" stroke-width="12"/>').replace("25", "35"): [
        "“A” lies on path M10 35 H90"
    ],
    A + LINE.replace('"/>', '" stroke-width="40"/>').replace("10 25 H90", "60 25 H90"): [],
    A + HEAD.format(36): [],
    A + HEAD.format(33): ["“A” lies on path M10 33 H46"],
    '<text x="95" y="30">A</text>': ["“A” is cut off"],
    '<text x="40" y="49">g</text>': ["“g” is cut off"],
    LINE + PAPER + A: [],
    A + PAPER: ["“A” is covered"],
    A + PAPER.replace("/>", ' fill-opacity="0.5"/>'): [],
    LINE + A.replace(">A", ' style="stroke: white; stroke-width: 4px; paint-order: stroke">A'): [],
    '<g transform="rotate(90 50 25)">' + LINE + A + "</g>": ["“A” lies on path M10 25 H90"],
}


@pytest.fixture(scope="module", params=FONTS)
def machine(request):
    return request.param


@pytest.fixture(scope="module")
def fonts(machine, tmp_path_factory):
    """A configuration with some of this machine's fonts only, None if it lacks them."""
    folder = tmp_path_factory.mktemp("fonts")
    if shutil.which("fc-list") is None:
        pytest.skip("no fontconfig tells this machine's fonts")
    for family in FONTS[machine]:
        command = ["fc-list", "--format", "%{file}\n", family]
        files = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        if not files:
            pytest.skip(f"this machine has no {family}")
        for file in map(Path, files):
            (folder / file.name).unlink(missing_ok=True)
            (folder / file.name).symlink_to(file)
    configuration = folder / "fonts.conf"
    configuration.write_text(CONFIGURATION.format(folder))
    return configuration


def network(explorable):
    """An explorable with its diagrams only, "" if it has none."""
    before, spec, after = explorable
    spec = json.loads(spec)
    spec["panes"] = [pane for pane in spec["panes"] if "rows" in pane]
    written = json.dumps(spec).replace("<", r"\u003c")
    return before + written + after if spec["panes"] else ""


@pytest.fixture(scope="module")
def gathered(site):
    """A page of all images, and of all explorables that draw a network, of the book."""
    pages = [path.read_text() for path in sorted(site.glob("*.html"))]
    images = dict.fromkeys(image for text in pages for image in IMAGE.findall(text))
    networks = list(filter(None, map(network, itertools.chain(*map(EXPLORABLE.findall, pages)))))
    assert len(images) > 10
    assert len(networks) >= 4
    around = next(text for text in pages if all(n in text for n in ("plotly", "engines.js")))
    return ARTICLE.sub(lambda m: m[1] + "".join([*images, *networks]) + m[2], around)


@pytest.fixture(scope="module")
def page(visit, fonts, gathered):
    with visit("search.html") as page:
        body = {"body": gathered, "content_type": "text/html"}
        page.route("**/gathered.html", lambda route: route.fulfill(**body))
        page.evaluate(DRAWINGS)
        page.add_init_script(DRAWINGS)
        yield page


def used(page, selector):
    """The fonts that were taken for the text of an element."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})
    fonts = session.send("CSS.getPlatformFontsForNode", node)["fonts"]
    return {font["familyName"] for font in fonts}


@pytest.mark.parametrize(("drawn", "wrong"), DRAWN.items())
def test_how_words_lie_is_seen(page, drawn, wrong):
    assert page.evaluate(DRAW, drawn) == wrong


def test_every_link_of_the_index_is_large_enough_to_hit_on_a_phone(page, address, machine):
    page.set_viewport_size(SCREENS["phone"])
    page.goto(f"{address}genindex.html")
    assert used(page, "table [lang=ko]") == {USED[machine][1]}
    page.evaluate(AXE_FILE_PATH.read_text())
    found = page.evaluate("run => axe.run(run)", TARGETS)["violations"]
    assert [node["html"] for rule in found for node in rule["nodes"]] == []


def test_words_lie_apart_from_lines_and_from_each_other(page, address, read, machine):
    settings = 9 if machine == "DejaVu" else 1  # it has the widest letters
    page.set_viewport_size(SCREENS["wide"])
    page.goto(f"{address}gathered.html")
    read(page)
    assert used(page, "svg.diagram text") == {USED[machine][0]}
    assert "\n".join(page.evaluate(IMAGES)) == ""
    assert "\n".join(page.evaluate(PANES, settings)) == ""
    page.set_viewport_size(SCREENS["phone"])
    page.until("UNROLLED.views.every(view => !view.frame && view.panes.every(pane => pane.fits))")
    assert "\n".join(page.evaluate(PANES, settings)) == ""
