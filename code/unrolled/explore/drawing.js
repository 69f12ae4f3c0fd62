/* One figure of a page: its panes, drawn from its table at the place where the sliders stand. */
(() => {
  "use strict";

  const { templates, dark } = window.UNROLLED_THEME;
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

    get fits() {
      return this.plots.every(fits);
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
  }

  window.UNROLLED = { Drawing };
})();
