/* A source of answers: the engine's twin, which computes in the page. It is a script of its own,
   loaded by pages whose explorables use it. */

export class Computed {
  constructor({ name, constants }) {
    const arrays = Object.entries(constants).map(([key, { shape, data }]) => [
      key,
      { shape, data: new Float64Array(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer) },
    ]);
    this.compute = globalThis.UNROLLED_ENGINE[name](Object.fromEntries(arrays));
  }

  async ready() {}

  at(values) {
    return this.compute(values);
  }
}
