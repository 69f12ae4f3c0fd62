/* A pane that is a chart: Plotly draws it, and draws only the traces that an answer changes. */
import { element } from "./dom.js";
import { Marks } from "./marks.js";

const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false };

export class Chart {
  constructor(spec, view) {
    Object.assign(this, { spec, view });
    this.plot = element("div", { class: "plot", role: "img", "aria-label": spec.alt });
    this.plot.style.minHeight = `${spec.layout.height ?? 320}px`;
    this.root = element("div", { class: spec.wide ? "pane wide" : "pane" });
    if (spec.title) this.root.append(element("p", { class: "pane-title" }, spec.title));
    this.marks = new Marks(spec.marks ?? [], this.plot, view);
    const stage = element("div", { class: "stage" });
    stage.append(this.plot, this.marks.root);
    this.root.append(stage);
  }

  /* Whether it was drawn at the width that it has now. */
  get fits() {
    return this.plot._fullLayout?.width === this.plot.clientWidth;
  }

  measure() {
    this.width = this.plot.clientWidth;
  }

  /* Recoloring walks the whole figure, so its result is kept until the theme changes. */
  themed() {
    const { mode, theme } = this.view;
    if (this.mode !== mode) {
      const { data, layout } = mode === "dark" ? recolored(this.spec, theme.dark) : this.spec;
      this.colored = { data, layout: { ...layout, template: theme.templates[mode] } };
    }
    return this.colored;
  }

  /* At a new width a pane is drawn afresh: Plotly would leave its legend where it was. What will
     move is drawn twice then, since only the second time Plotly knows how wide the labels are. */
  async draw({ arrays, facts }) {
    const { Plotly, mode } = this.view;
    const { data, layout } = this.themed();
    const traces = data.map((trace) => ({ ...trace, ...filled(trace, arrays) }));
    const axes = axesOf(this.spec, arrays, { ...this.view.values, ...facts });
    const sized = withAxes({ ...layout, width: this.width }, axes);
    const fresh = this.plot._fullLayout?.width !== this.width;
    const whole = this.mode !== mode || fresh;
    const before = this.drawn;
    Object.assign(this, { mode, drawn: arrays });
    if (fresh) await Plotly.newPlot(this.plot, traces, sized, CONFIG);
    if (whole) await Plotly.react(this.plot, traces, sized, CONFIG);
    else await this.redraw(traces, axes, arrays, before);
    this.marks.place();
  }

  redraw(traces, axes, arrays, before) {
    const updates = {};
    traces.forEach((trace, i) => {
      const keys = Object.entries(trace.meta ?? {});
      const moved = keys.filter(([, key]) => !same(arrays[key], before[key]));
      if (moved.length) updates[i] = Object.fromEntries(keys.map(([name]) => [name, trace[name]]));
    });
    const shown = this.plot._fullLayout;
    const differs = (axis, set) => (name) => set[name] && String(shown[axis][name]) !== String(set[name]);
    const moved = Object.entries(axes).some(([axis, set]) => ["range", "ticktext"].some(differs(axis, set)));
    if (!moved && !Object.keys(updates).length) return null;
    return this.view.Plotly.redrawData(this.plot, updates, moved ? axes : {});
  }
}

/* The attributes of a trace that come from arrays of the answer. */
function filled(trace, arrays) {
  return Object.fromEntries(
    Object.entries(trace.meta ?? {}).map(([attribute, key]) => [attribute, rows(arrays[key])])
  );
}

function rows({ data, shape }) {
  if (shape.length < 2) return data;
  const [count, columns] = shape;
  return Array.from({ length: count }, (_, r) => data.subarray(r * columns, (r + 1) * columns));
}

function same(a, b) {
  return a === b || (a.data.length === b.data.length && a.data.every((value, i) => Object.is(value, b.data[i])));
}

/* Axes whose range is an array of the answer, where `decades` counts powers of ten with at most eight
   ticks, and axes whose labels are the words of a fact. */
function axesOf({ ranges = {}, labels = {} }, arrays, facts) {
  const axes = Object.fromEntries(
    Object.entries(ranges).map(([axis, { key, decades }]) => {
      const range = Array.from(arrays[key].data);
      const dtick = Math.max(1, Math.ceil(Math.abs(range[1] - range[0]) / 8));
      return [axis, decades ? { range, dtick } : { range }];
    })
  );
  for (const [axis, fact] of Object.entries(labels)) {
    const ticktext = facts[fact].split(" ");
    axes[axis] = { ...axes[axis], ticktext, tickvals: [...ticktext.keys()] };
  }
  return axes;
}

function withAxes(layout, axes) {
  const set = Object.entries(axes).map(([axis, given]) => [axis, { ...layout[axis], ...given }]);
  return { ...layout, ...Object.fromEntries(set) };
}

/* Figures are stored in light colors; a dark page maps each to its dark relative. */
function recolored(value, dark) {
  if (typeof value === "string") return dark[value] ?? value;
  if (Array.isArray(value)) return value.map((part) => recolored(part, dark));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolored(v, dark)]));
}
