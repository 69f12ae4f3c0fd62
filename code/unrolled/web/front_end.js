/* What a notebook's front end says of its theme, and which keys it takes for itself. */

/* JupyterLab, Notebook and Colab each say in their own way whether they are dark. */
export function mode() {
  const { body, documentElement } = document;
  const said = [
    body.dataset.jpThemeLight === "false",
    documentElement.getAttribute("theme") === "dark",
    body.dataset.vscodeThemeKind?.includes("dark"),
  ];
  return said.some(Boolean) ? "dark" : "light";
}

/* Calls `changed` when the theme does; returns what ends that. */
export function watchMode(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  observer.observe(document.documentElement, { attributeFilter: ["theme"] });
  return () => observer.disconnect();
}

/* Notebooks take keys for themselves, also those that move a slider; a mark on the element that has
   the focus keeps them off, for all keys but their own combinations. */
export function guardKeys(root) {
  const marked = (event) => {
    if (!root.contains(event.target)) return;
    const theirs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !theirs);
  };
  window.addEventListener("keydown", marked, true);
  root.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
  return () => window.removeEventListener("keydown", marked, true);
}
