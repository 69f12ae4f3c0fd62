/* Sets every formula of a page. A screen reader gets the MathML that KaTeX adds. */
const REACHABLE = { tabindex: "0", role: "group", "aria-label": "Formula" };

/* What scrolls sideways must be reached by keys. */
const reach = (formula) => {
  for (const [name, value] of Object.entries(REACHABLE)) {
    if (formula.scrollWidth > formula.clientWidth) formula.setAttribute(name, value);
    else formula.removeAttribute(name);
  }
};
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));

for (const element of document.querySelectorAll(".math")) {
  const source = [...element.childNodes].find((node) => /^\s*\\[([]/.test(node.data));
  const displayMode = element.tagName === "DIV";
  const set = document.createElement("span");
  window.katex.render(source.data.trim().slice(2, -2), set, { displayMode, throwOnError: false });
  source.replaceWith(set);
  if (displayMode) {
    resized.observe(set);
    document.fonts.ready.then(() => reach(set));
  }
}
