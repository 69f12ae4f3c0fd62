// Starting points for weights, drawn from a Stream in the order of the package: the recurrent
// matrices of unrolled/engine/initializers.py, and what each cell's init_params draws.

import { norm } from "./linear_algebra.js";

// gain times a uniformly drawn rotation or reflection, (H, H): the Q of a normal matrix whose R has
// a positive diagonal.
export function orthogonal(H, stream, gain = 1) {
  const Q = orthonormal(stream.normals(H * H), H);
  return Q.map((weight) => gain * weight);
}

// gain times the identity, (H, H).
export function identity(H, stream, gain = 1) {
  const W = new Float64Array(H * H);
  for (let i = 0; i < H; i++) W[i * H + i] = gain;
  return W;
}

// The parameters of a cell, `shapes` in the order of its init_params: normal weights of standard
// deviation 1 / sqrt(fan-in), biases of zero.
export function parameters(shapes, stream) {
  const params = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const [inputs, units] = shape;
    params[name] =
      shape.length === 1
        ? new Float64Array(inputs)
        : stream.normals(inputs * units).map((weight) => weight / Math.sqrt(inputs));
  }
  return params;
}

// Q (n, n) of a = Q R where the diagonal of R is positive, by Householder's reflections in the order
// of LAPACK's dgeqr2 and dorg2r. Overwrites a.
function orthonormal(a, n) {
  const Q = identity(n);
  const reflections = [];
  const signs = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const axis = Float64Array.from({ length: n - k }, (_, i) => a[(k + i) * n + k]);
    const first = axis[0];
    const beyond = norm(axis.subarray(1));
    if (beyond === 0) {
      signs[k] = Math.sign(first);
      continue;
    }
    const end = (first < 0 ? 1 : -1) * Math.sqrt(first * first + beyond * beyond);
    for (let i = 1; i < n - k; i++) axis[i] *= 1 / (first - end);
    axis[0] = 1;
    signs[k] = Math.sign(end);
    reflections.push({ k, axis, factor: (end - first) / end });
    reflect(a, n, reflections.at(-1));
  }
  for (const reflection of reflections.reverse()) reflect(Q, n, reflection);
  return Q.map((value, i) => value * signs[i % n]);
}

// a -= factor * axis (axis^T a), on rows and columns from k on.
function reflect(a, n, { k, axis, factor }) {
  for (let j = k; j < n; j++) {
    let sum = 0;
    axis.forEach((value, i) => (sum += value * a[(k + i) * n + j]));
    axis.forEach((value, i) => (a[(k + i) * n + j] -= factor * sum * value));
  }
}
