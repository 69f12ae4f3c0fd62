/* Neighboring cells that are tagged `tab-numpy`, `tab-keras`, `tab-torch` become a set of tabs.
   Choosing a library chooses it in every set of the book. Without this script all cells are there. */
(() => {
  "use strict";

  const NAMES = { numpy: "NumPy", keras: "Keras", torch: "PyTorch" };
  const KEY = "unrolled-library";
  const sets = [];

  const libraryOf = (cell) =>
    Object.keys(NAMES).find((name) => cell?.classList?.contains(`tag_tab-${name}`));

  /* A private window may refuse to remember. */
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (library) => {
    try {
      localStorage.setItem(KEY, library);
    } catch {
      /* Then the choice lasts as long as the page. */
    }
  };

  class Tabs {
    constructor(cells, number) {
      this.cells = cells;
      this.list = document.createElement("div");
      this.list.className = "library-tabs";
      this.list.setAttribute("role", "tablist");
      this.list.setAttribute("aria-label", "Library");
      this.tabs = cells.map((cell, i) => this.tab(cell, `library-${number}-${libraryOf(cell)}`));
      cells[0].before(this.list);
    }

    tab(cell, id) {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `${id}-tab`;
      tab.textContent = NAMES[libraryOf(cell)];
      tab.setAttribute("role", "tab");
      cell.id ||= id;
      tab.setAttribute("aria-controls", cell.id);
      cell.setAttribute("role", "tabpanel");
      cell.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => choose(libraryOf(cell), tab));
      tab.addEventListener("keydown", (event) => this.step(event));
      this.list.append(tab);
      return tab;
    }

    /* With another key, the browser means something else by them. */
    step(event) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const last = this.tabs.length - 1;
      const at = this.tabs.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = this.tabs[(to + last + 1) % (last + 1)];
      next.focus();
      next.click();
    }

    show(library) {
      const known = this.cells.some((cell) => libraryOf(cell) === library);
      this.cells.forEach((cell, i) => {
        const chosen = known ? libraryOf(cell) === library : i === 0;
        cell.dataset.chosen = chosen ? "yes" : "no";
        this.tabs[i].setAttribute("aria-selected", chosen);
        this.tabs[i].tabIndex = chosen ? 0 : -1;
      });
    }
  }

  /* What is above the tab may change its height: the tab stays where the reader's eye is. */
  const choose = (library, tab) => {
    const before = tab.getBoundingClientRect().top;
    sets.forEach((set) => set.show(library));
    window.scrollBy(0, tab.getBoundingClientRect().top - before);
    remember(library);
  };

  let run = [];
  const close = () => {
    if (run.length > 1) sets.push(new Tabs(run, sets.length + 1));
    run = [];
  };
  for (const cell of document.querySelectorAll("div.cell")) {
    const library = libraryOf(cell);
    const follows = run.length && cell.previousElementSibling === run.at(-1);
    if (!library || !follows || run.some((other) => libraryOf(other) === library)) close();
    if (library) run.push(cell);
  }
  close();
  sets.forEach((set) => set.show(remembered() ?? "numpy"));
})();
