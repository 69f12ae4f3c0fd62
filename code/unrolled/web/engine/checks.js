// Clear errors at the place where a caller comes in. A step inside a loop never checks.

// Throws unless each of the named dimensions is a whole number of at least 1.
export function checkDims(dims, names) {
  for (const name of names) {
    const value = dims?.[name];
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(
        `dims must give ${names.join(", ")} as whole numbers of at least 1; got ${name}=${value}`
      );
    }
  }
}

// Throws unless `array` is a Float64Array that fills `shape`; `axes` names its axes, as "N, T, D".
export function checkArray(name, array, shape, axes) {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (array instanceof Float64Array && array.length === expected) return;
  const got = array instanceof Float64Array ? `${array.length}` : describe(array);
  throw new Error(
    `${name} must be a Float64Array of shape (${axes}) = (${shape.join(", ")}), ` +
      `${expected} numbers; got ${got}`
  );
}

// Throws unless params has every parameter that `shapes` names, in its shape.
export function checkParams(params, shapes) {
  for (const [name, shape] of Object.entries(shapes)) {
    if (params?.[name] === undefined) {
      const has = Object.keys(params ?? {}).sort().join(", ") || "nothing";
      throw new Error(`params has no ${name}; it has ${has}`);
    }
    checkArray(name, params[name], shape, shape.length === 2 ? "rows, columns" : "units");
  }
}

// Throws unless `state` is missing or a list of one (N, H) array for each of `parts`.
export function checkState(name, state, parts, { N, H }) {
  if (state === undefined || state === null) return;
  if (!Array.isArray(state) || state.length !== parts.length) {
    const got = Array.isArray(state) ? `a list of ${state.length}` : describe(state);
    throw new Error(
      `${name} must be a list of ${parts.length} array(s), ${parts.join(" and ")}; got ${got}`
    );
  }
  state.forEach((array, k) => checkArray(`${parts[k]} of ${name}`, array, [N, H], "N, H"));
}

// Everything that a cell's forward pass checks. `shapes` are those of its parameters.
export function checkInputs(x, params, dims, state, shapes, parts) {
  checkDims(dims, ["N", "T", "D", "H"]);
  checkParams(params, shapes(dims));
  checkArray("x", x, [dims.N, dims.T, dims.D], "N, T, D");
  checkState("the initial state", state, parts, dims);
}

// Everything that a cell's backward pass checks.
export function checkGradient(dh, tape, params, dstate, shapes, parts) {
  const { N, T, H } = tape.dims;
  checkParams(params, shapes(tape.dims));
  checkArray("dh", dh, [N, T, H], "N, T, H");
  checkState("dstate", dstate, parts, tape.dims);
}

// Throws if the last h (N, H) holds NaN, with the name of the first NaN or infinity before it.
// A NaN anywhere always arrives there, so one look at N H numbers stands for a look at all.
export function checkNaN(h, x, params, state) {
  if (!h.some(Number.isNaN)) return;
  const all = { x, ...params };
  (state ?? []).forEach((array, k) => (all[`part ${k} of the initial state`] = array));
  for (const [name, array] of Object.entries(all)) {
    const at = array.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new Error(`${name} holds ${array[at]} at place ${at} of ${array.length}`);
  }
  throw new Error("the hidden state is NaN although inputs and parameters are finite: overflow");
}

function describe(value) {
  if (value === undefined || value === null) return String(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `${value.constructor.name} of ${value.length}`;
  }
  return typeof value === "object" ? "an object" : `${typeof value} ${value}`;
}
