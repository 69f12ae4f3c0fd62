/* The settings, folded away: one control for each key that counts for the task and the cell. */
import { element, number } from "../dom.js";
import { makeControl } from "../controls.js";
import { applies, controlOf, readable, sentence, unreadable } from "./settings.js";

const TYPING = 400; // milliseconds after the last letter

export class SettingsPanel {
  /* moved(changes) is called with what the reader sets, refused(why) with why a text is not taken. */
  constructor(catalogue, moved, refused) {
    Object.assign(this, { catalogue, moved, refused });
    this.root = element("details", { class: "settings" });
    this.grid = element("div", { class: "controls" });
    this.note = element("p", { class: "note" }, "Every change starts again from update 0, with the same seed.");
    this.root.append(element("summary", {}, "All settings"), this.grid, this.note);
    this.controls = new Map();
    this.own = element("div", { class: "own-text" }); // for the reader's text, which is not folded away
  }

  show(setting) {
    const { catalogue } = this;
    const keys = catalogue.keys.filter((key) => key !== "seed" && catalogue.controls[key] && key in setting && applies(catalogue.controls[key], setting));
    const wanted = [setting.task, ...keys].join();
    if (setting.task !== this.task) {
      clearTimeout(this.controls.get("text")?.typing);
      this.controls.clear(); // the limits are its own
    }
    this.task = setting.task;
    if (wanted !== this.wanted) {
      keys.forEach((key) => this.controls.has(key) || this.controls.set(key, this.make(key, setting[key])));
      this.grid.replaceChildren(...keys.filter((key) => key !== "text").map((key) => this.controls.get(key).root));
      this.own.replaceChildren(...(keys.includes("text") ? [this.controls.get("text").root] : []));
    }
    this.wanted = wanted;
    keys.forEach((key) => this.take(this.controls.get(key), setting[key]));
  }

  /* A value that a list lacks, as an address may bring it, is added. */
  take(control, value) {
    if (control.spec.values && !control.spec.values.includes(value)) {
      const made = this.make(control.name, value);
      control.root.replaceWith(made.root);
      this.controls.set(control.name, made);
    } else if (control.value !== value) control.set(value);
  }

  make(key, value) {
    return key === "text" ? this.words(value) : makeControl(specOf(key, controlOf(this.catalogue, key, this.task), value), `playground-${key}`, () => this.changed(key));
  }

  changed(key) {
    this.moved({ [key]: this.controls.get(key).value });
  }

  /* The reader's own text, taken over a moment after the last letter. */
  words(value) {
    const { label, max } = this.catalogue.controls.text;
    const root = element("div", { class: "control word", "data-control": "text" });
    const input = element("input", { type: "text", id: "playground-text", maxlength: max, autocomplete: "off", spellcheck: "false" });
    root.append(element("label", { for: "playground-text" }, sentence(label)), input);
    input.value = value;
    const control = { name: "text", root, spec: {}, value };
    control.set = (text) => { // another address or story: what was being typed is gone
      clearTimeout(control.typing);
      control.value = input.value = text;
    };
    input.addEventListener("input", () => {
      clearTimeout(control.typing);
      control.typing = setTimeout(() => {
        const spec = this.catalogue.controls.text;
        if (!readable(spec, input.value)) return this.refused(unreadable(spec, control.value));
        this.refused("");
        if (input.value === control.value) return;
        control.value = input.value;
        this.moved({ text: input.value });
      }, TYPING);
    });
    return control;
  }
}

const ZERO = { k1: "full", k2: "full", clip: "never" }; // what 0 says

/* What controls.js needs to know: numbers come listed, or in even steps. */
function specOf(name, control, start) {
  const { options, texts, values, min, max, step } = control;
  const label = sentence(control.label);
  if (control.kind === "choice") return { kind: "choice", name, label, values: options, texts: texts?.length === options.length ? texts : undefined, start };
  if (!values && !(name in ZERO)) return { kind: "number", name, label, span: [min, max, step], start };
  const all = values ?? Array.from({ length: max - min + 1 }, (_, i) => min + i);
  const listed = [...new Set([...all, start])].sort((a, b) => a - b);
  return { kind: "number", name, label, values: listed, texts: listed.map((value) => (value === 0 && ZERO[name]) || number(value)), start };
}
