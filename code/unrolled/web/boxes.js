/* A pane that is a table of tensors, with a box for each axis: its symbol above its size. */
import { element, number } from "./dom.js";

const AXES = 3; // of a tensor, at most

export class Boxes {
  constructor(spec, view) {
    Object.assign(this, { spec, view, fits: true });
    this.table = element("table", { class: "boxes", "aria-label": spec.title });
    this.body = element("tbody");
    const head = element("thead");
    const names = element("tr");
    names.append(...spec.columns.map((name) => element("th", { scope: "col" }, name)));
    head.append(names);
    this.table.append(element("caption", { class: "visually-hidden" }, spec.alt), head, this.body);
    this.root = element("div", { class: "pane" });
    this.root.append(element("p", { class: "pane-title" }, spec.title), this.table);
  }

  measure() {} // the browser lays a table out

  draw({ arrays, facts }) {
    const words = facts[this.spec.words];
    if (words !== this.words) this.build(words);
    const { data } = arrays[this.spec.sizes];
    for (const [box, at] of this.sizes) {
      const text = number(data[at], "d"); // a table in a page is not exact
      if (box.textContent !== text) box.textContent = text;
    }
  }

  /* One line for each row: a heading and its tensors, written as "4|kernel|D 4H" or not there. */
  build(words) {
    this.words = words;
    this.sizes = [];
    const rows = words.split("\n").flatMap((line, r) => {
      const [heading, ...tensors] = line.split("\t");
      const [above, row] = [element("tr"), element("tr")];
      above.append(element("th", { colspan: tensors.length }, heading));
      row.append(...tensors.map((tensor, c) => this.cell(tensor, (r * tensors.length + c) * AXES)));
      return [above, row];
    });
    this.body.replaceChildren(...rows);
  }

  cell(tensor, at) {
    const cell = element("td");
    if (!tensor) return cell;
    const [count, name, axes] = tensor.split("|");
    const boxes = axes.split(" ").map((axis, i) => {
      const kind = axis.replace(/\d/g, ""); // an axis of 2 has no symbol
      const box = element("span", { class: "axis", "data-axis": kind });
      const size = element("span");
      box.append(element("b", {}, kind && axis), size);
      this.sizes.push([size, at + i]);
      return box;
    });
    cell.append(element("span", { class: "count" }, count === "1" ? "" : `${count} ×`));
    cell.append(element("code", {}, name), ...boxes);
    return cell;
  }
}
