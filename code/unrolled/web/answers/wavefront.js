/* The twin of unrolled/explore/wavefront.py and of the timetable in unrolled/analysis/pipeline.py. */
import { matrix, row } from "./row.js";

const [STEPS, LARGEST, TICKS, COLUMNS, BACKWARD] = [64, 8, 60, 240, 2];
const PIECES = [1, 2, 4, 8, 16, 32, 64];
const [DONE, HEAD, PALE, LITTLE] = [0.35, 0.2, 0.65, 1e-9];

export function wavefront() {
  return ({ layers, devices, pieces, price, reads, clock }) => {
    const both = { "one way": 0, "lowest both": 1, "all both": layers }[reads];
    const plan = timetable(layers, devices, pieces, price, both);
    const now = (clock / TICKS) * plan.end;
    const centers = Float64Array.from({ length: COLUMNS }, (_, i) => ((i + 0.5) / COLUMNS) * plan.end);
    const gain = (n, cost) =>
      ((1 + BACKWARD) * layers * (STEPS + cost)) / timetable(layers, devices, n, cost, both).end;
    const [gains, free] = [price, 0].map((cost) => PIECES.map((n) => gain(n, cost)));
    const [bound, best] = [most(layers, devices, both), gains.indexOf(Math.max(...gains))];
    const busy = ((1 + BACKWARD) * layers * pieces * plan.long) / devices;
    const faster = gains[PIECES.indexOf(pieces)];
    const rows = [0.5, devices + 0.5];
    return {
      arrays: {
        states: matrix(states(plan, now, both), LARGEST, STEPS),
        layers_range: row([0.5, layers + 0.5]),
        work: matrix(occupied(plan, centers, devices, price), LARGEST, COLUMNS),
        when: row(centers),
        span: row([0, plan.end]),
        devices_range: row(rows),
        now_x: row([now, now]),
        now_y: row(rows),
        gain: row(gains),
        free: row(free),
        bound: row([bound, bound]),
        gain_range: row([0, 1.1 * bound]),
      },
      facts: {
        time: plan.end,
        alone: (1 + BACKWARD) * layers * (STEPS + price),
        faster,
        bound_is: bound,
        idle: 1 - busy / plan.end,
        best: PIECES[best],
        most: gains[best],
        verdict_is: faster > gains[best] - LITTLE ? "best" : "other",
        working: worked(plan, now * (1 - LITTLE)).size,
        stage: clock === 0 ? "start" : clock === TICKS ? "end" : "middle",
        way: now <= plan.turn ? "forward" : "backward",
      },
    };
  };
}

const numbered = (count) => [...Array(count).keys()];

function timetable(layers, devices, pieces, price, both) {
  const [owner, long] = [owners(layers, devices), STEPS / pieces + price];
  const every = numbered(layers);
  const groups = [...every.slice(0, both).map((layer) => [layer]), every.slice(both)];
  const forth = begins(owner, groups, pieces, long);
  const mirrored = groups.map((group) => group.map((layer) => layers - 1 - layer).reverse()).reverse();
  const back = begins([...owner].reverse(), mirrored, pieces, BACKWARD * long);
  const turned = back.begin.reverse().map((times) => times.reverse().map((time) => forth.end + time));
  return { owner, long, forth: forth.begin, back: turned, turn: forth.end, end: forth.end + back.end };
}

/* Neighboring layers together, the first devices one more. */
function owners(layers, devices) {
  const [few, more] = [Math.floor(layers / devices), layers % devices];
  return numbered(devices).flatMap((device) => Array(few + (device < more ? 1 : 0)).fill(device));
}

function begins(owner, groups, pieces, long) {
  const begin = owner.map(() => Array(pieces).fill(0));
  let now = 0;
  for (const group of groups) {
    const [free, done] = [owner.map(() => now), owner.map(() => now)];
    for (let piece = 0; piece < pieces; piece++) {
      let below = now;
      for (const layer of group) {
        const start = Math.max(free[owner[layer]], done[layer], below);
        begin[layer][piece] = start;
        free[owner[layer]] = done[layer] = below = start + long;
      }
    }
    now = Math.max(now, ...done);
  }
  return { begin, end: now };
}

function most(layers, devices, both) {
  const rest = owners(layers, devices).slice(both);
  const shares = numbered(devices).map((device) => rest.filter((owner) => owner === device).length);
  return layers / (both + Math.max(...shares));
}

const ways = (plan) => [
  [plan.forth, plan.long, 1],
  [plan.back, BACKWARD * plan.long, -1],
];

function worked(plan, now) {
  const found = new Set();
  for (const [begin, long] of ways(plan)) {
    begin.forEach((times, layer) => {
      if (times.some((first) => first <= now && now < first + long)) found.add(plan.owner[layer]);
    });
  }
  return found;
}

function states(plan, now, both) {
  const found = new Float64Array(LARGEST * STEPS).fill(NaN);
  plan.forth.forEach(({ length: pieces }, layer) => {
    const cells = STEPS / pieces;
    for (let piece = 0; piece < pieces; piece++) {
      let value = 0;
      for (const [begin, long, sign] of ways(plan)) {
        const read = layer < both ? [piece, pieces - 1 - piece] : [piece];
        const times = read.map((place) => begin[layer][place]);
        if (times.every((first) => now >= first + long - LITTLE)) value = sign * DONE;
        if (times.some((first) => first < now - LITTLE && now < first + long - LITTLE)) value = sign;
      }
      found.fill(value, layer * STEPS + piece * cells, layer * STEPS + (piece + 1) * cells);
    }
  });
  return found;
}

function occupied(plan, centers, devices, price) {
  const found = new Float64Array(LARGEST * COLUMNS).fill(NaN).fill(0, 0, devices * COLUMNS);
  for (const [begin, long, sign] of ways(plan)) {
    const head = (price * long) / plan.long;
    begin.forEach((times, layer) =>
      times.forEach((first, piece) => {
        const row = found.subarray(plan.owner[layer] * COLUMNS, (plan.owner[layer] + 1) * COLUMNS);
        let i = Math.max(0, Math.floor((first / plan.end) * COLUMNS) - 1);
        for (; i < COLUMNS && centers[i] < first + long; i++) {
          if (centers[i] >= first) row[i] = sign * (centers[i] < first + head ? HEAD : piece % 2 ? PALE : 1);
        }
      })
    );
  }
  return found;
}
