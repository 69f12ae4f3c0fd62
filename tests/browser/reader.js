/* What tests ask of a page: what an explorable shows, and to be a reader without a plan. */
window.reader = (() => {
  const viewOf = (root) => UNROLLED.views.find((view) => view.root === root);
  const charts = (root) => [...root.querySelectorAll(".plot:not(.diagram)")];
  const texts = (root, selector) => [...root.querySelectorAll(selector)].map((n) => n.textContent);
  // JSON knows neither NaN and infinity nor typed arrays.
  const plain = (value) => {
    if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
    return value?.length !== undefined && typeof value !== "string" ? Array.from(value, plain) : value;
  };
  const told = async (ask, root, given) => JSON.stringify((await ask(root, ...given)) ?? null);

  /* Count what is drawn; wait until controls stand where they are wanted and, if they have moved,
     until more is drawn and nothing waits for a frame. */
  const watch = (root) => {
    if (root.draws !== undefined) return;
    root.draws = 0;
    root.addEventListener("unrolled:drawn", () => (root.draws += 1));
  };
  const stand = (root) => ({ draws: root.draws, values: JSON.stringify(values(root)) });
  const drawn = async (root, before, wanted) => {
    const end = performance.now() + 10000;
    const wait = async (missing) => {
      if (performance.now() > end) throw new Error(missing());
      await new Promise((done) => setTimeout(done, 5));
    };
    const there = ([name, value]) => values(root)[name] === value;
    while (!Object.entries(wanted).every(there)) await wait(() => `at ${JSON.stringify(values(root))}, not ${JSON.stringify(wanted)}`);
    if (JSON.stringify(values(root)) === before.values) return;
    while (root.draws <= before.draws || viewOf(root).frame) await wait(() => "nothing was drawn");
  };

  const values = (root) => viewOf(root).values;
  const move = (root, to) => viewOf(root).move(to);

  /* Places and colors of all that is drawn, without names that Plotly makes anew each time. */
  const SHAPE = ["d", "x", "y", "width", "height", "transform", "stroke-width", "stroke-opacity"];
  const shapes = (root) =>
    [...root.querySelectorAll(".cartesianlayer *, .diagram svg *")].map((node) => {
      const places = SHAPE.map((name) => node.getAttribute(name)?.replace(/#[\w-]+/g, ""));
      const { fill, stroke } = node.style;
      return [node.tagName, ...places, fill.replace(/#[\w-]+/, ""), stroke, node.childElementCount ? "" : node.textContent].join();
    });

  /* What a reader sees: drawings, images, marks, and words. */
  const seen = (root) => ({
    drawing: shapes(root),
    images: [...root.querySelectorAll("image")].map((image) => image.getAttribute("xlink:href") ?? image.getAttribute("href")),
    marks: [...root.querySelectorAll("[data-mark]")].map((line) => line.getAttribute("style")),
    words: texts(root, ".words p, p.passage"),
    caption: root.querySelector("figcaption").textContent,
  });

  /* The present answer, what Plotly has of it, [key, values] for every attribute, and what is said. */
  const report = (root) => {
    const { arrays } = viewOf(root).source.at(values(root));
    const traces = charts(root).flatMap((plot) => plot._fullData);
    const filled = traces.flatMap((trace) =>
      Object.entries(trace.meta ?? {}).map(([name, key]) => [key, plain(trace[name])])
    );
    return {
      filled,
      arrays: Object.entries(arrays).map(([key, { data, shape }]) => [key, plain(data), shape]),
      values: values(root),
      words: texts(root, ".words p"),
      caption: root.querySelector("figcaption").textContent,
      wrong: [...axes(root), ...lost(root), ...none(root)],
    };
  };

  /* Axes that do not have the range, or the words, of the answer. */
  const axes = (root) => {
    const { arrays, facts } = viewOf(root).source.at(values(root));
    const known = { ...values(root), ...facts };
    return viewOf(root).panes.filter((pane) => pane.spec.data).flatMap(({ spec, plot }) => [
      ...Object.entries(spec.ranges ?? {}).flatMap(([axis, { key }]) => {
        const [shown, wanted] = [plot._fullLayout[axis].range, [...arrays[key].data]];
        return shown.every((end, i) => Math.abs(end - wanted[i]) < 1e-6) ? [] : [`${axis} is ${shown}, not ${wanted}`];
      }),
      ...Object.entries(spec.labels ?? {}).flatMap(([axis, fact]) => {
        const shown = plot._fullLayout[axis].ticktext.join(" ");
        return shown === known[fact] ? [] : [`${axis} says ${shown}, not ${known[fact]}`];
      }),
    ]);
  };

  /* Places on a chart's axis that have no place, and traces that are drawn as something else. */
  const lost = (root) =>
    charts(root).flatMap((plot) => [
      ...plot._fullData.filter((t) => (plot.data[t.index].type ?? "scatter") !== t.type || !t.visible).map((t) => t.name),
      ...plot.calcdata.flatMap((marks) => {
        const { type, name, x, y } = marks[0].trace;
        if (type === "heatmap") return [];
        const there = (i) => Number.isFinite(y[i]) && !Number.isNaN(x[i]);
        const off = marks.flatMap((mark, i) => (there(i) && (type === "bar" ? mark.p : mark.x) === undefined ? [i] : []));
        return off.map((i) => `${name} at ${x[i]}`);
      }),
    ]);

  // Texts and attributes that tell of a number that is none.
  const NONE = /(?:>[^<]*| (?:d|x|y|cx|cy|width|height|transform|stroke-width|stroke-opacity|style|aria-[a-z]*)="[^"]*)(?:NaN|undefined|Infinity)/g;
  const none = (root) => // but for what is told of an odd address, which repeats it
    [...root.querySelectorAll(":scope > :not(script, .trouble, [role=status])")].flatMap((place) => place.outerHTML.match(NONE) ?? []);

  const any = (root, selector, n) => {
    const found = [...root.querySelectorAll(selector)].filter((node) => !node.hidden);
    return found[n % Math.max(found.length, 1)];
  };
  const tell = (node, kind) => node.dispatchEvent(new Event(kind, { bubbles: true }));
  const press = (node, key) =>
    ["keydown", "keyup"].forEach((kind) => node.dispatchEvent(new KeyboardEvent(kind, { key, bubbles: true })));
  const switchTheme = () => document.querySelector(".theme-switch-button").click();
  const ODD = ["", "NaN", "-1", "1e9", "0.5", "much", "<b>", "%"];
  const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Tab", "a"];
  const ACTS = {
    slide: (root, n) => {
      const input = any(root, "input[type=range]", n >> 16);
      if (!input) return;
      const [low, high] = [Number(input.min), Number(input.max)];
      input.value = low + ((high - low) * (n % 1000)) / 999;
      tell(input, "input");
    },
    odd: (root, n) => {
      const input = any(root, "input", n >> 16);
      if (!input) return;
      input.value = ODD[n % ODD.length];
      tell(input, "input");
    },
    choose: (root, n) => any(root, "[role=radio], [role=switch], .player button, .stories button", n)?.click(),
    list: (root, n) => {
      const list = any(root, "select", 0);
      if (!list) return;
      list.selectedIndex = n % list.options.length;
      tell(list, "change");
    },
    word: (root, n) => {
      const field = any(root, "input[type=text]", 0);
      if (!field) return;
      field.value = n.toString(n % 2 ? 36 : 10).repeat(1 + (n % 7));
      tell(field, "input");
    },
    predict: (root, n) => any(root, ".choices button", n)?.click(),
    keydown: (root, n) => press(any(root, "input, button, select, .grip", n >> 16), KEYS[n % KEYS.length]),
    change: (root, n) => tell(any(root, "input, select, button", n), "change"),
    focus: (root, n) => any(root, "input, button, select, .grip", n).focus(),
    blur: () => document.activeElement?.blur(),
    address: (root, n) => {
      const control = viewOf(root).controls[n % viewOf(root).controls.length];
      location.hash = `#${viewOf(root).spec.name}:${control.name}=${ODD[(n >> 8) % ODD.length]}${n % 3}`;
    },
    theme: switchTheme,
    hide: () => document.dispatchEvent(new Event("visibilitychange")),
  };

  /* Each event is [kind, number, wait]: 0 is no wait, 1 a frame, more are milliseconds. */
  const happen = async (root, events) => {
    const wrong = new Set();
    for (const [kind, n, wait] of events) {
      ACTS[kind](root, n);
      if (wait === 1) await new Promise(requestAnimationFrame);
      if (wait > 1) await new Promise((done) => setTimeout(done, wait));
      if (wait) none(root).forEach((text) => wrong.add(`after ${kind}: ${text}`));
    }
    return [...wrong];
  };

  /* Stop what plays, go back to the light, take back what was answered, and go to `at` if given. */
  const rest = (root, at) => {
    document.activeElement?.blur();
    for (const button of root.querySelectorAll(".play")) if (button.textContent === "Pause") button.click();
    while (document.documentElement.dataset.mode !== "light") switchTheme();
    viewOf(root).panes.forEach((pane) => (pane.moment = null)); // a gradient that was on its way
    move(root, at ?? values(root));
  };

  /* Whether a figure fits its place and looks as it did when it was last asked. */
  const calm = (root) => {
    const before = root.before;
    root.before = root.querySelector(".panes").innerHTML;
    return root.before === before && viewOf(root).panes.every((pane) => pane.fits) && !viewOf(root).frame;
  };

  const state = (root) => {
    const traces = charts(root).flatMap((plot) => plot._fullData);
    const layouts = charts(root).map((plot) => plot._fullLayout);
    return {
      values: values(root),
      texts: texts(root, "output, .words p, figcaption, .controls button, .stories button, .xtick, .ytick, .legendtext, .diagram text"),
      said: [...root.querySelectorAll("[aria-valuetext], [aria-checked]")].map((n) => n.getAttribute("aria-valuetext") ?? n.getAttribute("aria-checked")),
      inputs: [...root.querySelectorAll("input, select")].map((input) => input.value),
      traces: traces.map((t) => [t.name, t.type, t.visible, ...["x", "y", "z"].map((a) => plain(t[a]))]),
      colors: layouts.map((layout) => [layout.font.color, layout.paper_bgcolor]),
      drawn: shapes(root),
    };
  };

  return { told, watch, stand, drawn, values, move, seen, report, happen, rest, calm, state };
})();
