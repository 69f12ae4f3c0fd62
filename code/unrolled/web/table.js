/* A source of answers: what Python computed over the whole grid when the book was built. */

const NAN = 65535;

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

export class Table {
  constructor(spec, controls) {
    Object.assign(this, { spec, controls });
  }

  /* Done as the page loads, since nothing that is not at hand can be drawn in time for a printer. */
  ready() {
    this.unpacked ??= this.unpack().catch((error) => {
      this.unpacked = null; // it may be tried again
      throw error;
    });
    return this.unpacked;
  }

  async unpack() {
    const packed = globalThis.UNROLLED_TABLES?.[this.spec.codes] ?? this.spec.codes;
    this.codes = new Uint16Array(await (await inflate(packed)).arrayBuffer());
    this.facts = await (await inflate(this.spec.facts)).json();
  }

  at(values) {
    const at = this.controls.map(({ name, values: all }) => all.indexOf(values[name]));
    const arrays = Object.entries(this.spec.arrays).map(([key, array]) => [key, this.array(array, at)]);
    const facts = Object.entries(this.facts).map(([key, { axes, listed, index }]) => [
      key,
      listed[index[position(axes, at)]],
    ]);
    return { arrays: Object.fromEntries(arrays), facts: Object.fromEntries(facts) };
  }

  array({ axes, shape, offset, low, step, around }, at) {
    if (around) return this.band(around, shape, at);
    const size = shape.reduce((a, b) => a * b, 1);
    const from = offset + position(axes, at) * size;
    const data = Float64Array.from(this.codes.subarray(from, from + size), (code) =>
      code === NAN ? NaN : low + step * code
    );
    return { data, shape };
  }

  /* Along a curve at one distance, and back at another: the outline of what lies around it. */
  band(keys, shape, at) {
    const [curve, low, high] = keys.map((key) => this.array(this.spec.arrays[key], at).data);
    const edge = (distance) => curve.map((value) => value + distance[0]);
    return { data: Float64Array.of(...edge(low), ...edge(high).reverse()), shape };
  }
}

/* Where a point of the grid lies in an array that has length 1 along controls without a say. */
function position(axes, at) {
  return at.reduce((sum, index, axis) => sum * axes[axis] + (axes[axis] === 1 ? 0 : index), 0);
}
