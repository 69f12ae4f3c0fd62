/* The figures of a page of the book: each starts when it comes near, from what the page holds. */
import { read, written } from "./address.js";
import { Computed } from "./computed.js";
import { Table } from "./table.js";
import { View } from "./view.js";

const environment = {
  theme: globalThis.UNROLLED_THEME,
  Plotly: () => globalThis.Plotly,
  mode: () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light"),
  remember(view) {
    clearTimeout(environment.writing);
    environment.writing = setTimeout(() => replaceAddress(written(view.spec.name, view.values)), 300);
  },
  async copy(view) {
    const address = new URL(written(view.spec.name, view.values), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      view.link.textContent = "Copied";
    } catch {
      replaceAddress(written(view.spec.name, view.values));
      view.link.textContent = "It is in the address bar";
    }
    setTimeout(() => (view.link.textContent = "Copy link"), 2500);
  },
};

/* Browsers limit how often an address changes, and some refuse for files: then it stays. */
function replaceAddress(hash) {
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    // the figure is as the reader left it all the same
  }
}

function viewOf(root) {
  const spec = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  const { table, computed } = spec.source ?? {};
  const source = table ? new Table(table, spec.controls) : computed ? new Computed(computed) : null;
  return new View(root, spec, source, environment);
}

const views = [...document.querySelectorAll(".unrolled-figure")].map(viewOf);
const start = (view) => (view.started ??= view.start().catch((error) => view.fail(error)));
const nearby = new IntersectionObserver(
  (entries) =>
    entries.forEach((entry) => {
      if (!entry.isIntersecting) return;
      nearby.unobserve(entry.target);
      start(views.find((view) => view.root === entry.target));
    }),
  { rootMargin: "400px" }
);
views.forEach((view) => nearby.observe(view.root));
views.forEach((view) => view.source?.ready().catch(() => null)); // its figure says so when it starts

/* A link to a position of an explorable, from elsewhere or from this page's prose. */
function restore(hash) {
  const found = read(hash);
  const view = found && views.find(({ spec }) => spec.name === found.name);
  if (!view) return;
  view.root.scrollIntoView({ block: "start" });
  start(view).then(() => view.restore(found.values));
}
// What an earlier move has still to write may stand in the address already, over the link's.
window.addEventListener("hashchange", ({ newURL }) => restore(new URL(newURL).hash));
restore(location.hash);

const recolored = () => views.filter((view) => view.started).forEach((view) => view.started.then(() => view.draw()));
new MutationObserver(recolored).observe(document.documentElement, { attributeFilter: ["data-theme"] });

/* Paper shows every figure, and is not as wide as the screen. */
const drawAll = () => views.forEach((view) => start(view).then(() => view.draw()));
window.addEventListener("beforeprint", drawAll);
window.matchMedia("print").addEventListener("change", drawAll);
globalThis.UNROLLED = { views };
