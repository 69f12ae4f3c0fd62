// Lengths, angles, singular values and principal components of small matrices.

import { addOuterProducts, columnSums, transpose } from "./arrays.js";
import { checkArray, checkDims } from "./checks.js";

const EPSILON = 2 ** -53;
const MOST_SWEEPS = 60; // a dozen is what the largest matrices need

// Euclidean length of a vector, or of a matrix taken as one.
export function norm(a) {
  return Math.sqrt(dot(a, a));
}

// Sum of a[i] b[i].
export function dot(a, b) {
  if (a.length !== b.length) {
    throw new Error(`dot needs two vectors of one length; got ${a.length} and ${b.length}`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

// Cosine of the angle between two vectors; NaN if either is zero.
export function cosine(a, b) {
  const lengths = norm(a) * norm(b);
  return lengths ? dot(a, b) / lengths : NaN;
}

// Singular values of a (rows, cols), largest first: min(rows, cols) of them. One-sided Jacobi
// (Hestenes 1958): rotate pairs of vectors until all are orthogonal; their lengths are the values.
export function singularValues(a, rows, cols) {
  checkDims({ rows, cols }, ["rows", "cols"]);
  checkArray("a", a, [rows, cols], "rows, cols");
  const count = Math.min(rows, cols);
  const size = Math.max(rows, cols);
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!Number.isFinite(largest)) throw new Error("a must be finite; got NaN or infinity");
  const scale = largest || 1; // lengths near 1 keep their squares from underflow
  const flat = (rows <= cols ? a : transpose(a, rows, cols)).map((value) => value / scale);
  const vectors = [];
  for (let k = 0; k < count; k++) vectors.push(flat.subarray(k * size, (k + 1) * size));
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        const u = vectors[p];
        const v = vectors[q];
        const uu = dot(u, u);
        const vv = dot(v, v);
        const uv = dot(u, v);
        if (!(Math.abs(uv) > size * EPSILON * Math.sqrt(uu) * Math.sqrt(vv))) continue;
        turned = true;
        const { c, s } = rotation(uu, vv, uv);
        for (let i = 0; i < size; i++) {
          const x = u[i];
          u[i] = c * x - s * v[i];
          v[i] = s * x + c * v[i];
        }
      }
    }
  }
  return Float64Array.from(vectors, (vector) => scale * norm(vector)).sort().reverse();
}

// Eigenvalues, largest first, and orthonormal eigenvectors, the columns of (n, n), of a symmetric a
// (n, n). Cyclic Jacobi (Golub and Van Loan, Matrix Computations, section 8.5).
export function symmetricEigen(a, n) {
  checkDims({ n }, ["n"]);
  checkArray("a", a, [n, n], "n, n");
  const m = a.slice();
  const v = new Float64Array(n * n); // row k is the k-th vector until the end
  for (let k = 0; k < n; k++) v[k * n + k] = 1;
  const tiny = EPSILON * norm(a);
  if (!Number.isFinite(tiny)) throw new Error("a must be finite; got NaN or infinity");
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (!(Math.abs(m[p * n + q]) > tiny / n)) continue;
        turned = true;
        const { c, s } = rotation(m[p * n + p], m[q * n + q], m[p * n + q]);
        turn(m, p, q, n, n, c, s); // columns p and q
        turn(m, p * n, q * n, 1, n, c, s); // and rows
        turn(v, p * n, q * n, 1, n, c, s);
        m[p * n + q] = m[q * n + p] = 0;
      }
    }
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((j, k) => m[k * n + k] - m[j * n + j]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[i * n + to] = v[from * n + i];
  });
  return { values: Float64Array.from(order, (k) => m[k * n + k]), vectors };
}

// The directions along which states (n, H) vary most -> { mean (H), components (H, count),
// variances (count) }: orthonormal columns, the largest variance first, the largest element of each
// positive, as in unrolled/analysis/dynamics.py. (states - mean) components are the coordinates.
export function principalComponents(states, n, H, count = 2) {
  checkDims({ n, H, count }, ["n", "H", "count"]);
  checkArray("states", states, [n, H], "n, H");
  if (count > Math.min(n, H)) {
    throw new Error(`${count} components need as many states and units; got (${n}, ${H})`);
  }
  const mean = columnSums(states, n, H).map((sum) => sum / n);
  const centered = states.map((value, i) => value - mean[i % H]);
  const products = new Float64Array(H * H);
  addOuterProducts(centered, centered, products, H, n, H);
  const { values, vectors } = symmetricEigen(products, H);
  const components = new Float64Array(H * count);
  for (let k = 0; k < count; k++) {
    let largest = 0;
    for (let i = 1; i < H; i++) {
      if (Math.abs(vectors[i * H + k]) > Math.abs(vectors[largest * H + k])) largest = i;
    }
    const sign = Math.sign(vectors[largest * H + k]);
    for (let i = 0; i < H; i++) components[i * count + k] = sign * vectors[i * H + k];
  }
  return { mean, components, variances: values.slice(0, count).map((value) => value / n) };
}

// Cosine and sine of the turn that makes two vectors of squared lengths uu, vv and product uv
// orthogonal (the smaller of the two angles).
function rotation(uu, vv, uv) {
  const zeta = (vv - uu) / (2 * uv);
  const size = Math.abs(zeta);
  const t = (zeta < 0 ? -1 : 1) / (size > 1e150 ? 2 * size : size + Math.sqrt(1 + size * size));
  const c = 1 / Math.sqrt(1 + t * t);
  return { c, s: c * t };
}

// (x, y) -> (c x - s y, s x + c y) for `count` pairs, x from place p and y from q on, `step` apart.
function turn(a, p, q, step, count, c, s) {
  for (let i = 0; i < count; i++, p += step, q += step) {
    const x = a[p];
    const y = a[q];
    a[p] = c * x - s * y;
    a[q] = s * x + c * y;
  }
}
