/* Draws every figure of a page, and redraws an explorable from its table when a slider moves. */
(() => {
  "use strict";

  const { templates, dark } = window.UNROLLED_THEME;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false };
  const NAN = 65535;

  const mode = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

  /* Figures are stored in light colors; a dark page maps each to its dark relative. */
  const recolor = (value) => {
    if (typeof value === "string") return dark[value] ?? value;
    if (Array.isArray(value)) return value.map(recolor);
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolor(v)]));
  };

  const inflate = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream);
  };

  /* Position of the current grid point in an array that ignores the sliders with axis length 1. */
  const position = (axes, at) =>
    at.reduce((sum, index, axis) => sum * axes[axis] + (axes[axis] === 1 ? 0 : index), 0);

  const fits = (plot) => plot._fullLayout?.width === plot.clientWidth;

  /* The arrays of the table that a trace shows. */
  const keys = (trace) => Object.values(trace.meta ?? {});

  /* Only the smaller plotly.js can draw new data in a tenth of the time of `react`. */
  const redraw = (plot, traces, changed) => {
    for (const i of changed) {
      for (const attribute of Object.keys(traces[i].meta)) {
        plot.data[i][attribute] = plot._fullData[i][attribute] = traces[i][attribute];
      }
    }
    return window.Plotly.redrawData(plot, changed);
  };

  class Drawing {
    constructor(root) {
      this.root = root;
      this.spec = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
      this.plots = [...root.querySelectorAll(".plot")];
      this.inputs = [...root.querySelectorAll('input[type="range"]')];
      this.status = root.querySelector('[role="status"]');
      this.shown = null;
      this.drawn = [];
      this.unpacked = this.unpack();
    }

    /* Done as the page loads, since nothing that is not at hand can be drawn in time for a printer. */
    async unpack() {
      if (!this.spec.codes) return;
      const { codes } = this.spec;
      const packed = window.UNROLLED_TABLES?.[codes] ?? codes; // a large table has its own file
      this.codes = new Uint16Array(await (await inflate(packed)).arrayBuffer());
      this.texts = await (await inflate(this.spec.texts)).json();
    }

    async start() {
      await this.unpacked;
      this.inputs.forEach((input, axis) => {
        input.addEventListener("input", () => this.move(axis));
        const button = input.parentElement.querySelector(".play");
        if (button) this.playable(button, axis);
      });
      const controls = this.root.querySelector(".controls");
      if (controls) controls.hidden = false;
      await this.draw();
      const resized = () => this.plots.every(fits) || requestAnimationFrame(() => this.soon());
      new ResizeObserver(resized).observe(this.root);
      this.root.dataset.ready = "yes";
    }

    get at() {
      return this.inputs.map((input) => Number(input.value));
    }

    /* Where in the table the numbers of an array begin. */
    from(key) {
      const { axes, shape, offset } = this.spec.arrays[key];
      return offset + position(axes, this.at) * shape.reduce((a, b) => a * b, 1);
    }

    array(key) {
      const { shape, low, step } = this.spec.arrays[key];
      const size = shape.reduce((a, b) => a * b, 1);
      const from = this.from(key);
      const values = Float64Array.from(this.codes.subarray(from, from + size), (code) =>
        code === NAN ? NaN : low + step * code
      );
      if (shape.length < 2) return values;
      const [rows, columns] = shape;
      return Array.from({ length: rows }, (_, r) => values.subarray(r * columns, (r + 1) * columns));
    }

    text(key) {
      const { axes, strings, index } = this.texts[key];
      return strings[index[position(axes, this.at)]];
    }

    traces(pane) {
      return pane.data.map((trace) => {
        const filled = { ...trace };
        for (const [attribute, key] of Object.entries(trace.meta ?? {})) {
          filled[attribute] = this.array(key);
        }
        return filled;
      });
    }

    /* Recoloring walks the whole figure, so its result is kept until the theme changes. */
    panes() {
      if (this.shown?.mode !== mode()) {
        const layout = { template: templates[mode()] };
        this.shown = {
          mode: mode(),
          panes: this.spec.panes.map((pane) => {
            const themed = mode() === "dark" ? recolor(pane) : pane;
            return { data: themed.data, layout: { ...themed.layout, ...layout } };
          }),
        };
      }
      return this.shown.panes;
    }

    async draw() {
      const drawn = this.panes().map((pane, i) => this.drawPane(pane, i));
      for (const line of this.root.querySelectorAll("[data-text]")) {
        const text = this.text(line.dataset.text);
        if (line.textContent !== text) line.textContent = text;
      }
      await Promise.all(drawn);
      if (!this.late) this.root.dispatchEvent(new CustomEvent("unrolled:drawn"));
    }

    /* At a new width a pane is drawn afresh: Plotly would leave its legend where it was. What will
       move is drawn twice then, since only the second time Plotly knows how wide the labels are. */
    async drawPane(pane, i) {
      const plot = this.plots[i];
      const layout = { ...pane.layout, width: plot.clientWidth };
      const afresh = !fits(plot);
      if (afresh) await window.Plotly.newPlot(plot, this.traces(pane), layout, CONFIG);
      const before = this.drawn[i];
      const from = new Map(pane.data.flatMap(keys).map((key) => [key, this.from(key)]));
      this.drawn[i] = { pane, from };
      if (afresh && !from.size) return null;
      if (!afresh && before?.pane === pane && window.Plotly.redrawData) {
        const moved = (trace) => keys(trace).some((key) => from.get(key) !== before.from.get(key));
        const changed = pane.data.flatMap((trace, i) => (moved(trace) ? [i] : []));
        return changed.length ? redraw(plot, this.traces(pane), changed) : null;
      }
      return window.Plotly.react(plot, this.traces(pane), layout, CONFIG);
    }

    /* The first of several moves within one frame is drawn at once, the others together after it. */
    soon() {
      this.late = Boolean(this.frame);
      if (this.frame) return;
      this.frame = requestAnimationFrame(() => {
        this.frame = null;
        if (this.late) this.soon();
      });
      this.draw();
    }

    move(axis) {
      const input = this.inputs[axis];
      const text = this.spec.sliders[axis][Number(input.value)];
      input.setAttribute("aria-valuetext", text);
      input.parentElement.querySelector("output").textContent = text;
      this.soon();
      clearTimeout(this.speech);
      if (!this.timer) this.speech = setTimeout(() => this.speak(), 400);
    }

    speak() {
      const settings = this.inputs.map((input) => {
        const label = input.parentElement.querySelector("label").textContent;
        return `${label} ${input.getAttribute("aria-valuetext")}`;
      });
      const words = [...this.root.querySelectorAll("[data-text]")].map((p) => p.textContent);
      this.status.textContent = `${settings.join(", ")}. ${words.join(" ")}`;
    }

    step(axis, wrap) {
      const input = this.inputs[axis];
      const last = Number(input.max);
      if (Number(input.value) >= last && !wrap) return false;
      input.value = Number(input.value) >= last ? 0 : Number(input.value) + 1;
      this.move(axis);
      return Number(input.value) < last;
    }

    /* With reduced motion nothing runs by itself: the button takes one step at a time. */
    playable(button, axis) {
      const label = () => {
        button.textContent = this.timer ? "Pause" : still.matches ? "Step" : "Play";
      };
      const stop = () => {
        clearInterval(this.timer);
        this.timer = null;
        label();
        this.speak();
      };
      button.addEventListener("click", () => {
        if (this.timer) return stop();
        if (still.matches) return void this.step(axis, true);
        this.timer = setInterval(() => this.step(axis, false) || stop(), this.spec.play[axis]);
        this.step(axis, true);
        label();
      });
      this.inputs[axis].addEventListener("pointerdown", () => this.timer && stop());
      this.inputs[axis].addEventListener("keydown", () => this.timer && stop());
      still.addEventListener("change", () => (this.timer ? stop() : label()));
      label();
    }
  }

  const drawings = [...document.querySelectorAll(".unrolled-figure")].map((r) => new Drawing(r));
  const start = (drawing) => (drawing.started ??= drawing.start());
  const nearby = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        nearby.unobserve(entry.target);
        start(drawings.find((drawing) => drawing.root === entry.target));
      }),
    { rootMargin: "400px" }
  );
  drawings.forEach((drawing) => nearby.observe(drawing.root));

  const recolored = () => drawings.filter((d) => d.started).forEach((d) => d.started.then(() => d.draw()));
  new MutationObserver(recolored).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });

  /* Paper shows every figure, and is not as wide as the screen. */
  const drawAll = () => drawings.forEach((d) => start(d).then(() => d.draw()));
  window.addEventListener("beforeprint", drawAll);
  window.matchMedia("print").addEventListener("change", drawAll);
  window.UNROLLED = { drawings };
})();
