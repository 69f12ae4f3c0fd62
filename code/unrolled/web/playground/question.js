/* The question of a story, what the reader guesses, what came of it, and the button that changes one
   thing. They share one place, so that nothing below moves when one gives way to the next. */
import { element } from "../dom.js";

export class Question {
  /* guessed(), change(), back(), next() and test() are called when the reader does so. */
  constructor({ guessed, change, back, next, test }) {
    this.root = element("div", { class: "question", role: "group", "aria-label": "Guess first" });
    this.text = element("p", { class: "ask" });
    this.choices = element("div", { class: "choices" });
    this.change = this.button("change", change);
    this.back = this.button("back", back, "Undo the change");
    this.next = this.button("next", next, "Next story");
    this.test = this.button("test", test);
    this.after = element("div", { class: "choices" });
    this.after.append(this.change, this.test, this.next, this.back);
    const row = element("div", { class: "choices" });
    row.append(this.choices, this.after);
    this.root.append(this.text, row);
    this.guessed = guessed;
  }

  button(kind, pressed, text = "") {
    const button = element("button", { type: "button", class: kind }, text);
    button.addEventListener("click", pressed);
    return button;
  }

  /* A story, or null, from its beginning or from its second half. `told` is what comes of both,
     `measured` whether that was measured with this setting, `test` what is tried at the end. */
  begin(story, side, { told, measured, test }) {
    Object.assign(this, { story, told, measured, guess: null, known: false });
    this.buttons = (story?.guesses ?? []).map((guess, i) => {
      const button = element("button", { type: "button", "aria-pressed": false }, guess);
      button.addEventListener("click", () => {
        this.guess = i;
        this.buttons.forEach((each, j) => each.setAttribute("aria-pressed", i === j));
        this.guessed();
      });
      return button;
    });
    this.choices.replaceChildren(...this.buttons);
    this.change.textContent = story?.button.label ?? "";
    this.test.textContent = test;
    if (side === "after") this.second();
    else this.ask();
  }

  ask() {
    this.show(this.story?.question ?? "This is a setting of your own. Train it, or go back to a story.", { choices: this.buttons.length > 0 });
  }

  /* The address led past the question. */
  second() {
    this.show(`This is the second half of the story: ${this.changing}. Train it, or begin with the first half.`, { back: true });
  }

  /* What came of the story as it begins. */
  before() {
    this.known = true;
    this.show(this.verdict + this.told.before, { change: true, test: this.story.longer && this.solved });
  }

  /* Whether the first half is ever solved: there is nothing to test in what has learned nothing. */
  get solved() {
    return !this.story.recorded.before.updates.includes(null);
  }

  get verdict() {
    const { guess, measured } = this;
    if (guess === null) return "";
    const { guesses, right } = this.story;
    const end = !measured ? "." : guess === right ? ", and you were right." : `; the answer is “${guesses[right]}”.`;
    return `You guessed “${guesses[guess]}”${end} `;
  }

  /* The reader need not wait for the end. */
  waiting() {
    if (this.state === "ask" && this.change.hidden) this.show(this.story.question, { choices: true, change: true });
  }

  /* The button was pressed: what it did, and then what came of it. Whoever did not wait for the end
     of the first half hears of the guess now. */
  changed() {
    this.show(`${this.known ? "" : this.verdict}Changed: ${this.changing}. Everything else is as before.`, { back: true });
  }

  get changing() {
    const { label } = this.story.button;
    return label[0].toLowerCase() + label.slice(1);
  }

  /* The change was taken back: what came of the first half is told only if it was before. */
  undone() {
    if (this.known) this.before();
    else this.ask();
  }

  /* What came of the story after its button. */
  ended() {
    this.show(this.told.after, { next: true, back: true, test: this.story.longer });
  }

  show(text, { choices = false, change = false, back = false, next = false, test = false }) {
    const here = this.root.contains(document.activeElement);
    this.state = choices ? "ask" : change ? "before" : next ? "told" : "changed";
    this.text.textContent = text;
    this.choices.hidden = !choices;
    for (const [name, on] of Object.entries({ change, back, next, test })) this[name].hidden = !on;
    this.after.hidden = !(change || back || next || test);
    if (here && !document.activeElement.getClientRects().length) this.root.querySelector("button:not([hidden])")?.focus({ preventScroll: true });
  }
}
