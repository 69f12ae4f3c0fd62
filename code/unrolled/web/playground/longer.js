/* Skill on sequences that are longer than those it was trained on. */
import { element, number } from "../dom.js";
import { skillText } from "./words.js";

export class Longer {
  constructor() {
    this.root = element("div", { class: "rows", role: "group", "aria-label": "Skill on longer sequences" });
  }

  /* Rows [{T, skill}], or null. */
  show(rows, enough) {
    this.words = "Skill " + (rows ?? []).map(({ T, skill }, i) => `${skillText(skill)} on ${number(T)}${i ? "" : " steps"}`).join(", ");
    this.root.hidden = !rows;
    this.root.replaceChildren(...(rows ?? []).map((row) => this.row(row, enough)));
  }

  row({ T, skill }, enough) {
    const row = element("p", { class: skill >= enough ? "length solved" : "length" });
    const bar = element("span", { class: "meter" });
    const fill = element("span", { class: "fill" });
    fill.style.transform = `scaleX(${Math.min(1, Math.max(0, skill))})`;
    bar.append(fill);
    row.append(element("span", { class: "of" }, `${number(T)} steps`), bar, element("span", { class: "skill-value" }, skillText(skill)));
    return row;
  }
}
