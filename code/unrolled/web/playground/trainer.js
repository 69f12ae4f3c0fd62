// One run of a setting, from its seed: the twin of unrolled.playground.train. It knows nothing of
// pages and messages.

import * as dense from "../engine/dense.js";
import { eigenvalues } from "../engine/eigenvalues.js";
import { softmax } from "../engine/losses.js";
import { clipByGlobalNorm, globalNorm } from "../engine/optimizers.js";
import { Stream } from "../engine/streams.js";
import * as network from "./network.js";
import { cutAfter, gradientLengths } from "./reach.js";
import { alone, outputs, skill } from "./skill.js";
import { answerAt, batch, steps } from "./tasks.js";

const WEIGHTS = 0, BATCHES = 1, CHECKS = 2, SHOWN = 3, LONGER = 4; // the streams of a seed

export class Trainer {
  constructor(setting, catalogue) {
    this.setting = setting;
    this.catalogue = catalogue;
    this.constants = catalogue.constants; // how often skill is looked at, and on how much
    this.network = network.plan(setting, catalogue);
    this.params = network.start(setting, this.network, this.stream(WEIGHTS));
    this.optimizer = network.optimizer(setting);
    this.batches = this.stream(BATCHES);
    this.checks = this.stream(CHECKS);
    this.shown = batch(setting, 1, this.stream(SHOWN), this.constants);
    this.update = 0;
    this.loss = null; // of the last update
    this.norm = null; // of its gradient, before clipping
    this.skill = null; // when it was looked at last
    this.solved = null; // the update at which the skill was enough
    this.failed = null; // a sentence, once numbers have left all bounds
  }

  stream(use) {
    return new Stream([this.setting.seed, use], this.catalogue.layers);
  }

  // At most n updates, fewer if it fails -> { update, losses }.
  step(n = 1) {
    const losses = [];
    for (let i = 0; i < n && !this.failed; i++) {
      try {
        losses.push(this.learn());
      } catch (error) {
        this.fail(error);
      }
    }
    return { update: this.update, losses };
  }

  fail({ message }) {
    this.failed = `After ${this.update} updates ${message}.`;
  }

  // One update -> the loss before it.
  learn() {
    const { setting, params } = this;
    const drawn = batch(setting, setting.N, this.batches, this.constants);
    const { value, grads } = network.gradients(drawn, params, this.network);
    if (!Number.isFinite(value)) {
      throw new Error(`the loss is ${value > 0 ? "inf" : "nan"}: it has blown up`);
    }
    if (setting.clip) {
      const clipped = clipByGlobalNorm(grads, setting.clip);
      this.norm = clipped.norm;
      this.optimizer.update(params, clipped.grads);
    } else {
      this.norm = globalNorm(grads);
      this.optimizer.update(params, grads);
    }
    this.update += 1;
    this.loss = value;
    if (this.update % this.constants.checkEvery === 0) this.check();
    return value;
  }

  // Looks at the skill on fresh sequences.
  check() {
    this.skill = this.measure(this.checks);
    const enough = this.catalogue.tasks[this.setting.task].solved;
    if (this.solved === null && this.skill >= enough) this.solved = this.update;
  }

  // Skill on as many fresh sequences as Python takes of a stream, `times` as long.
  measure(stream, times = 1) {
    const drawn = batch(this.setting, this.constants.checked, stream, this.constants, times);
    const found = outputs(drawn, this.constants.checked, this.params, this.network);
    return skill(this.setting, found, drawn.targets, this.network, times);
  }

  // What there is to see. Where numbers have left all bounds, the picture is the last that could be
  // made; the next update tells of it.
  frame() {
    try {
      this.picture = this.draw();
    } catch (error) {
      if (!this.picture) throw error;
    }
    const { update, loss, skill, solved, failed, norm } = this;
    return { ...this.picture, update, loss, skill, solved, failed, norm };
  }

  // The shown sequence with what the network makes of it, how far back its last loss reaches, and
  // the recurrent weights.
  draw() {
    const { params, shown } = this;
    const { cell, classes, dims, k2 } = this.network;
    const own = { ...dims, N: 1 };
    const { h, tape } = cell.forward(shown.x, params, own);
    const logits = dense.forward(h, params, own);
    const full = gradientLengths(this.lastGradient(h, logits), tape, params, cell);
    const said = classes ? softmax(logits, dims.K) : logits;
    const asked = dims.T - network.answered(shown.targets, this.network, 1);
    const c = tape.c ? tape.c.slice(dims.H) : null;
    return {
      shown: { x: shown.x.slice(), targets: shown.targets.slice(), asked, outputs: said, h, c },
      reach: { full, cut: cutAfter(full, k2) },
      answer: answerAt(this.setting, this.constants),
      eigenvalues: params.W_hh ? eigenvalues(params.W_hh, dims.H) : null,
      matrices: gates(params),
    };
  }

  // Gradient of the loss of the last step alone with respect to its state: (1, H).
  lastGradient(h, logits) {
    const { loss, dims } = this.network;
    const { H, K } = dims;
    const { dlogits } = loss(logits.slice(-K), this.shown.targets.slice(-1), K);
    return dense.backward(dlogits, h.slice(-H), this.params, dims).dh;
  }

  // The skill on longer sequences -> [{ T, skill }].
  longer() {
    const stream = this.stream(LONGER);
    return this.constants.times.map((times) => ({ T: steps(this.setting, this.constants, times), skill: this.measure(stream, times) }));
  }

  // What it does with waves or a text when it hears itself alone: see skill.js.
  alone() {
    return alone(this.setting, this.params, this.network, this.constants.checked, this.stream(LONGER));
  }
}

// Copies of the recurrent matrices of an LSTM or a GRU, by name.
function gates(params) {
  const names = Object.keys(params).filter((name) => /^W_h[ifgorzn]$/.test(name));
  return Object.fromEntries(names.map((name) => [name, params[name].slice()]));
}
