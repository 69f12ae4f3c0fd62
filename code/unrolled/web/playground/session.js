// Training on request. A session takes messages, trains in slices of 12 ms between looks at its
// mailbox, and answers; it runs in a worker, or on the page's own thread where there is none.
//
// To it: { type: "setup", setup, setting }, then { type: "run", speed }, "pause", { type: "step", n },
// "frame", "longer" and "alone". From it, each with the number of the setup that it belongs to:
// "frame" with updates and their losses since the last one, "solved", "failed", "stopped", "longer"
// and "alone".
// speed: updates a second, "full", or "faster": slow at first, then twice as fast every second.

import { Trainer } from "./trainer.js";

const SLICE = 12; // ms
const WAIT = 8; // ms until the next look, where no update is due yet
const FIRST_SPEED = 15; // updates a second
const MOST_LOSSES = 4096; // between two frames; beyond that those of odd updates are left out,
const KEPT = 50; // but none of the first

// How many updates a speed allows so many seconds after it began.
export function due(speed, seconds) {
  if (speed === "full") return Infinity;
  if (speed !== "faster") return seconds * speed;
  return (FIRST_SPEED * (2 ** seconds - 1)) / Math.LN2;
}

export class Session {
  constructor(catalogue, post) {
    this.catalogue = catalogue;
    this.post = (type, message) => post({ type, setup: this.setup, ...message });
    this.channel = new MessageChannel(); // a timer would wait for 4 ms
    this.channel.port1.onmessage = () => this.slice();
    this.trainer = null;
    this.begun = null; // when it began to run, in ms; null while it does not
  }

  receive({ type, setup, setting, speed, n }) {
    if (type === "setup") this.begin(setup, setting);
    if (!this.trainer) return;
    if (type === "run") this.start(speed);
    if (type === "pause") this.begun = null;
    if (type === "step") this.train(n);
    if (type === "frame") this.frame();
    if (type === "longer") this.post("longer", { rows: this.trainer.longer() });
    if (type === "alone") this.post("alone", this.trainer.alone());
  }

  begin(setup, setting) {
    this.setup = setup;
    this.begun = null;
    this.forget();
    this.trainer = new Trainer(setting, this.catalogue);
  }

  forget() {
    this.updates = []; // and their losses, since the last frame
    this.losses = [];
    this.every = 1;
  }

  start(speed) {
    this.speed = speed;
    this.begun = performance.now();
    this.before = this.trainer.update;
    this.next();
  }

  // Asks for one more slice; a second request while one is on its way asks for nothing.
  next(wait = 0) {
    if (this.asked) return;
    this.asked = true;
    const call = () => this.channel.port2.postMessage(null);
    if (wait) setTimeout(call, wait);
    else call();
  }

  slice() {
    this.asked = false;
    if (this.begun === null) return;
    const end = performance.now() + SLICE;
    while (this.begun !== null && performance.now() < end) {
      const seconds = (performance.now() - this.begun) / 1000;
      if (this.trainer.update - this.before >= due(this.speed, seconds)) return this.next(WAIT);
      this.train(1);
    }
    if (this.begun !== null) this.next();
  }

  train(n) {
    const { trainer } = this;
    const { solved, failed } = trainer;
    const before = trainer.update;
    trainer.step(n).losses.forEach((loss, i) => {
      this.updates.push(before + i + 1);
      this.losses.push(loss);
    });
    if (this.losses.length > MOST_LOSSES) {
      this.every *= 2;
      const kept = (_, i) => this.updates[i] % this.every === 0 || this.updates[i] <= KEPT;
      this.losses = this.losses.filter(kept);
      this.updates = this.updates.filter(kept);
    }
    const { update } = trainer;
    if (trainer.solved !== solved) this.post("solved", { update: trainer.solved });
    if (trainer.failed !== failed) {
      this.begun = null;
      this.post("failed", { update, sentence: trainer.failed });
    } else if (this.begun !== null && trainer.solved && update === trainer.solved + this.catalogue.constants.afterSolved) {
      this.begun = null;
      this.post("stopped", { update });
    }
  }

  frame() {
    const updates = Int32Array.from(this.updates);
    const losses = Float64Array.from(this.losses);
    this.forget();
    this.post("frame", { ...this.trainer.frame(), updates, losses });
  }
}
