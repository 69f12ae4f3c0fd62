/* The view in a notebook: the kernel answers, and a theme is found on the body of the page. */
import { element } from "./dom.js";
import { guardKeys, mode, watchMode } from "./front_end.js";
import { Kernel } from "./kernel.js";
import { View } from "./view.js";

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
  const unwatched = watchMode(() => view.soon());
  view.start().catch((error) => view.fail(error));
  return () => {
    model.off("change:values", followed);
    unwatched();
    unguarded();
    view.end();
  };
}
