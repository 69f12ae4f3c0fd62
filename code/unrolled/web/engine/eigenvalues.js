// Eigenvalues of a real square matrix: first to Hessenberg form, which is zero below the
// subdiagonal, then Francis' QR steps with two shifts at a time (Martin, Peters and Wilkinson 1970;
// Golub and Van Loan, Matrix Computations, section 7.5).

import { checkArray, checkDims } from "./checks.js";

const EPSILON = 2 ** -52;
const NOTHING = 1e-100; // beside a largest element of 1; squares of less would underflow
const MOST_STEPS = 60; // for one eigenvalue; two or three are usual

// a (n, n) -> { re, im }, (n) each, in no particular order; of a pair both are there.
export function eigenvalues(a, n) {
  checkDims({ n }, ["n"]);
  checkArray("a", a, [n, n], "n, n");
  if (!a.every(Number.isFinite)) throw new Error("a must be finite; got NaN or infinity");
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const h = a.map((value) => value / size); // its squares neither underflow nor overflow
  toHessenberg(h, n);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let last = n - 1, steps = 0; last >= 0; ) {
    const first = split(h, n, last);
    if (first === last) {
      re[last] = h[last * n + last];
      last -= 1;
      steps = 0;
    } else if (first === last - 1) {
      pair(h, n, last, re, im);
      last -= 2;
      steps = 0;
    } else {
      steps += 1;
      if (steps > MOST_STEPS) throw new Error("the eigenvalues do not converge");
      francisStep(h, n, first, last, steps);
    }
  }
  return { re: re.map((value) => value * size), im: im.map((value) => value * size) };
}

// Below the subdiagonal zero, by Householder's reflections from both sides.
function toHessenberg(h, n) {
  for (let k = 0; k < n - 2; k++) {
    const axis = Float64Array.from({ length: n - k - 1 }, (_, i) => h[(k + 1 + i) * n + k]);
    reflectBoth(h, n, k + 1, axis, k, n);
    for (let i = k + 2; i < n; i++) h[i * n + k] = 0;
  }
}

// The reflection that leaves of the vector `axis` only its first element: on the rows from `row` on,
// in the columns from `column` on, and on the columns with the same numbers, in the rows up to `stop`.
function reflectBoth(h, n, row, axis, column, stop) {
  const count = axis.length;
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(axis[i]));
  if (largest === 0) return;
  let square = 0;
  for (let i = 0; i < count; i++) {
    axis[i] /= largest;
    square += axis[i] * axis[i];
  }
  const length = Math.sqrt(square);
  const factor = 1 / (square + Math.abs(axis[0]) * length); // 2 / |axis|^2 of the next line's axis
  axis[0] += axis[0] < 0 ? -length : length;
  for (let j = column; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += axis[i] * h[(row + i) * n + j];
    sum *= factor;
    for (let i = 0; i < count; i++) h[(row + i) * n + j] -= sum * axis[i];
  }
  for (let i = 0; i < stop; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += h[i * n + row + j] * axis[j];
    sum *= factor;
    for (let j = 0; j < count; j++) h[i * n + row + j] -= sum * axis[j];
  }
}

// Where the block that ends at `last` begins: above it, an element of the subdiagonal is nothing.
function split(h, n, last) {
  for (let k = last; k > 0; k--) {
    const beside = Math.abs(h[k * n + k]) + Math.abs(h[(k - 1) * n + k - 1]);
    if (Math.abs(h[k * n + k - 1]) <= Math.max(EPSILON * beside, NOTHING)) {
      h[k * n + k - 1] = 0;
      return k;
    }
  }
  return 0;
}

// The two eigenvalues of the 2 x 2 block that ends at `last`.
function pair(h, n, last, re, im) {
  const at = (last - 1) * n + last - 1;
  const [a, b, c, d] = [h[at], h[at + 1], h[at + n], h[at + n + 1]];
  const half = (a - d) / 2;
  const inside = half * half + b * c;
  const root = Math.sqrt(Math.abs(inside));
  if (inside < 0) {
    re[last - 1] = re[last] = d + half;
    im[last - 1] = root;
    im[last] = -root;
    return;
  }
  const far = half < 0 ? half - root : half + root;
  re[last - 1] = d + far;
  re[last] = far === 0 ? d : d - (b * c) / far;
}

// One double-shifted QR step on the block first..last, at least 3 x 3: chase a bulge of 3 x 3 down
// the diagonal. The shifts are the eigenvalues of the last 2 x 2, or odd ones if that gets stuck.
function francisStep(h, n, first, last, steps) {
  const end = last * n + last;
  let trace = h[end] + h[end - n - 1];
  let determinant = h[end] * h[end - n - 1] - h[end - 1] * h[end - n];
  if (steps % 10 === 0) {
    const s = Math.abs(h[end - 1]) + Math.abs(h[end - n - 2]);
    trace = 1.5 * s + 2 * h[end];
    determinant = (0.75 * s + h[end]) * (0.75 * s + h[end]) + 0.4375 * s * s;
  }
  const top = first * n + first;
  const [a, b, c, d] = [h[top], h[top + 1], h[top + n], h[top + n + 1]];
  let axis = Float64Array.of(
    a * a + b * c - trace * a + determinant,
    c * (a + d - trace),
    c * h[top + 2 * n + 1]
  );
  for (let k = first; k < last; k++) {
    reflectBoth(h, n, k, axis, Math.max(k - 1, first), Math.min(k + 4, last + 1));
    if (k > first) {
      for (let i = k + 1; i <= Math.min(k + 2, last); i++) h[i * n + k - 1] = 0;
    }
    const count = Math.min(3, last - k);
    axis = Float64Array.from({ length: count }, (_, i) => h[(k + 1 + i) * n + k]);
  }
}
