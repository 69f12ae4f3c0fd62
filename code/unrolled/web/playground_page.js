/* The playground of a page of the book: its setting is in the address. */
import { Playground } from "./playground/playground.js";

const page = {
  /* Browsers limit how often an address changes, and some refuse for files: then it stays. */
  remember(hash) {
    clearTimeout(page.writing);
    page.writing = setTimeout(() => page.write(hash), 300);
  },
  write(hash) {
    try {
      if (location.hash !== hash) history.replaceState(history.state, "", hash);
    } catch {
      // the playground is as the reader left it all the same
    }
  },
  async copy(hash) {
    try {
      await navigator.clipboard.writeText(new URL(hash, location.href).href);
      return "Copied";
    } catch {
      page.write(hash);
      return "It is in the address bar";
    }
  },
};

const root = document.querySelector(".playground");
if (root && globalThis.UNROLLED_PLAYGROUND) {
  const playground = new Playground(root, globalThis.UNROLLED_PLAYGROUND, page, location.hash);
  // What an earlier move has still to write may stand in the address already, over the link's.
  window.addEventListener("hashchange", ({ newURL }) => playground.restore(new URL(newURL).hash) && root.scrollIntoView());
  window.addEventListener("beforeprint", () => playground.recolor());
  globalThis.UNROLLED = { playground };
}
