/* Names for what the theme labels only for the eye, so that a screen reader says them too. */
document.querySelectorAll("button[aria-label][data-bs-title], button.search-button").forEach((b) => {
  if (b.innerText.trim()) b.removeAttribute("aria-label");
});
