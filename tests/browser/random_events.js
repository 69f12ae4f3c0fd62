/* What test_random_events.py asks of a page: to be a reader without a plan, and to say what it shows. */
window.reader = (() => {
  const sliders = (root) => [...root.querySelectorAll("input[type=range]")];
  const plots = (root) => [...root.querySelectorAll(".plot")];
  const ODD = ["", "NaN", "-1", "1e9", "0.5", "much"];
  // Texts and attributes that tell of a number that is none.
  const NONE = new RegExp(
    '(?:>[^<]*| (?:d|x|y|width|height|transform|aria-[a-z]*)="[^"]*)(?:NaN|undefined|Infinity)',
    "g"
  );

  const set = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const press = (input, kind) =>
    input.dispatchEvent(new KeyboardEvent(kind, { key: "Tab", bubbles: true }));
  const switchTheme = () => document.querySelector(".theme-switch-button").click();

  const ACTS = {
    input: (root, input, n) => set(input, n % (Number(input.max) + 1)),
    odd: (root, input, n) => set(input, ODD[n % ODD.length]),
    change: (root, input) => input.dispatchEvent(new Event("change", { bubbles: true })),
    keydown: (root, input) => ["keydown", "keyup"].forEach((kind) => press(input, kind)),
    focus: (root, input) => input.focus(),
    blur: (root, input) => input.blur(),
    play: (root) => root.querySelector(".play")?.click(),
    theme: switchTheme,
    hide: () => document.dispatchEvent(new Event("visibilitychange")),
  };

  const noNumbers = (root) =>
    [...root.querySelectorAll(".controls, .panes, .words, [role=status]")].flatMap(
      (place) => place.outerHTML.match(NONE) ?? []
    );

  /* Each event is [kind, slider, number, wait]: 0 is no wait, 1 a frame, more are milliseconds. */
  const happen = async (root, events) => {
    const wrong = new Set();
    for (const [kind, axis, n, wait] of events) {
      ACTS[kind](root, sliders(root)[axis], n);
      if (wait === 1) await new Promise(requestAnimationFrame);
      if (wait > 1) await new Promise((done) => setTimeout(done, wait));
      if (wait) noNumbers(root).forEach((text) => wrong.add(`after ${kind}: ${text}`));
    }
    return [...wrong];
  };

  /* Stop what plays, go back to the light, and put the sliders to `at` if it is given. */
  const rest = (root, at) => {
    document.activeElement?.blur();
    for (const button of root.querySelectorAll(".play")) {
      if (button.textContent === "Pause") button.click();
    }
    while (document.documentElement.dataset.mode !== "light") switchTheme();
    sliders(root).forEach((input, axis) => set(input, at ? at[axis] : input.value));
  };

  /* Whether a figure fits its place and looks as it did when it was last asked. */
  const calm = (root) => {
    const before = root.seen;
    root.seen = root.querySelector(".panes").innerHTML;
    return root.seen === before && plots(root).every((p) => p._fullLayout?.width === p.clientWidth);
  };

  const state = (root) => {
    const texts = (selector) => [...root.querySelectorAll(selector)].map((n) => n.textContent);
    const plain = (values) => Array.from(values ?? [], (v) => String(v?.length ? [...v] : v));
    const traces = plots(root).flatMap((plot) => plot._fullData);
    const layouts = plots(root).map((plot) => plot._fullLayout);
    const shape = ["d", "x", "y", "width", "height", "transform"];
    const marks = [...root.querySelectorAll(".cartesianlayer *")].map((node) => [
      node.tagName,
      ...shape.map((name) => node.getAttribute(name)),
      node.style.fill.replace(/#[\w-]+/, ""),
      node.style.stroke,
    ]);
    return {
      at: sliders(root).map((input) => Number(input.value)),
      spoken: sliders(root).map((input) => input.getAttribute("aria-valuetext")),
      texts: texts("output, [data-text], button, .xtick, .ytick, .legendtext"),
      traces: traces.map((t) => [t.name, t.type, t.visible, ...["x", "y", "z"].map((a) => plain(t[a]))]),
      colors: layouts.map((layout) => [layout.font.color, layout.paper_bgcolor]),
      drawn: marks.join("\n"),
    };
  };

  return { happen, rest, calm, state };
})();
