/* All that the reader sees and presses, and where it stands in the page. */
import { element } from "../dom.js";
import { Alone } from "./alone.js";
import { LossChart } from "./loss_chart.js";
import { Longer } from "./longer.js";
import { PythonCode } from "./python.js";
import { Question } from "./question.js";
import { SettingsPanel } from "./settings_panel.js";
import { SkillBar } from "./skill_bar.js";
import { StoryLine } from "./story_line.js";
import { Strip } from "./strip.js";
import { Weights } from "./weights.js";

const SPEEDS = [["faster", "slow, then faster"], [5, "5 updates a second"], [60, "60 updates a second"], ["full", "as fast as it can"]];
const WEIGHTS = {
  eigenvalues: ["Eigenvalues", "of the recurrent matrix: well inside the unit circle a memory fades, outside (filled) it can grow"],
  gates: ["Recurrent weights", "gate by gate: blue below zero, orange above"],
};

export class Board {
  constructor(playground) {
    this.playground = playground;
    this.line = new StoryLine(playground.stories, (i) => i >= 0 && playground.choose(i));
    this.question = new Question({
      guessed: () => playground.running || playground.train(),
      change: () => playground.change(),
      back: () => playground.back(),
      next: () => playground.next(),
      test: () => playground.test(),
    });
    this.panel = new SettingsPanel(playground.catalogue, (changes) => playground.set(changes), (why) => this.complain(why));
    this.skill = new SkillBar();
    [this.strip, this.loss, this.weights] = [new Strip(), new LossChart(), new Weights()];
    [this.longer, this.alone] = [new Longer(), new Alone()];
    this.python = new PythonCode(playground);
    this.build();
  }

  build() {
    const { root } = this.playground;
    this.task = element("p", { class: "task" });
    this.trouble = element("p", { class: "trouble", role: "alert", hidden: "" });
    const intro = element("div", { class: "intro" });
    intro.append(this.task, this.panel.own, this.question.root, this.trouble);
    this.picture = element("div", { class: "picture" });
    this.numbers = element("p", { class: "numbers" });
    const sides = element("div", { class: "sides" });
    this.weightsName = element("p", { class: "pane-name" });
    this.weightsNote = element("p", { class: "note" });
    sides.append(this.pane([element("p", { class: "pane-name" }, "Loss")], this.loss), (this.known = this.pane([this.weightsName, this.weightsNote], this.weights)), (this.found = this.results()));
    const strip = element("div", { class: "strip-pane" });
    strip.append(this.strip.root);
    this.picture.append(strip, this.numbers);
    const still = [...root.querySelectorAll(".still")]; // for paper
    root.replaceChildren(this.line.root, intro, this.picture, sides, this.bar(), this.foot(), ...still);
    this.measure();
  }

  pane(heads, canvas) {
    const pane = element("div", { class: "pane" });
    const place = element("div", { class: "place" });
    place.append(canvas.root);
    pane.append(...heads, place);
    return pane;
  }

  /* What a test found takes the place of the weights, where the reader sees it. */
  results() {
    const pane = element("div", { class: "pane results", hidden: "" });
    this.foundName = element("p", { class: "pane-name" });
    pane.append(this.foundName, this.longer.root, this.alone.root);
    return pane;
  }

  bar() {
    const { playground } = this;
    const bar = element("div", { class: "bar", role: "group", "aria-label": "Training" });
    const buttons = element("div", { class: "buttons" });
    this.train = this.button("Train", () => playground.train(), "train");
    this.reset = this.button("Reset", () => playground.reset());
    buttons.append(this.train, this.button("Step", () => playground.step()), this.reset, this.more());
    this.status = element("p", { class: "status", role: "status" });
    bar.append(this.skill.root, buttons, this.status);
    return bar;
  }

  /* Speed, seed and share, which the first look does not need. */
  more() {
    const { playground } = this;
    const details = element("details", { class: "more" });
    const list = element("div", { class: "more-list" });
    this.speed = element("select", { id: "playground-speed", autocomplete: "off" });
    this.speed.append(...SPEEDS.map(([, text], i) => element("option", { value: i }, text)));
    this.speed.addEventListener("change", () => playground.pace(SPEEDS[this.speed.value][0]));
    this.share = this.button("Copy link", () => this.copy());
    this.seed = element("span", { class: "seed" });
    const seeds = element("div", { class: "seeds" });
    seeds.append(this.button("New seed", () => playground.newSeed()), this.seed);
    list.append(element("label", { for: "playground-speed" }, "Speed"), this.speed, seeds);
    if (playground.page) list.append(this.share);
    details.append(element("summary", {}, "More"), list);
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.firstChild.focus();
    });
    document.addEventListener("pointerdown", (event) => details.contains(event.target) || (details.open = false));
    return details;
  }

  foot() {
    const foot = element("div", { class: "foot" });
    const row = element("div", { class: "longer" });
    this.goOn = this.button("Let it go on by itself", () => this.playground.test("alone"));
    row.append(this.button("Test on longer sequences", () => this.playground.test("longer")), this.goOn);
    foot.append(row, this.panel.root, this.python.root);
    return foot;
  }

  button(text, pressed, kind = "plain") {
    const button = element("button", { type: "button", class: kind }, text);
    button.addEventListener("click", pressed);
    return button;
  }

  async copy() {
    const { page, hash } = this.playground;
    this.share.textContent = await page.copy(hash);
    setTimeout(() => (this.share.textContent = "Copy link"), 2500);
  }

  measure() {
    [this.strip, this.loss, this.weights].forEach((canvas) => canvas.measure());
  }

  /* What changes with the setting. */
  show() {
    const { playground } = this;
    const { setting, stories, story } = playground;
    this.line.show(stories.indexOf(story));
    this.task.textContent = playground.sentence;
    this.panel.show(setting);
    this.press();
    this.seed.textContent = `seed ${setting.seed}`;
    const [name, note] = WEIGHTS[playground.frame.eigenvalues ? "eigenvalues" : "gates"];
    [this.weightsName.textContent, this.weightsNote.textContent] = [name, note];
    this.goOn.hidden = !playground.catalogue.tasks[setting.task].alone;
    this.untested();
    this.python.show();
  }

  /* What a test found, "longer" or "alone". */
  tested(kind, found, asked) {
    const { task, colors } = this.playground;
    [this.known.hidden, this.found.hidden] = [true, false];
    this.foundName.textContent = { longer: "On longer sequences", alone: "On its own" }[kind];
    this.longer.show(kind === "longer" ? found.rows : null, task.enough);
    this.alone.show(kind === "alone" ? found : null, task.letters, colors);
    if (asked) this.found.scrollIntoView({ block: "nearest" });
    this.say(this[kind].words);
  }

  untested() {
    if (this.found.hidden) return;
    [this.known.hidden, this.found.hidden] = [false, true];
    this.weights.measure(); // the page may have been resized meanwhile
  }

  press() {
    const { running } = this.playground;
    this.train.textContent = running ? "Pause" : "Train";
    this.train.classList.toggle("running", running);
  }

  /* The pictures, many times a second: nothing here asks the page for its layout. */
  draw(colors) {
    const { frame, task, run, before } = this.playground;
    this.strip.draw(frame, task, colors);
    this.loss.draw({ run, before, solved: frame.solved, chance: task.rival }, colors);
    this.weights.draw(frame, colors);
    this.skill.show(frame.skill, task.enough);
  }

  tellNumbers(text) {
    if (this.numbers.textContent !== text) this.numbers.textContent = text;
  }

  /* For the eye and for a screen reader. */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  complain(text) {
    this.trouble.textContent = text;
    this.trouble.hidden = !text;
  }

  focus() {
    const { line } = this;
    const visible = line.buttons.offsetParent ? line.radios[line.at] : line.select;
    visible.focus({ preventScroll: true });
  }
}
