/* The playground in a notebook: an anywidget that trains in the page and asks the kernel for nothing. */
import { element } from "./dom.js";
import { guardKeys, mode, watchMode } from "./front_end.js";
import { Playground } from "./playground/playground.js";

export function render({ model, el }) {
  const root = element("div", { class: "playground live", "data-mode": mode() });
  el.replaceChildren(root);
  const playground = new Playground(root, globalThis.UNROLLED_PLAYGROUND, null, model.get("hash"));
  const unguarded = guardKeys(root);
  const unwatched = watchMode(() => {
    root.dataset.mode = mode();
    playground.recolor();
  });
  return () => {
    unwatched();
    unguarded();
    playground.end();
  };
}
