// Arrays are Float64Array, row-major. Shapes are written (rows, columns), as in the Python engine.

// out (rows, cols) += a (rows, inner) b (inner, cols).
export function addProduct(a, b, out, rows, inner, cols) {
  addProducts(a, inner, 1, b, out, rows, inner, cols);
}

// out (rows, cols) += a^T b, where a is (inner, rows) and b (inner, cols): a sum of outer products.
export function addOuterProducts(a, b, out, rows, inner, cols) {
  addProducts(a, 1, rows, b, out, rows, inner, cols);
}

// Both, two rows and four columns at a time: element (i, k) of the first is a[i * down + k * right].
function addProducts(a, down, right, b, out, rows, inner, cols) {
  let i = 0;
  for (; i + 2 <= rows; i += 2) {
    let j = 0;
    for (; j + 4 <= cols; j += 4) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      for (let k = 0, u = i * down, v = u + down, p = j; k < inner; k++, u += right, v += right, p += cols) {
        const x = a[u], y = a[v], b0 = b[p], b1 = b[p + 1], b2 = b[p + 2], b3 = b[p + 3];
        s0 += x * b0; s1 += x * b1; s2 += x * b2; s3 += x * b3;
        t0 += y * b0; t1 += y * b1; t2 += y * b2; t3 += y * b3;
      }
      const o = i * cols + j, q = o + cols;
      out[o] += s0; out[o + 1] += s1; out[o + 2] += s2; out[o + 3] += s3;
      out[q] += t0; out[q + 1] += t1; out[q + 2] += t2; out[q + 3] += t3;
    }
    for (; j < cols; j++) {
      let s = 0, t = 0;
      for (let k = 0, u = i * down, p = j; k < inner; k++, u += right, p += cols) {
        s += a[u] * b[p];
        t += a[u + down] * b[p];
      }
      out[i * cols + j] += s;
      out[(i + 1) * cols + j] += t;
    }
  }
  if (i < rows) {
    for (let j = 0; j < cols; j++) {
      let s = 0;
      for (let k = 0, u = i * down, p = j; k < inner; k++, u += right, p += cols) s += a[u] * b[p];
      out[i * cols + j] += s;
    }
  }
}

// a (rows, cols) as (cols, rows).
export function transpose(a, rows, cols) {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
  }
  return out;
}

// Sum of each column of a (rows, cols): (cols).
export function columnSums(a, rows, cols) {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j] += a[i * cols + j];
  }
  return out;
}

// An array of `rows` rows, each of them `row`.
export function repeatRow(row, rows) {
  const out = new Float64Array(rows * row.length);
  for (let i = 0; i < rows; i++) out.set(row, i * row.length);
  return out;
}

// (A, B, C) as (B, A, C): from batch first (N, T, D) to time first (T, N, D), and back.
export function swapAxes(a, A, B, C) {
  const out = new Float64Array(A * B * C);
  for (let i = 0; i < A; i++) {
    for (let j = 0; j < B; j++) {
      const from = (i * B + j) * C;
      const to = (j * A + i) * C;
      for (let c = 0; c < C; c++) out[to + c] = a[from + c];
    }
  }
  return out;
}

// Matrices of (rows, cols) each, side by side: (rows, parts * cols).
export function sideBySide(parts, rows, cols) {
  const out = new Float64Array(rows * parts.length * cols);
  parts.forEach((part, k) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) out[(i * parts.length + k) * cols + j] = part[i * cols + j];
    }
  });
  return out;
}

// The k-th of `count` matrices that stand side by side in a: (rows, cols).
export function part(a, k, count, rows, cols) {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[i * cols + j] = a[(i * count + k) * cols + j];
  }
  return out;
}

// into += from, element by element.
export function addTo(into, from) {
  for (let i = 0; i < into.length; i++) into[i] += from[i];
}
