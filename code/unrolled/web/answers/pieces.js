/* The twin of unrolled/explore/pieces.py. */
import { row } from "./row.js";

const SYMBOLS = [..."_'abcdefghijklmnopqrstuvwxyz"];
const [LONGEST, STROKE, GROUND, FIRST_WORDS] = [16, 5, -0.6, 4];

export function pieces(known) {
  const pairs = [...known.pairs.data.keys()].filter((i) => i % 2 === 0).map((i) => known.pairs.data.slice(i, i + 2));
  const words = Array.from(known.spelled.data, (symbol) => SYMBOLS[symbol]).join("").split("_").slice(1);
  return ({ word, merges }) => {
    const text = `_${word}`;
    const found = joins(text, pairs);
    const made = found.filter(({ merge }) => merge <= merges);
    const cut = piecesAfter(text, made);
    const [done, later] = [brackets(made), brackets(found.filter(({ merge }) => merge > merges))];
    const place = words.indexOf(word);
    const blocks = new Float64Array(3 * (LONGEST + 1)).fill(NaN);
    cut.forEach(({ begin, end }, k) => blocks.set([begin - 0.3, end - 0.7], 3 * k));
    return {
      arrays: {
        blocks: row(blocks),
        done_x: row(done.x),
        done_y: row(done.y),
        later_x: row(later.x),
        later_y: row(later.y),
        x_range: row([-0.6, Math.max(2, word.length) + 0.6]),
      },
      facts: {
        shown: cut.map(({ begin, end }) => text.slice(begin, end)).join(" · "),
        letters: [...text.padEnd(LONGEST + 1, "·")].join(" "),
        count: cut.length,
        ids: cut.map(({ number }) => number).join(", "),
        known: place >= 0,
        times: place >= 0 ? known.counts.data[place] : 0,
        number: place >= 0 ? place + FIRST_WORDS : 0,
      },
    };
  };
}

const letters = (text) =>
  [...text].map((letter, i) => ({ begin: i, end: i + 1, height: GROUND, number: SYMBOLS.indexOf(letter) }));

/* All joins of a word in order; a piece is where it begins and ends, its height and its number. */
function joins(text, pairs) {
  const found = [];
  let now = letters(text);
  pairs.forEach(([a, b], i) => {
    const kept = [];
    for (const piece of now) {
      const before = kept.at(-1);
      if (before?.number === a && piece.number === b) {
        kept.pop();
        const whole = { begin: before.begin, end: piece.end, height: Math.log10(i + 1), number: SYMBOLS.length + i };
        found.push({ merge: i + 1, first: before, second: piece, whole });
        kept.push(whole);
      } else kept.push(piece);
    }
    now = kept;
  });
  return found;
}

function piecesAfter(text, made) {
  const now = letters(text);
  for (const { first, whole } of made) {
    const at = now.findIndex(({ begin }) => begin === first.begin);
    now.splice(at, 2, whole);
  }
  return now;
}

function brackets(found) {
  const [x, y] = [0, 1].map(() => new Float64Array(LONGEST * STROKE).fill(NaN));
  const middle = ({ begin, end }) => (begin + end - 1) / 2;
  found.forEach(({ first, second, whole }, k) => {
    x.set([middle(first), middle(first), middle(second), middle(second)], STROKE * k);
    y.set([first.height, whole.height, whole.height, second.height], STROKE * k);
  });
  return { x, y };
}
