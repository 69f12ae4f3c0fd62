/* Names for what the theme labels only for the eye, so that a screen reader says them too. */
document.querySelectorAll("button[aria-label][data-bs-title], button.search-button").forEach((b) => {
  if (b.innerText.trim()) b.removeAttribute("aria-label");
});

/* Roles that the theme's sidebar lacks, and that the bibliography has outdated. */
document.querySelectorAll(".bd-sidebar-primary").forEach((sidebar) => {
  sidebar.setAttribute("role", "region");
  sidebar.setAttribute("aria-label", "Book");
});
document.querySelectorAll(".citation").forEach((entry) => entry.setAttribute("role", "listitem"));

/* A table that the theme makes a stop for the tab key, where it scrolls, has a name. */
document.querySelectorAll(".cell_output > .output:has(table.dataframe)").forEach((output) => {
  output.setAttribute("role", "group");
  output.setAttribute("aria-label", "Table");
});

/* Paper is light. */
{
  const { dataset } = document.documentElement;
  let onScreen;
  window.addEventListener("beforeprint", () => {
    onScreen = dataset.theme;
    dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    dataset.theme = onScreen;
  });
}

/* The theme's buttons say what they call; a strict Content-Security-Policy lets no page call it. */
document.querySelectorAll("[data-call]").forEach((button) => {
  const name = button.dataset.call.replace(/^window\./, "");
  button.addEventListener("click", () => window[name]());
});

/* A sidebar that is opened over a narrow page gives the focus back to its button. */
for (const which of ["primary", "secondary"]) {
  const sidebar = document.querySelector(`#pst-${which}-sidebar-modal`);
  sidebar?.addEventListener("close", () => document.querySelector(`.${which}-toggle`).focus());
}
