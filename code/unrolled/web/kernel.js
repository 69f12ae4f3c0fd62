/* A source of answers: Python, in a live notebook. */

export class Kernel {
  constructor(model) {
    this.model = model;
    this.listener = () => this.arrived();
    model.on("change:answer", this.listener);
  }

  end() {
    this.model.off("change:answer", this.listener);
  }

  async ready() {}

  /* The answer if it is there, otherwise a promise of it; null if another was asked for since. */
  at(values) {
    this.waiting?.resolve(null);
    this.waiting = null;
    const wanted = JSON.stringify(values);
    if (this.isHere(wanted)) return this.answer();
    if (JSON.stringify(this.model.get("values")) !== wanted) {
      this.model.set("values", values);
      this.model.save_changes();
    }
    return new Promise((resolve, reject) => {
      this.waiting = { wanted, resolve, reject };
    });
  }

  isHere(wanted) {
    return JSON.stringify(this.model.get("answer").values) === wanted;
  }

  arrived() {
    if (!this.waiting || !this.isHere(this.waiting.wanted)) return;
    const { resolve, reject } = this.waiting;
    this.waiting = null;
    try {
      resolve(this.answer());
    } catch (error) {
      reject(error);
    }
  }

  answer() {
    const { arrays, shapes, facts, error } = this.model.get("answer");
    if (error) throw new Error(error);
    const read = ({ buffer, byteOffset, byteLength }) =>
      new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength)); // an offset need not be even
    const named = Object.keys(arrays).map((key) => [key, { data: read(arrays[key]), shape: shapes[key] }]);
    return { arrays: Object.fromEntries(named), facts };
  }
}
