/* Buttons that play a control through its values, forward and step by step. What is returned starts
   the play from its first value and stops it, without a word to a screen reader. */
import { element } from "./dom.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export function player(control, view) {
  const back = element("button", { type: "button", class: "step", "aria-label": `One step back: ${control.spec.label}` }, "◂");
  const play = element("button", { type: "button", class: "play" });
  const forth = element("button", { type: "button", class: "step", "aria-label": `One step on: ${control.spec.label}` }, "▸");
  const box = element("span", { class: "player" });
  box.append(back, play, forth);
  control.root.insertBefore(box, control.input);
  let timer = null;

  const label = () => {
    play.textContent = timer ? "Pause" : "Play";
  };
  let asked = true; // by the reader, who is told when it ends
  const stop = () => {
    clearInterval(timer);
    timer = null;
    view.playing = false;
    label();
    if (asked) view.speak();
  };
  const step = (direction) => {
    const next = control.next(direction);
    if (next !== undefined) control.take(next);
    return next !== undefined && control.next(direction) !== undefined;
  };
  /* With reduced motion nothing runs by itself: the buttons beside it take one step at a time. */
  const shown = () => {
    play.hidden = still.matches;
    if (still.matches && timer) stop();
  };
  const run = () => {
    view.playing = true;
    if (control.next() === undefined) control.take(control.first);
    else step(1);
    timer = setInterval(() => (view.root.isConnected && step(1)) || stop(), control.spec.play);
    label();
  };
  play.addEventListener("click", () => {
    asked = true;
    if (timer) stop();
    else run();
  });
  back.addEventListener("click", () => step(-1));
  forth.addEventListener("click", () => step(1));
  control.input.addEventListener("pointerdown", () => timer && stop());
  control.input.addEventListener("keydown", () => timer && stop());
  still.addEventListener("change", shown);
  label();
  shown();
  return {
    start() {
      if (still.matches) return;
      asked = false;
      run();
    },
    stop: () => timer && stop(),
  };
}
