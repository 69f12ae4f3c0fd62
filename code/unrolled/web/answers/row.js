/* Numbers as an array of an answer. */

export function row(values) {
  return { data: Float64Array.from(values), shape: [values.length] };
}

export function matrix(data, rows, columns) {
  return { data, shape: [rows, columns] };
}
