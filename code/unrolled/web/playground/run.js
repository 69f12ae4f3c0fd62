/* The losses of one run: thinned for the curve, and exact where the page prints digits. */

const MOST = 1500; // points of a curve

export class Run {
  /* `exact` are the updates whose losses are kept as they are. */
  constructor(exact) {
    Object.assign(this, { exact, updates: [], losses: [], printed: new Map(), every: 1, solved: null, late: false });
  }

  add(updates, losses) {
    updates.forEach((update, i) => {
      if (this.exact.includes(update)) this.printed.set(update, losses[i]);
      if (update % this.every) return;
      this.updates.push(update);
      this.losses.push(losses[i]);
    });
    if (this.updates.length > MOST) this.thin();
  }

  thin() {
    this.every *= 2;
    const kept = this.updates.map((update, i) => [update, this.losses[i]]).filter(([update]) => update % this.every === 0);
    this.updates = kept.map(([update]) => update);
    this.losses = kept.map(([, loss]) => loss);
  }

  get length() {
    return this.updates.at(-1) ?? 0;
  }
}
