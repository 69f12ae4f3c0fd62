/* The stories as one line: radio buttons where there is room, on a phone a list with its neighbors. */
import { element } from "../dom.js";

export class StoryLine {
  constructor(stories, chosen) {
    Object.assign(this, { stories, chosen, at: 0 });
    this.root = element("div", { class: "stories" });
    this.buttons = element("div", { class: "story-buttons", role: "radiogroup", "aria-label": "Stories" });
    this.radios = stories.map((story, i) => {
      const radio = element("button", { type: "button", role: "radio", tabindex: -1 }, story.title);
      radio.addEventListener("click", () => chosen(i));
      radio.addEventListener("keydown", (event) => this.press(event));
      return radio;
    });
    this.buttons.append(...this.radios);
    this.select = element("select", { "aria-label": "Story", autocomplete: "off" });
    this.select.append(...stories.map((story, i) => element("option", { value: i }, `${i + 1}. ${story.title}`)));
    this.own = element("option", { value: -1, hidden: "" }, "Your own setting");
    this.select.append(this.own);
    this.select.addEventListener("change", () => chosen(Number(this.select.value)));
    const list = element("div", { class: "story-list" });
    list.append(this.step("‹", "Previous story", -1), this.select, this.step("›", "Next story", 1));
    this.root.append(this.buttons, list);
  }

  step(sign, label, by) {
    const button = element("button", { type: "button", "aria-label": label }, sign);
    button.addEventListener("click", () => this.chosen(this.beside(by)));
    return button;
  }

  beside(by) {
    const count = this.stories.length;
    return (Math.max(this.at, by > 0 ? -1 : 0) + by + count) % count;
  }

  press(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = { Home: 0, End: this.stories.length - 1 }[event.key] ?? (by ? this.beside(by) : null);
    if (to === null) return;
    event.preventDefault();
    this.chosen(to);
    this.radios[to].focus();
  }

  /* Show which story it is, −1 for none. */
  show(at) {
    this.at = at;
    this.radios.forEach((radio, i) => {
      radio.setAttribute("aria-checked", i === at);
      radio.tabIndex = i === Math.max(0, at) ? 0 : -1;
    });
    this.own.hidden = at >= 0;
    this.select.value = at;
  }
}
