/* Marks in a chart that the reader drags: a line across it that stands for the value of a control.
   A mark is a slider for the keyboard and for screen readers, and moves its control. */
import { element } from "./dom.js";

export class Marks {
  constructor(specs, plot, view) {
    Object.assign(this, { plot, view });
    const beside = ({ axis }) => specs.filter((other) => other.axis === axis);
    this.marks = specs.map((spec) => this.make(spec, beside(spec).indexOf(spec)));
    this.root = element("div", { class: "marks", hidden: "" });
    this.root.append(...this.marks.map(({ line }) => line));
  }

  /* Grips of one axis never lie on each other, even where their lines do. */
  make(spec, rank) {
    const line = element("div", { class: `drag ${spec.axis}${spec.foot ? " foot" : ""}`, "data-mark": spec.control });
    const grip = element("div", { class: "grip", role: "slider", tabindex: 0, "aria-label": spec.label });
    if (spec.role) line.style.setProperty("--role", `var(--unrolled-${spec.role})`);
    line.append(element("span", { class: "drag-label" }, spec.label), grip);
    if (rank) grip.style[spec.axis === "x" ? "marginBottom" : "marginInlineStart"] = `${spec.axis === "x" ? 32 * rank : -32 * rank}px`;
    line.addEventListener("pointerdown", (event) => {
      line.setPointerCapture(event.pointerId);
      event.preventDefault();
      grip.focus();
    });
    line.addEventListener("pointermove", (event) => {
      if (line.hasPointerCapture(event.pointerId)) this.drag(spec, event);
    });
    grip.addEventListener("keydown", (event) => this.press(spec, event));
    return { spec, line, grip };
  }

  axis({ axis }) {
    return this.plot._fullLayout[`${axis}axis`];
  }

  /* Where the control's values lie on the axis: listed in `at`, or the values themselves. */
  placeOf({ control, at }) {
    const { value, spec } = this.view.control(control);
    return at ? at[spec.values.indexOf(value)] : Number(value);
  }

  drag(spec, event) {
    const control = this.view.control(spec.control);
    const axis = this.axis(spec);
    const box = this.plot.getBoundingClientRect();
    const pixel = (spec.axis === "x" ? event.clientX - box.left : event.clientY - box.top) - axis._offset;
    const place = axis.p2l(Math.min(Math.max(pixel, 0), axis._length));
    if (!control.spec.values) return control.take(control.rounded(place));
    const places = spec.at ?? control.spec.values;
    const closest = places.reduce((best, at, i) => (Math.abs(at - place) < Math.abs(places[best] - place) ? i : best), 0);
    control.take(control.spec.values[closest]);
  }

  /* Arrows along the axis go where they point, whichever way it runs; the others to more and less. */
  press(spec, event) {
    const control = this.view.control(spec.control);
    const { range } = this.axis(spec);
    const along = range[1] > range[0] ? 1 : -1;
    const [right, up] = spec.axis === "x" ? [along, 1] : [1, along];
    const steps = { ArrowRight: right, ArrowLeft: -right, ArrowUp: up, ArrowDown: -up };
    const ends = { Home: control.first, End: control.end };
    const next = event.key in ends ? ends[event.key] : event.key in steps ? control.next(steps[event.key]) : null;
    if (next === null) return;
    event.preventDefault();
    if (next !== undefined) control.take(next);
  }

  place() {
    this.root.hidden = false;
    for (const [i, { spec, line, grip }] of this.marks.entries()) {
      const axis = this.axis(spec);
      const other = this.axis({ axis: spec.axis === "x" ? "y" : "x" });
      const control = this.view.control(spec.control);
      const pixel = axis._offset + Math.min(Math.max(axis.l2p(this.placeOf(spec)), 0), axis._length);
      line.classList.toggle("flipped", pixel > axis._offset + 0.6 * axis._length);
      line.firstChild.style.marginTop = `${15 * i}px`; // below the label of the mark before
      const [across, along] = spec.axis === "x" ? ["left", "top"] : ["top", "left"];
      line.style[across] = `${pixel}px`;
      line.style[along] = `${other._offset}px`;
      line.style[spec.axis === "x" ? "height" : "width"] = `${other._length}px`;
      grip.setAttribute("aria-valuemin", control.input.min);
      grip.setAttribute("aria-valuemax", control.input.max);
      grip.setAttribute("aria-valuenow", control.input.value);
      grip.setAttribute("aria-valuetext", control.text(control.value));
    }
  }
}
