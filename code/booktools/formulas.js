/* Sets every formula of a page. A screen reader gets the MathML that KaTeX adds. */
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    const reachable = { tabindex: "0", role: "group", "aria-label": "Formula" };
    for (const [name, value] of Object.entries(reachable)) {
      if (scrolls) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});

for (const element of document.querySelectorAll(".math")) {
  const source = [...element.childNodes].find((node) => /^\s*\\[([]/.test(node.data));
  const displayMode = element.tagName === "DIV";
  const set = document.createElement("span");
  window.katex.render(source.data.trim().slice(2, -2), set, { displayMode, throwOnError: false });
  source.replaceWith(set);
  if (displayMode) watched.observe(set);
}
