/* A hand as a text: the twin of unrolled/explore/hands.py. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const [STEP, MIDDLE, LIFT] = [0.05, 32, "."];
export const READ = 60; // steps that are read, at most

/* Offsets [dx, dy, lifted], at most READ; a single lifted step if there are none. */
export function decoded(text) {
  const offsets = [];
  let first = null;
  for (const letter of text) {
    if (letter === LIFT) {
      if (offsets.length) offsets.at(-1)[2] = 1;
    } else if (first === null) {
      first = letter;
    } else {
      offsets.push([...[first, letter].map((each) => STEP * (LETTERS.indexOf(each) - MIDDLE)), 0]);
      first = null;
    }
  }
  return offsets.length ? offsets.slice(0, READ) : [[0, 0, 1]];
}

/* What is lost by rounding does not add up. */
export function encoded(offsets) {
  const [ideal, reached] = [[0, 0], [0, 0]];
  return offsets.map(([dx, dy, lifted]) => {
    const codes = [dx, dy].map((offset, i) => {
      ideal[i] += offset;
      const code = Math.min(Math.max(Math.round((ideal[i] - reached[i]) / STEP), -MIDDLE), MIDDLE - 1);
      reached[i] += code * STEP;
      return LETTERS[MIDDLE + code];
    });
    return codes.join("") + (lifted ? LIFT : "");
  }).join("");
}
