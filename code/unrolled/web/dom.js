/* Small pieces that all parts of the view use. */

export function element(tag, attributes = {}, text) {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

export function svg(tag, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/* SVG that is drawn again and again. Nodes stay, and get only what has changed. */
export class Drawing {
  constructor(root) {
    Object.assign(this, { root, drawn: new Map() });
  }

  /* `parts` are [key, tag, attributes, text] in their order; a key always has the same tag, and the same
     names of attributes. */
  show(parts) {
    const keys = new Set(parts.map(([key]) => key));
    for (const [key, { node }] of this.drawn) if (!keys.has(key)) node.remove();
    let next = this.root.firstChild;
    this.drawn = new Map(parts.map(([key, tag, attributes, text = ""]) => {
      const was = this.drawn.get(key) ?? { node: svg(tag), attributes: {}, text: "" };
      const { node } = was;
      for (const [name, value] of Object.entries(attributes)) if (was.attributes[name] !== value) node.setAttribute(name, value);
      if (was.text !== text) node.textContent = text;
      if (node === next) next = node.nextSibling;
      else this.root.insertBefore(node, next);
      return [key, { node, attributes, text }];
    }));
  }
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const NOTHING = -300; // the logarithm of what is written as 0

/* A number as Python's format writes it: f, g, e, % and d, with a comma between thousands; "sci"
   takes the logarithm to base 10 of what it writes. Minus signs and powers of ten are set as such. */
export function number(value, spec = "") {
  const [, comma, digits, kind] = /^(,?)(?:\.(\d+))?([a-z%]*)$/.exec(spec);
  const count = digits === undefined ? 6 : Number(digits);
  const writers = {
    "": () => (Number.isInteger(value) ? value.toFixed(0) : general(value, 6)),
    d: () => value.toFixed(0),
    f: () => fixed(value, count),
    e: () => exponential(value, count),
    g: () => general(value, count || 1),
    "%": () => `${fixed(value * 100, count)}%`,
    sci: () => scientific(value),
  };
  const written = comma ? thousands(writers[kind]()) : writers[kind]();
  return written.replace(/e([+-]\d+)$/, power).replace(/^-(?=[0.]+%?$)/, "").replace(/^-/, "−");
}

/* The power of ten of "1.5e-06", with spaces that do not break. */
function power(_, exponent) {
  return `\u00a0×\u00a010${[...String(Number(exponent))].map((sign) => RAISED[sign]).join("")}`;
}

/* Python rounds a tie to the even digit, JavaScript away from zero. */
function fixed(value, digits) {
  const exact = Math.abs(value).toFixed(Math.min(100, digits + 40));
  const cut = exact.length - 40;
  const [kept, rest] = [exact.slice(0, cut).replace(/\.$/, ""), exact.slice(cut)];
  if (!/^50*$/.test(rest) || /[13579]$/.test(kept)) return value.toFixed(digits);
  return (value < 0 ? "-" : "") + kept;
}

function exponential(value, digits) {
  const [mantissa, exponent] = value.toExponential(Math.min(100, digits + 40)).split("e");
  const [kept, rest] = [mantissa.slice(0, -40), mantissa.slice(-40)];
  const even = /^50*$/.test(rest) && /[02468]\.?$/.test(kept);
  const [m, e] = even ? [kept.replace(/\.$/, ""), exponent] : value.toExponential(digits).split("e");
  return `${m}e${e[0]}${e.slice(1).padStart(2, "0")}`;
}

function general(value, digits) {
  const [mantissa, exponent] = exponential(value, digits - 1).split("e");
  const e = Number(exponent);
  if (e < -4 || e >= digits) return `${trimmed(mantissa)}e${exponent}`;
  return trimmed(fixed(value, Math.max(0, digits - 1 - e)));
}

const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

function thousands(text) {
  const [whole, rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

function scientific(log10) {
  if (log10 <= NOTHING) return "0";
  if (log10 >= -3 && log10 < 3) return log10 < 2 ? general(10 ** log10, 2) : fixed(10 ** log10, 0);
  return exponential(10 ** log10, 1);
}
