/* Facts become sentences here and nowhere else. The twin of unrolled/explore/sentences.py. */
import { number } from "./dom.js";

const FIELD = /\{(\w+)(?::([^}]*))?\}/g;

/* A template is a text with fields; a list of templates, joined by spaces; or an object
   {fact: {its value: template}}, which chooses. A field is a fact, or another template by name. */
export function say(template, facts, templates) {
  if (Array.isArray(template)) {
    return template.map((part) => say(part, facts, templates)).filter(Boolean).join(" ");
  }
  if (typeof template === "object") {
    const [[fact, cases]] = Object.entries(template);
    return say(cases[word(facts[fact])], facts, templates);
  }
  return template.replace(FIELD, (_, name, spec = "") => {
    if (name in templates && !(name in facts)) return say(templates[name], facts, templates);
    const value = facts[name];
    if (spec.includes("|")) return spec.split("|")[value === 1 ? 0 : 1];
    return typeof value === "number" ? number(value, spec) : word(value);
  });
}

const word = (value) => (typeof value === "boolean" ? (value ? "yes" : "no") : String(value));
