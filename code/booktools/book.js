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
