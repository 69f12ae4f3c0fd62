// The random numbers of numpy.random.default_rng([seed, use]), bit for bit: SeedSequence, PCG64
// (O'Neill 2014), uniform numbers, Lemire's bounded integers (2019) and normal numbers by the
// ziggurat of Marsaglia and Tsang (2000) with 256 layers.

import { exp, log } from "./functions.js";

const DIGIT = 65536; // a state has 128 bits, eight digits of 16, the lowest first
const MULTIPLIER = Float64Array.of(
  0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360
);
const WORD = 2 ** 32;

// Four words of 32 bits into which SeedSequence mixes at most four words of entropy.
function pool(entropy) {
  let factor = 0x43b0d7e5;
  const hashed = (value) => {
    value ^= factor;
    factor = Math.imul(factor, 0x931e8875);
    value = Math.imul(value, factor);
    return value ^ (value >>> 16);
  };
  const words = [0, 1, 2, 3].map((i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from === to) continue;
      const mixed = Math.imul(0xca01f9dd, words[to]) - Math.imul(0x4973f715, hashed(words[from]));
      words[to] = mixed ^ ((mixed | 0) >>> 16);
    }
  }
  return words;
}

// The digits of four 64-bit numbers that SeedSequence makes of its entropy, each low digit first.
function seedNumbers(entropy) {
  const words = pool(entropy);
  let factor = 0x8b51f9dd;
  const numbers = [];
  for (let k = 0; k < 8; k++) {
    let value = words[k % 4] ^ factor;
    factor = Math.imul(factor, 0x58f38ded);
    value = Math.imul(value, factor);
    value ^= value >>> 16;
    if (k % 2 === 0) numbers.push([]);
    numbers.at(-1).push(value & 0xffff, value >>> 16);
  }
  return numbers;
}

// A stream of random numbers. entropy: a list of at most four whole numbers from 0 to 2^32 - 1.
// layers (256): the widths of the ziggurat's layers in units of 2^-52, as NumPy has them; only
// normal numbers need them.
export class Stream {
  constructor(entropy, layers) {
    if (entropy.length > 4 || entropy.some((word) => !(word >>> 0 === word))) {
      throw new Error(`a seed is at most four whole numbers from 0 to 2^32 - 1; got ${entropy}`);
    }
    const [state_high, state_low, step_high, step_low] = seedNumbers(entropy);
    const step = [...step_low, ...step_high];
    this.increment = Float64Array.from(
      step,
      (digit, k) => ((digit << 1) & 0xffff) | (k ? step[k - 1] >>> 15 : 1)
    );
    this.state = new Float64Array(8);
    this.spare = new Float64Array(8);
    this.waiting = false; // whether the upper half of the last draw is still to be used
    this.kept = new Uint32Array(1); // that half
    this.layers = layers;
    this.advance();
    let carry = 0;
    [...state_low, ...state_high].forEach((digit, k) => {
      const sum = this.state[k] + digit + carry;
      carry = sum >= DIGIT ? 1 : 0;
      this.state[k] = sum - carry * DIGIT;
    });
    this.advance();
  }

  // state = state * MULTIPLIER + increment modulo 2^128.
  advance() {
    const { state, spare, increment } = this;
    let carry = 0;
    for (let k = 0; k < 8; k++) {
      let sum = carry + increment[k];
      for (let i = 0; i <= k; i++) sum += state[i] * MULTIPLIER[k - i];
      carry = Math.floor(sum / DIGIT);
      spare[k] = sum - carry * DIGIT;
    }
    this.state = spare;
    this.spare = state;
  }

  // The next 64 bits: this.high and this.low, 32 each.
  draw() {
    this.advance();
    const s = this.state;
    const low = ((s[5] << 16) | s[4]) ^ ((s[1] << 16) | s[0]);
    const high = ((s[7] << 16) | s[6]) ^ ((s[3] << 16) | s[2]);
    const turn = s[7] >>> 10; // the upper six bits
    const by = turn & 31;
    const a = turn < 32 ? high : low;
    const b = turn < 32 ? low : high;
    this.high = (by ? (a >>> by) | (b << (32 - by)) : a) >>> 0;
    this.low = (by ? (b >>> by) | (a << (32 - by)) : b) >>> 0;
  }

  // A whole number from 0 to 2^32 - 1; each draw serves two of them.
  word() {
    this.waiting = !this.waiting;
    if (!this.waiting) return this.kept[0];
    this.draw();
    this.kept[0] = this.high;
    return this.low;
  }

  // A number from [0, 1), as Generator.random.
  random() {
    this.draw();
    return (this.high * 2097152 + (this.low >>> 11)) / 9007199254740992;
  }

  // A whole number low <= n < high, as Generator.integers, for ranges below 2^32.
  integer(low, high) {
    const range = high - low;
    if (!(Number.isInteger(low) && range >= 1 && range < WORD)) {
      throw new Error(`integer needs whole numbers low < high; got ${low} and ${high}`);
    }
    if (range === 1) return low;
    const least = (WORD - range) % range; // smaller remainders would favor some numbers
    for (;;) {
      const word = this.word();
      // word * range has up to 64 bits: in two halves, of which each is exact.
      const lower = (word & 0xffff) * range;
      const upper = (word >>> 16) * range + Math.floor(lower / DIGIT);
      const remainder = (upper % DIGIT) * DIGIT + (lower % DIGIT);
      if (remainder >= least) return low + Math.floor(upper / DIGIT);
    }
  }

  // A number of mean 0 and variance 1, as Generator.standard_normal.
  normal() {
    const widths = this.layers;
    const edge = (layer) => widths[layer] * 4503599627370496; // 2^52
    for (;;) {
      this.draw();
      const layer = this.low & 0xff;
      const mantissa = (this.high & 0x1fffffff) * 8388608 + (this.low >>> 9);
      const size = mantissa * widths[layer];
      const x = this.low & 0x100 ? -size : size;
      // Inside the layer above, or for the lowest layer left of the tail: below the curve.
      const inner = layer === 0 ? edge(255) : layer === 1 ? 0 : edge(layer - 1);
      if (mantissa < Math.floor((inner / edge(layer)) * 4503599627370496)) return x;
      if (layer === 0) return this.tail(edge(255), this.low & 0x20000 ? -1 : 1);
      const height = (at) => (at === 0 ? 1 : exp(-0.5 * edge(at) * edge(at)));
      const bottom = height(layer);
      if ((height(layer - 1) - bottom) * this.random() + bottom < exp(-0.5 * x * x)) return x;
    }
  }

  // A normal number beyond `start` (Marsaglia 1964).
  tail(start, sign) {
    for (;;) {
      const beyond = (-1 / start) * log(1 - this.random()); // 1 - random() is exact
      const y = -log(1 - this.random());
      if (y + y > beyond * beyond) return sign * (start + beyond);
    }
  }

  // Arrays of `count` such numbers.
  randoms(count) {
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.random();
    return out;
  }

  integers(low, high, count) {
    const out = new Int32Array(count);
    for (let i = 0; i < count; i++) out[i] = this.integer(low, high);
    return out;
  }

  normals(count) {
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.normal();
    return out;
  }
}
