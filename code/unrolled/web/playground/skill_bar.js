/* The skill as a bar: from guessing, 0, to perfect, 1, with a mark where it counts as learned. */
import { element, number } from "../dom.js";
import { skillText } from "./words.js";

export class SkillBar {
  constructor() {
    this.root = element("div", { class: "skill" });
    this.value = element("span", { class: "skill-value" });
    const head = element("div", { class: "skill-head" });
    head.append(element("span", { class: "skill-name", id: "playground-skill" }, "skill"), this.value);
    this.meter = element("div", { class: "meter", role: "meter", "aria-labelledby": "playground-skill", "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": 0 });
    this.fill = element("div", { class: "fill" });
    this.mark = element("div", { class: "enough" });
    this.meter.append(this.fill, this.mark);
    const ends = element("div", { class: "ends" });
    this.from = element("span", {});
    ends.append(element("span", {}, "guessing"), this.from, element("span", {}, "perfect"));
    this.root.append(head, this.meter, ends);
  }

  show(skill, enough) {
    const share = Math.min(1, Math.max(0, skill ?? 0));
    const text = skill === null ? "–" : skillText(skill);
    if (this.value.textContent !== text) this.value.textContent = text;
    if (this.share !== share) this.fill.style.transform = `scaleX(${share})`;
    if (this.share !== share) this.meter.setAttribute("aria-valuenow", share.toFixed(2));
    if (this.spoken !== text) this.meter.setAttribute("aria-valuetext", skillText(skill));
    if (this.enough !== enough) this.threshold(enough);
    this.root.classList.toggle("solved", skill !== null && skill >= enough);
    Object.assign(this, { share, enough, spoken: text });
  }

  threshold(enough) {
    this.mark.style.insetInlineStart = `${100 * enough}%`;
    this.from.textContent = `solved from ${number(enough)} on`;
  }
}
