/* The controls of an explorable: a slider for a number, buttons or a list for a choice, a switch,
   a field for a word, buttons for a hand. Each knows which values it can take and says what is
   nearest to any other. */
import { element, number } from "./dom.js";

const BUTTONS = 5; // a choice among more is a list

export function makeControl(spec, id, moved) {
  const kinds = { number: spec.span ? Free : Listed, choice: spec.values?.length > BUTTONS ? List : Buttons, switch: Switch, word: Word, hand: Hand };
  return new kinds[spec.kind](spec, id, moved);
}

class Control {
  constructor(spec, id, moved) {
    Object.assign(this, { spec, id, moved, name: spec.name, value: spec.start });
    this.root = element("div", { class: `control ${spec.kind}`, "data-control": spec.name });
    this.output = element("output", { for: id });
  }

  /* How a value is written beside the control. */
  text(value) {
    const { values, texts, span } = this.spec;
    return texts ? texts[values.indexOf(value)] : span || typeof value === "number" ? number(value, "g") : String(value);
  }

  set(value) {
    this.value = value;
    this.show();
  }

  /* What the reader did: a value, taken over and told. */
  take(value) {
    if (value === this.value) return;
    this.set(value);
    this.moved(this.name);
  }

  label(of = "label") {
    return element(of, of === "label" ? { for: this.id } : { id: `${this.id}-label`, class: "label" }, this.spec.label);
  }

  /* [value, word of complaint] for anything that may stand in an address. */
  nearest(text) {
    const { values, label } = this.spec;
    const texts = values.map((value) => this.text(value));
    const at = values.findIndex((value, i) => String(value) === text || texts[i] === text);
    if (at >= 0) return [values[at], ""];
    const wanted = Number(text);
    const numbers = values.every((value) => typeof value === "number");
    if (!numbers || text.trim() === "" || Number.isNaN(wanted)) {
      return [this.value, `${label} cannot be “${shortened(text)}”; it stays ${this.text(this.value)}.`];
    }
    const closest = values.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
    return [closest, closest === wanted ? "" : `${label} cannot be ${shortened(text)}; the nearest is ${this.text(closest)}.`];
  }

  /* The next value for playing, or undefined at the end. */
  next(direction = 1) {
    const { values } = this.spec;
    return values[values.indexOf(this.value) + direction];
  }

  get first() {
    return this.spec.values[0];
  }

  get end() {
    return this.spec.values.at(-1);
  }
}

const shortened = (text) => (text.length > 20 ? `${text.slice(0, 20)}…` : text);

/* A slider over listed values. */
class Listed extends Control {
  constructor(...given) {
    super(...given);
    this.input = element("input", { type: "range", id: this.id, min: 0, max: this.last, step: 1, autocomplete: "off" });
    this.input.addEventListener("input", () => this.take(this.read()));
    this.root.append(this.label(), this.output, this.input);
    this.show();
  }

  get last() {
    return this.spec.values.length - 1;
  }

  read() {
    return this.spec.values[Number(this.input.value)];
  }

  get place() {
    return this.spec.values.indexOf(this.value);
  }

  show() {
    const text = this.text(this.value);
    this.input.value = this.place;
    this.input.setAttribute("aria-valuetext", text);
    this.output.textContent = text;
  }
}

/* A slider over all numbers of a span, [low, high, step]. */
class Free extends Listed {
  constructor(...given) {
    super(...given);
    const [low, high, step] = this.spec.span;
    Object.entries({ min: low, max: high, step }).forEach(([name, value]) => (this.input[name] = value));
    this.show();
  }

  get last() {
    return this.spec.span[1];
  }

  get first() {
    return this.spec.span[0];
  }

  get end() {
    return this.last;
  }

  get place() {
    return this.value;
  }

  read() {
    return this.rounded(Number(this.input.value));
  }

  rounded(value) {
    const [low, high, step] = this.spec.span;
    const steps = Math.round((Math.min(Math.max(value, low), high) - low) / step);
    return Number((low + steps * step).toPrecision(12));
  }

  nearest(text) {
    const wanted = Number(text);
    const { label } = this.spec;
    if (text.trim() === "" || Number.isNaN(wanted)) {
      return [this.value, `${label} must be a number, not “${shortened(text)}”; it stays ${this.text(this.value)}.`];
    }
    const value = this.rounded(wanted);
    const exact = Math.abs(value - wanted) < 1e-9;
    return [value, exact ? "" : `${label} cannot be ${shortened(text)}; the nearest is ${this.text(value)}.`];
  }

  next(direction = 1) {
    const [low, high, step] = this.spec.span;
    const value = this.rounded(this.value + direction * step);
    return value === this.value || value < low || value > high ? undefined : value;
  }
}

/* A row of buttons, one of which is pressed: a group of radio buttons, so that arrows move it. */
class Buttons extends Control {
  constructor(...given) {
    super(...given);
    const group = element("div", { role: "radiogroup", "aria-labelledby": `${this.id}-label` });
    this.buttons = this.spec.values.map((value) => {
      const button = element("button", { type: "button", role: "radio" }, this.text(value));
      button.addEventListener("click", () => this.take(value));
      button.addEventListener("keydown", (event) => this.press(event, value));
      return button;
    });
    group.append(...this.buttons);
    this.root.append(this.label("span"), group);
    this.show();
  }

  press(event, value) {
    const { values } = this.spec;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const at = { Home: 0, End: values.length - 1 }[event.key]
      ?? (event.key in steps ? (values.indexOf(value) + steps[event.key] + values.length) % values.length : null);
    if (at === null) return;
    event.preventDefault();
    this.take(values[at]);
    this.buttons[at].focus();
  }

  show() {
    this.buttons.forEach((button, i) => {
      const on = this.spec.values[i] === this.value;
      button.setAttribute("aria-checked", on);
      button.tabIndex = on ? 0 : -1;
    });
  }
}

/* Buttons for hands that are listed; one that the reader writes is none of them. */
class Hand extends Buttons {
  nearest(text) {
    const { values, texts, letters, longest, label } = this.spec;
    const listed = texts.indexOf(text);
    if (listed >= 0) return [values[listed], ""];
    const known = text.length > 0 && text.length <= longest && [...text].every((letter) => letters.includes(letter));
    return known ? [text, ""] : [this.value, `${label} cannot be “${shortened(text)}”; it stays ${this.text(this.value)}.`];
  }

  text(value) {
    return this.spec.texts[this.spec.values.indexOf(value)] ?? "yours";
  }

  show() {
    super.show();
    if (!this.spec.values.includes(this.value)) this.buttons[0].tabIndex = 0;
  }
}

class List extends Control {
  constructor(...given) {
    super(...given);
    this.select = element("select", { id: this.id, autocomplete: "off" });
    this.spec.values.forEach((value, i) => this.select.append(element("option", { value: i }, this.text(value))));
    this.select.addEventListener("change", () => this.take(this.spec.values[Number(this.select.value)]));
    this.root.append(this.label(), this.select);
    this.show();
  }

  show() {
    this.select.value = this.spec.values.indexOf(this.value);
  }
}

class Switch extends Control {
  constructor(...given) {
    super(...given);
    this.button = element("button", { type: "button", role: "switch", id: this.id }, this.spec.label);
    this.button.addEventListener("click", () => this.take(!this.value));
    this.root.append(this.button);
    this.show();
  }

  show() {
    this.button.setAttribute("aria-checked", this.value);
  }
}

/* A field for a word. An accent is taken off; what the network has no letter for is left out, and the
   reader is told. */
class Word extends Control {
  constructor(...given) {
    super(...given);
    this.input = element("input", { type: "text", id: this.id, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    this.input.addEventListener("input", () => {
      const [value, complaint] = this.nearest(this.input.value);
      this.take(value);
      this.moved(this.name, complaint);
    });
    this.input.addEventListener("change", () => this.show());
    this.root.append(this.label(), this.input);
    this.show();
  }

  nearest(text) {
    const { letters, longest } = this.spec;
    const plain = (letter) => (letters.includes(letter.normalize("NFD")[0]) ? letter.normalize("NFD")[0] : letter);
    const looked = [...text.slice(0, 1000).toLowerCase().normalize("NFC")].map(plain);
    const known = looked.filter((letter) => letters.includes(letter));
    const value = known.slice(0, longest).join("") || this.value;
    const foreign = [...new Set(looked.filter((letter) => !letters.includes(letter)))].join("");
    const complaints = [
      foreign && `the network knows no ${foreign.trim() ? `“${shortened(foreign.trim())}”` : "space"}`,
      known.length > longest && `it reads ${longest} letters`,
      !known.length && `the word stays “${value}”`,
    ].filter(Boolean);
    const complaint = complaints.join("; ");
    return [value, complaint && `${complaint[0].toUpperCase()}${complaint.slice(1)}.`];
  }

  text(value) {
    return value;
  }

  show() {
    if (document.activeElement !== this.input || this.input.getRootNode().activeElement !== this.input) this.input.value = this.value;
  }
}
