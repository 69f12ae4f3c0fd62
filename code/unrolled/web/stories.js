/* Stories set all controls and say what to watch for; a question is asked before it is shown. */
import { element } from "./dom.js";

export function stories(specs, view) {
  if (!specs.length) return [];
  const row = element("div", { class: "stories", role: "group", "aria-label": "Settings to look at" });
  const watch = element("p", { class: "watch", "aria-live": "polite" });
  let chosen = null;
  const buttons = specs.map((story) => {
    const button = element("button", { type: "button", "aria-pressed": false }, story.name);
    button.addEventListener("click", () => {
      chosen = story;
      watch.style.minHeight = "";
      watch.textContent = story.watch;
      view.move(story.values);
    });
    return button;
  });
  row.append(...buttons);
  /* What to watch for stays while the reader moves what it invites to move, or what plays, and no
     longer: any other move may make it false. Its room stays, so that nothing below jumps. */
  view.moved.push(() => {
    const moved = Object.entries(chosen?.values ?? {}).filter(([name, value]) => view.control(name).value !== value);
    if (moved.some(([name]) => !view.control(name).spec.play && !chosen.invites.includes(name))) {
      chosen = null;
      watch.style.minHeight = `${watch.offsetHeight}px`;
      watch.textContent = "";
    }
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", specs[i] === chosen && !moved.length));
  });
  return [row, watch];
}

/* The reader picks an answer; then the explorable moves to where it can be seen. */
export function question(spec, view) {
  if (!spec) return [];
  const root = element("div", { class: "question", role: "group", "aria-label": "Predict first" });
  const reply = element("p", { class: "reply", "aria-live": "polite" });
  const choices = element("div", { class: "choices" });
  const buttons = spec.choices.map((choice, i) => {
    const button = element("button", { type: "button", "aria-pressed": false }, choice);
    button.addEventListener("click", () => {
      buttons.forEach((each, j) => {
        each.setAttribute("aria-pressed", j === i);
        each.classList.toggle("right", j === spec.right);
      });
      root.dataset.answered = i === spec.right ? "right" : "wrong";
      view.move(spec.values);
      reply.textContent = spec.replies[i];
    });
    return button;
  });
  choices.append(...buttons);
  root.append(element("p", { class: "ask" }, spec.ask), choices, reply);
  return [root];
}
