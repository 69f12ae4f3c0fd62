/* What goes on around a playground: its room, whether it is seen, and the theme of the page. */

const THEMES = ["data-theme", "theme", "data-jp-theme-light", "data-vscode-theme-kind"];

/* Calls resized(), unseen(why) and recolored() as that happens; returns what ends it. */
export function watch(element, { resized, unseen, recolored }) {
  const size = new ResizeObserver(resized);
  const view = new IntersectionObserver(([entry]) => entry.isIntersecting || unseen("Out of view, so it paused"));
  const theme = new MutationObserver(recolored);
  const hidden = () => document.hidden && unseen("Hidden, so it paused");
  size.observe(element);
  view.observe(element);
  for (const place of [document.documentElement, document.body]) theme.observe(place, { attributeFilter: THEMES });
  document.addEventListener("visibilitychange", hidden);
  return () => {
    [size, view, theme].forEach((observer) => observer.disconnect());
    document.removeEventListener("visibilitychange", hidden);
  };
}
