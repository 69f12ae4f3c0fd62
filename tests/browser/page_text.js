/* All that a page says outside of code, piece by piece: [place, text]. What is code, or a formula,
   is one sign in its sentence. Texts that are hidden until a reader asks for them are there, too. */
window.pageText = (() => {
  const THING = "\uFFFC";
  const INLINE = new Set("a abbr b cite em i mark q s small span strong sub sup tspan u".split(" "));
  const NEVER = "script, style, template, .katex-mathml, #js-plotly-tester";
  const CODE = "pre, code, kbd, samp, math, .katex, mjx-container";
  const SPOKEN = ["alt", "aria-label", "aria-valuetext", "aria-description", "title", "placeholder", "content"];
  const place = (element) => [element.localName, element.id && `#${element.id}`, ...element.classList].filter(Boolean).join(" ");

  /* The text of each block; what stands in a line of it belongs to it. */
  const blocks = (root) => {
    const found = new Map();
    const add = (block, text) => found.set(block, (found.get(block) ?? "") + text);
    const walk = (node, block) => {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) add(block, child.data);
        if (child.nodeType !== Node.ELEMENT_NODE || child.matches(NEVER)) continue;
        if (child.matches(CODE)) add(block, THING);
        else if (child.localName === "noscript") walk(new DOMParser().parseFromString(child.textContent, "text/html").body, child);
        else if (child.localName === "br") add(block, "\n");
        else walk(child, INLINE.has(child.localName) ? block : child);
      }
    };
    walk(root, root);
    return [...found].map(([block, text]) => [place(block), text]);
  };

  const spoken = () =>
    SPOKEN.flatMap((name) => [...document.querySelectorAll(`[${name}]`)].map((e) => [`${name} of ${place(e)}`, e.getAttribute(name)]));

  /* What an explorable may come to say. Places for numbers are one sign each. */
  const strings = (value) => {
    if (typeof value === "string") return /\s/.test(value) ? [value.replace(/\{[^{}]*\}/g, THING)] : [];
    return value && typeof value === "object" ? Object.values(value).flatMap(strings) : [];
  };
  const planned = () =>
    [...document.querySelectorAll(".explorable > script[type='application/json']")].flatMap((script) => {
      const { panes, source, ...rest } = JSON.parse(script.textContent); // panes are drawn, and Plotly reads tags
      return strings(rest).map((text) => [`specification of ${script.parentElement.id}`, text]);
    });

  const said = () => [["title", document.title], ...blocks(document.body), ...spoken(), ...planned()].filter(([, text]) => text.trim());

  /* Formulas as they are seen, and what programs printed. */
  const each = (selector) => [...document.querySelectorAll(selector)].map((e) => [place(e), e.textContent]);
  const formulas = () => each(".katex-html");
  const printed = () => each(".cell_output pre");
  const warned = () => each(".cell_output .stderr");

  return { said, formulas, printed, warned };
})();
