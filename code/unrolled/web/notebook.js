/* The view in a notebook: the kernel answers, and a theme is found on the body of the page. */
import { element } from "./dom.js";
import { Kernel } from "./kernel.js";
import { View } from "./view.js";

/* JupyterLab, Notebook and Colab each say in their own way whether they are dark. */
function mode() {
  const { body, documentElement } = document;
  const said = [
    body.dataset.jpThemeLight === "false",
    documentElement.getAttribute("theme") === "dark",
    body.dataset.vscodeThemeKind?.includes("dark"),
  ];
  return said.some(Boolean) ? "dark" : "light";
}

/* Notebooks take keys for themselves, also those that move a slider; a mark on the element that has
   the focus keeps them off, for all keys but their own combinations. */
function guardKeys(root) {
  const marked = (event) => {
    if (!root.contains(event.target)) return;
    const theirs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !theirs);
  };
  window.addEventListener("keydown", marked, true);
  root.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
  return () => window.removeEventListener("keydown", marked, true);
}

export function render(model, el) {
  if (!document.querySelector("style.unrolled")) {
    document.head.append(element("style", { class: "unrolled" }, globalThis.UNROLLED_STYLES));
  }
  const root = element("figure", { class: "unrolled-figure explorable live" });
  el.replaceChildren(root);
  const environment = { theme: globalThis.UNROLLED_THEME, Plotly: () => globalThis.Plotly, mode };
  const view = new View(root, { ...model.get("spec") }, new Kernel(model), environment);
  view.follow(model.get("values"));
  const unguarded = guardKeys(root);
  const followed = () => view.follow(model.get("values"));
  model.on("change:values", followed);
  const recolored = new MutationObserver(() => view.soon());
  recolored.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  recolored.observe(document.documentElement, { attributeFilter: ["theme"] });
  view.start().catch((error) => view.fail(error));
  return () => {
    model.off("change:values", followed);
    recolored.disconnect();
    unguarded();
    view.end();
  };
}
