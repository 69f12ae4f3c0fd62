"""The smaller plotly.js of the pages and the whole one draw the same new data, without a book.

Both are locked, so that what they do together is looked at once a week.
"""

import pytest
from booktools import npm_assets
from unrolled.figures.assets import plotly_script

pytestmark = pytest.mark.slow
SIZE = {"width": 800, "height": 400}
STYLE = "<style>body { margin: 0 } .main-svg { position: absolute; top: 0; left: 0 }</style>"
LINE = {"type": "scatter", "mode": "lines", "meta": {"y": "key"}}
NOW = {"type": "scatter", "mode": "markers", "name": "now", "x": [1], "y": [1], "showlegend": False}
BAR = {"type": "bar", "name": "bars", "x": [0, 1, 2, 3], "y": [1, 2, 3, 4], "base": [0, 0, 0, 0]}
MAP = {"type": "heatmap", "z": [[1, 2, None], [3, 4, 5]], "x": [0, 1, 2], "y": [0, 1]}
FIVE = [0, 1, 2, 3, 4]
HIGH, LOW = [1, 40, 2, 30, 5], [0.1, 0.2, 0.4, 0.8, 1.6]
SIDE = {"xaxis": {"domain": [0, 0.45]}, "xaxis2": {"domain": [0.55, 1]}, "yaxis2": {"anchor": "x2"}}
FIXED = {"xaxis": {"range": [-1, 5]}, "yaxis": {"range": [-1, 50]}}
OVER = {"xaxis": {"range": [-1, 5]}, "yaxis": {"range": [0, 9]}}
WORDS = {"tickvals": [0, 1, 2], "ticktext": ["d", "e", "f"]}

# Traces, a layout, and what follows in the same plot: whether the smaller one does it in its own
# quick way, new values (null is NaN), new ranges.
FIGURES = {
    "lines with legend, axes that follow": (
        [{**LINE, "name": f"line {i}", "x": FIVE, "y": LOW} for i in range(3)] + [NOW],
        {},
        [
            (True, {0: {"y": HIGH}, 3: {"x": [3], "y": [30]}}, {}),
            (True, {1: {"y": [5, None, 7, None, 9]}}, {}),
            (True, {1: {"y": [5, 6, 7, 8, None]}, 0: {"y": LOW}}, {}),
            (True, {2: {"x": [4, 3, 2, 1, 0], "y": HIGH}}, {}),
        ],
    ),
    "one line among others, axes that stay": (
        [{**LINE, "name": f"line {i}", "x": FIVE, "y": LOW} for i in range(4)] + [NOW],
        FIXED,
        [
            (True, {1: {"y": HIGH}}, {}),
            (True, {3: {"y": [None, 2, 3, None, 5]}, 4: {"x": [2]}}, {}),
            (True, {0: {"y": [None] * 5}}, {}),
        ],
    ),
    "a logarithmic axis, new ranges": (
        [{**LINE, "name": "norm", "x": FIVE, "y": LOW}, BAR],
        {"yaxis": {"type": "log", "range": [-3, 1], "exponentformat": "power"}},
        [
            (True, {0: {"y": [1e-7, 1e-3, 1, 1e4, None]}}, {"yaxis": [-8, 5]}),
            (True, {}, {"yaxis": [-1, 2], "xaxis": [0, 10]}),
            (True, {0: {"y": LOW}}, {"yaxis": [-1, 2]}),
            (True, {0: {"y": HIGH}}, {"xaxis": [-100, 1000]}),
        ],
    ),
    "powers of ten with a step between ticks": (
        [{**LINE, "name": "norm", "x": FIVE, "y": LOW}],
        {"yaxis": {"type": "log", "range": [-3, 1], "dtick": 1}},
        [
            (True, {0: {"y": HIGH}}, {"yaxis": {"range": [-20, 4], "dtick": 3}}),
            (True, {}, {"yaxis": {"range": [-20, 4], "dtick": 4}}),
            (False, {}, {"xaxis": {"range": [0, 9], "dtick": 3}}),
            (True, {}, {"xaxis": {"range": [0, 5], "dtick": 2}}),
            (False, {0: {"y": LOW}}, {"yaxis": {"title.text": "norm"}}),
        ],
    ),
    "an axis with words": (
        [{**LINE, "x": FIVE, "y": LOW}],
        {
            "xaxis": {"range": [-1, 5], "tickvals": [0, 1, 2], "ticktext": ["a", "b", "c"]},
            "yaxis": {"range": [0, 50]},
        },
        [
            (True, {0: {"y": HIGH}}, {"xaxis": {"range": [0, 4], **WORDS}}),
            (True, {}, {"xaxis": {"tickvals": [0, 2], "ticktext": ["a long word", "g"]}}),
            (False, {}, {"yaxis": WORDS}),
        ],
    ),
    "bars": (
        [BAR, {**BAR, "name": "others", "text": ["a", "b", "c", "d"], "width": [0.2] * 4}],
        {"barmode": "overlay", "xaxis": {"automargin": True}, "yaxis": {"automargin": True}},
        [
            (True, {0: {"y": [4, None, -3, 1]}}, {}),
            (True, {1: {"y": [1e6, 2e6, 3, 4], "text": ["e", "f", "g", "h"]}}, {}),
            (True, {0: {"base": [1, 2, 3, 4]}, 1: {"width": [0.9] * 4, "y": [1, 1, 2, 2]}}, {}),
            (False, {0: {"marker.color": ["red", "green", "blue", "black"]}}, {}),
        ],
    ),
    "a map with numbers in it, a box around a cell": (
        [
            {**MAP, "zmin": 0, "zmax": 9, "showscale": False, "texttemplate": "%{z}"},
            {**LINE, "name": "box", "x": [0, 1, 1, 0, 0], "y": [0, 0, 1, 1, 0]},
        ],
        {"xaxis": {"range": [-0.5, 2.5]}, "yaxis": {"range": [1.5, -0.5]}},
        [
            (True, {0: {"z": [[9, None, 1], [None, 2, 3]]}}, {}),
            (True, {0: {"z": [[0, 1, 2], [3, 4, 5]]}, 1: {"x": [1, 2, 2, 1, 1]}}, {}),
            (True, {0: {"x": [1, 2, 3]}}, {"xaxis": [0.5, 3.5]}),
            (False, {0: {"z": [[None] * 3] * 2}}, {}),
            (False, {0: {"z": [[0, 1, 2], [3, 4, 5]]}}, {}),
            (False, {0: {"x": [0, 1], "z": [[0, 1], [3, 4]]}}, {"xaxis": [-0.5, 1.5]}),
        ],
    ),
    "a map with a scale of its own": (
        [MAP],
        {},
        [(False, {0: {"z": [[1, 200, None], [-5, 4, 5]]}}, {})],
    ),
    "beside each other": (
        [{**LINE, "x": FIVE, "y": LOW}, {**BAR, "xaxis": "x2", "yaxis": "y2"}],
        SIDE,
        [
            (True, {0: {"y": HIGH}}, {}),
            (True, {1: {"y": [9, 8, 7, 60]}}, {}),
            (True, {0: {"y": LOW}, 1: {"y": [9, 8, 7, 6]}}, {"xaxis2": [-3, 9]}),
        ],
    ),
    "areas down to other lines": (
        [{**LINE, "name": f"{i}", "x": FIVE, "y": [i] * 5, "fill": "tonexty"} for i in range(1, 4)],
        OVER,
        [
            (True, {0: {"y": [1, 2, 1, 0, 1]}}, {}),
            (True, {2: {"y": [4, 5, 4, None, 4]}}, {}),
            (True, {1: {"y": [2, 3, 2, 3, 2]}}, {"yaxis": [0, 6]}),
        ],
    ),
    "areas down to zero": (
        [{**LINE, "name": f"{i}", "x": FIVE, "y": [i] * 5, "fill": "tozeroy"} for i in range(1, 4)],
        OVER,
        [(True, {1: {"y": [1, 5, 1, None, 1]}}, {}), (True, {0: {"y": [3, 2, 1, 2, 3]}}, {})],
    ),
    "longer, shorter, gone and back": (
        [{**LINE, "name": "line", "x": FIVE, "y": LOW}, {**NOW, "x": [], "y": []}],
        {},
        [
            (False, {0: {"x": [1, 2], "y": [3, 4]}}, {}),
            (False, {1: {"x": [1], "y": [3]}}, {}),
            (False, {0: {"x": [], "y": []}}, {}),
            (False, {0: {"x": FIVE, "y": HIGH}}, {"xaxis": [0, 9]}),
        ],
    ),
    "what is said of a trace": (
        [
            {**LINE, "name": "before", "x": FIVE, "y": LOW},
            NOW,
            {**LINE, "name": "hidden", "x": FIVE, "y": LOW, "visible": "legendonly"},
        ],
        FIXED,
        [
            (False, {0: {"name": "after, and longer", "y": HIGH}}, {}),
            (True, {0: {"y": LOW}, 2: {"y": HIGH}}, {}),
            (False, {2: {"visible": True}}, {}),
            (False, {0: {"line.color": "red"}, 1: {"visible": False}}, {}),
        ],
    ),
    "axes tied to each other": (
        [{**LINE, "x": FIVE, "y": LOW}, {**LINE, "x": FIVE, "y": HIGH, "xaxis": "x2"}],
        {**SIDE, "xaxis2": {"domain": [0.55, 1], "matches": "x"}, "yaxis": {"scaleanchor": "x"}},
        [(False, {0: {"y": HIGH}}, {}), (False, {}, {"xaxis": [-4, 4]})],
    ),
    "words": (
        [{**LINE, "mode": "text", "x": FIVE, "y": LOW, "text": list("abcde")}],
        {"yaxis": {"range": [0, 2]}},
        [(True, {0: {"text": list("vwxyz"), "y": [1, 1, None, 1, 1]}}, {})],
    ),
}
START = """() => {
  const number = (value) => value === null || typeof value === "number";
  const typed = (value) => {
    if (!Array.isArray(value)) return value;
    if (!value.every(number)) return value.map(typed);
    return Float64Array.from(value, (item) => item ?? NaN);
  };
  window.filled = (trace) =>
    Object.fromEntries(Object.entries(trace).map(([key, value]) => [key, typed(value)]));
  const { update } = Plotly;
  Plotly.update = (...all) => ((window.whole += 1), update(...all));
  window.fresh = () => {
    Plotly.purge(plot);
    plot.replaceWith(Object.assign(document.createElement("div"), { id: "plot" }));
  };
}"""
DRAW = """async ([traces, layout]) => {
  fresh();
  await Plotly.newPlot(plot, traces.map(filled), layout, { displayModeBar: false });
}"""
REDRAW = """async ([updates, ranges]) => {
  window.whole = 0; // how often all was drawn
  const entries = Object.entries(updates).map(([i, update]) => [i, filled(update)]);
  const promise = Plotly.redrawData(plot, Object.fromEntries(entries), ranges);
  if (promise !== null && !(promise instanceof Promise)) throw Error("neither null nor a promise");
  await promise;
  return window.whole;
}"""
AGAIN = """async (layout) => {
  const { data } = plot;
  for (const [name, { range, autorange, ...set }] of Object.entries(plot.layout)) {
    if (range && !autorange) layout[name] = { ...layout[name], ...set, range: [...range] };
  }
  fresh();
  await Plotly.newPlot(plot, data, layout, { displayModeBar: false });
}"""
TIMED = """async () => {
  const times = [];
  for (let i = 0; i < 30; i += 1) {
    const start = performance.now();
    await Plotly.redrawData(plot, { 3: { y: [i, 2, 3, 4, i] } });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[15];
}"""
# The whole one notes that a map's places are a list, which they are without a note.
DATA = """() => {
  const ranges = Object.values(plot.layout).map((part) => part?.range ?? null);
  const noted = ["uid", "xtype", "ytype"];
  const plain = (key, value) =>
    noted.includes(key) ? undefined : ArrayBuffer.isView(value) ? [...value] : value;
  return JSON.stringify([plot.data, ranges], plain);
}"""
# In the order of their words, since the whole one keeps ticks where the smaller one puts new ones.
MARKS = """() => {
  const ids = [plot._fullLayout._uid, ...plot._fullData.map((trace) => trace.uid)];
  const marks = [...plot.querySelectorAll("path, text, rect, image, use")];
  const shown = marks.filter((mark) => !mark.closest("defs, .draglayer"));
  const html = shown.map((mark) => mark.outerHTML.replace(/="[^"]*#/g, '="#'));
  return html.map((mark) => ids.reduce((text, id) => text.replaceAll(id, "id"), mark)).sort();
}"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The smaller plotly.js and the whole one."""
    try:
        made = npm_assets.place(tmp_path_factory.mktemp("kept"))
    except npm_assets.NotMade as why:
        if not why.away:
            raise
        pytest.skip(f"npm cannot reach its registry: {why}")
    return (made / "plotly.min.js").read_text(), plotly_script()


@pytest.fixture(scope="module")
def pages(browser, scripts):
    """A page with each of them."""
    opened = []
    for script in scripts:
        page = browser.new_page()
        page.set_content('<body><div id="plot"></div></body>')
        page.add_script_tag(content=script)
        page.evaluate(START)
        opened.append(page)
    return opened


@pytest.fixture(scope="module")
def picture(browser):
    """A function that draws a plot's SVG anew: what is drawn in parts has other pixels at times."""
    page = browser.new_page(viewport=SIZE)

    def taken(plotted):
        page.set_content(STYLE + plotted.evaluate("plot.outerHTML"))
        return page.screenshot()

    return taken


@pytest.mark.parametrize("drawing", FIGURES)
def test_both_draw_the_same_new_data(pages, picture, drawing):
    traces, layout, steps = FIGURES[drawing]
    for page in pages:
        page.evaluate(DRAW, [traces, {**SIZE, **layout}])
    before = picture(pages[0])
    for step, (quick, *new) in enumerate(steps):
        light, whole = (page.evaluate(REDRAW, new) for page in pages)
        assert (light, whole) == (0 if quick else 1, 1), f"step {step}"
        for question in (DATA, MARKS):
            light, whole = (page.evaluate(question) for page in pages)
            assert light == whole, f"step {step}"
        light, whole = map(picture, pages)
        assert light == whole, f"step {step}"
        assert light != before, f"step {step}"
        before = light


@pytest.mark.parametrize("drawing", [name for name in FIGURES if "tied" not in name])
def test_the_end_is_as_if_drawn_at_once(pages, picture, drawing):
    traces, layout, steps = FIGURES[drawing]
    for page in pages:
        page.evaluate(DRAW, [traces, {**SIZE, **layout}])
        for _, *new in steps:
            page.evaluate(REDRAW, new)
        redrawn = picture(page)
        page.evaluate(AGAIN, {**SIZE, **layout})
        assert picture(page) == redrawn


def test_where_nothing_is_new_nothing_is_drawn(pages):
    for page in pages:
        page.evaluate(DRAW, [[LINE, BAR], SIZE])
        assert page.evaluate(REDRAW, [{}, {}]) == 0


def test_the_smaller_one_is_quicker_where_little_changes(pages):
    traces = [{**LINE, "name": f"line {i}", "x": FIVE, "y": LOW} for i in range(9)]
    for page in pages:
        page.evaluate(DRAW, [traces, {**SIZE, **FIXED}])
    light, whole = (page.evaluate(TIMED) for page in pages)
    print(f"{light:.1f} ms, {whole:.1f} ms")
    assert light < whole / 2
