/* One view of an explorable, for pages and notebooks alike. It asks its source one question,
   at(values), and shows the answer: panes, sentences, marks. */
import { element } from "./dom.js";
import { Boxes } from "./boxes.js";
import { makeControl } from "./controls.js";
import { Chart } from "./charts.js";
import { Diagram } from "./diagram.js";
import { Handwriting } from "./handwriting.js";
import { Passage } from "./passage.js";
import { say } from "./sentences.js";
import { question, stories } from "./stories.js";
import { player } from "./player.js";

const PATIENCE = 4000; // milliseconds
const SILENT =
  "Python has not answered yet: it is busy with another cell, or it was stopped. The picture shows its last answer.";

/* What draws a pane is told by what only its kind has. */
const kind = (pane) => (pane.rows ? Diagram : pane.columns ? Boxes : pane.passage ? Passage : pane.clouds ? Handwriting : Chart);

export class View {
  /* `environment` has Plotly, theme ({templates, dark}), mode() and whether addresses are kept. */
  constructor(root, spec, source, environment) {
    Object.assign(this, { root, spec, source, environment, moved: [] });
    root.dataset.name = spec.name ?? "";
    const id = root.id || `${spec.name}-${Math.random().toString(36).slice(2, 8)}`;
    this.controls = (spec.controls ?? []).map((each) => makeControl(each, `${id}-${each.name}`, (name, complaint) => this.changed(name, complaint)));
    this.panes = spec.panes.map((pane) => new (kind(pane))(pane, this));
    this.build(id);
    this.hide(spec.question?.hides ?? []);
  }

  /* What would give the answer away waits until the reader has guessed, or moves something. */
  hide(names) {
    names.forEach((name) => (this.lines[name] ?? this.panes[name].root).classList.add("waits"));
    this.waits = names.length > 0;
    this.root.classList.toggle("asking", this.waits);
  }

  show() {
    this.waits = false;
    this.root.classList.remove("asking");
  }

  /* Paper cannot be asked. */
  get asking() {
    return this.waits && !window.matchMedia("print").matches;
  }

  get mode() {
    return this.environment.mode();
  }

  get theme() {
    return this.environment.theme;
  }

  get Plotly() {
    return this.environment.Plotly();
  }

  get values() {
    return Object.fromEntries(this.controls.map(({ name, value }) => [name, value]));
  }

  control(name) {
    return this.controls.find((control) => control.name === name);
  }

  build(id) {
    const panes = element("div", { class: "panes", style: `--panes:${this.panes.length}` });
    const first = this.panes.filter((pane) => pane.leads).map((pane) => pane.root); // above the controls
    panes.append(...this.panes.filter((pane) => !pane.leads).map((pane) => pane.root));
    this.strip = panes;
    if (!this.controls.length) {
      this.root.querySelector(".pane").replaceWith(panes);
      this.lines = {};
      return;
    }
    const { spec } = this;
    const head = element("div", { class: "head" });
    this.link = element("button", { type: "button", class: "link" }, "Copy link");
    head.append(element("p", { class: "title" }, spec.title), ...(this.environment.copy ? [this.link] : []));
    this.link.addEventListener("click", () => this.environment.copy(this));
    const controls = element("div", { class: "controls", "data-count": this.controls.length });
    controls.append(...this.controls.map((control) => control.root));
    this.controls.filter((control) => control.spec.play).forEach((control) => player(control, this));
    const words = element("div", { class: "words" });
    this.lines = Object.fromEntries(spec.lines.map((name) => [name, element("p", { "data-line": name })]));
    words.append(...Object.values(this.lines));
    this.trouble = element("p", { class: "trouble", role: "alert", hidden: "" });
    const board = element("div", { class: "board" });
    board.append(controls, words);
    this.status = element("p", { class: "visually-hidden", role: "status" });
    this.caption = element("figcaption");
    const alternative = element("p", { class: "alternative", id: `${id}-alt` }, spec.alt);
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", spec.title);
    this.root.setAttribute("aria-describedby", alternative.id);
    this.root.querySelectorAll(":scope > :not(script)").forEach((still) => still.remove());
    this.root.prepend(head, ...first, ...question(spec.question, this), ...stories(spec.stories, this), board, this.trouble, panes, this.status, this.caption, alternative);
    this.moved.forEach((told) => told());
    this.root.addEventListener("pointerdown", () => this.steady(words));
  }

  /* While a pointer is down, sentences get no shorter, so that nothing moves under it. */
  steady(words) {
    const hold = () => {
      words.style.minHeight = `${words.offsetHeight}px`;
    };
    const release = () => {
      this.held = null;
      words.style.minHeight = "";
    };
    hold();
    this.held = hold;
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, { once: true });
  }

  async start() {
    await this.source?.ready();
    this.ready = true;
    await this.draw();
    const resized = () => {
      this.reachable();
      if (!this.panes.every((pane) => pane.fits)) requestAnimationFrame(() => this.soon());
    };
    this.observer = new ResizeObserver(resized);
    this.observer.observe(this.root);
    this.root.dataset.ready = "yes";
  }

  /* Panes that are swiped on a phone can be scrolled by keys, too. */
  reachable() {
    const { strip } = this;
    if (strip.scrollWidth > strip.clientWidth) strip.tabIndex = 0;
    else strip.removeAttribute("tabindex");
  }

  /* Set several controls at once, draw and speak once. */
  move(values) {
    Object.entries(values).forEach(([name, value]) => this.control(name).set(value));
    this.changed();
  }

  /* Go where the controls of another view, or a cell, have gone. */
  follow(values) {
    if (JSON.stringify(values) === JSON.stringify(this.values)) return;
    this.move(values);
  }

  end() {
    this.observer?.disconnect();
    this.source.end();
  }

  /* A word about what the reader asked for, or nothing. */
  tell(text = "") {
    if (!this.trouble) return;
    this.trouble.textContent = text;
    this.trouble.hidden = !text;
  }

  /* Set controls from the texts of an address; what is not on a control is told. */
  restore(texts) {
    const complaints = Object.entries(texts).map(([name, text]) => {
      const control = this.control(name);
      if (!control) return `There is no control “${name.slice(0, 20)}”.`;
      const [value, complaint] = control.nearest(text);
      control.set(value);
      return complaint;
    });
    this.changed(null, complaints.filter(Boolean).join(" "));
  }

  changed(name, complaint = "") {
    this.complaint = complaint;
    this.tell(complaint);
    this.show();
    const { value, spec } = this.control(name) ?? {};
    if (spec?.last) this.control(spec.last).set(value.length - 1);
    this.moved.forEach((told) => told(name));
    this.environment.remember?.(this);
    this.soon();
    clearTimeout(this.speech);
    if (!this.playing) this.speech = setTimeout(() => this.speak(), 400);
  }

  async draw() {
    const answer = this.source ? this.source.at(this.values) : { arrays: {}, facts: {} };
    const patience = answer.then && setTimeout(() => this.tell(SILENT), PATIENCE);
    const found = await answer;
    clearTimeout(patience);
    if (!found) return; // the reader has moved on
    delete this.root.dataset.failed;
    this.tell(this.complaint);
    this.root.dataset.mode = this.mode;
    this.panes.forEach((pane) => pane.measure()); // once, since a width asked for after a change is a layout
    this.write({ ...this.values, ...found.facts });
    await Promise.all(this.panes.map((pane) => pane.draw(found)));
    if (!this.late) this.root.dispatchEvent(new CustomEvent("unrolled:drawn"));
  }

  write(facts) {
    const { sentences } = this.spec;
    for (const [name, line] of Object.entries(this.lines)) {
      const text = say(sentences[name], facts, sentences);
      if (line.textContent !== text) line.textContent = text;
    }
    this.held?.();
    if (this.caption) this.caption.textContent = say(sentences.caption, facts, sentences);
  }

  /* The first of several moves within one frame is drawn at once, the others together after it.
     Moves before the source is ready only set the controls. */
  soon() {
    if (!this.ready) return;
    this.late = Boolean(this.frame);
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      if (this.late) this.soon();
    });
    this.draw().catch((error) => this.fail(error));
  }

  speak() {
    const settings = this.controls.map((control) => `${control.spec.label} ${control.text(control.value)}`);
    const words = Object.values(this.lines).map((line) => line.textContent);
    this.status.textContent = `${this.complaint ?? ""} ${settings.join(", ")}. ${words.join(" ")}`.trim();
  }

  /* What went wrong stands in the figure, with a way to try again. */
  fail(error) {
    this.root.dataset.failed = "yes";
    if (!this.trouble) throw error;
    const again = element("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => this.start().catch((still) => this.fail(still)));
    this.trouble.replaceChildren(`This figure could not be drawn: ${error.message} `, again);
    this.trouble.hidden = false;
  }
}
