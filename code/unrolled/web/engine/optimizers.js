// Gradient descent, and clipping: the twin of unrolled/engine/optimizers.py, in its order of
// operations. optimizer.update(params, grads) changes the arrays of params in place; optimizer.lr
// may be changed between updates.

import { power } from "./functions.js";

// params -= lr * grads.
export function sgd(lr) {
  return {
    lr: positive("lr", lr),
    update(params, grads) {
      for (const { param, grad } of pairs(params, grads)) {
        for (let i = 0; i < param.length; i++) param[i] -= this.lr * grad[i];
      }
    },
  };
}

// velocity = momentum * velocity + grad; params -= lr * velocity.
export function momentum(lr, decay = 0.9) {
  return {
    lr: positive("lr", lr),
    momentum: fraction("momentum", decay),
    velocity: {},
    update(params, grads) {
      for (const { name, param, grad } of pairs(params, grads, this.velocity)) {
        const velocity = (this.velocity[name] ??= new Float64Array(param.length));
        for (let i = 0; i < param.length; i++) {
          velocity[i] = velocity[i] * this.momentum + grad[i];
          param[i] -= this.lr * velocity[i];
        }
      }
    },
  };
}

// Steps scaled by running means of the gradient and of its square.
export function adam(lr = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) {
  return {
    lr: positive("lr", lr),
    beta1: fraction("beta1", beta1),
    beta2: fraction("beta2", beta2),
    epsilon: positive("epsilon", epsilon),
    mean: {},
    square: {},
    steps: 0,
    update(params, grads) {
      const checked = pairs(params, grads, this.mean);
      this.steps += 1;
      const correct1 = 1 - power(this.beta1, this.steps);
      const correct2 = 1 - power(this.beta2, this.steps);
      for (const { name, param, grad } of checked) {
        const mean = (this.mean[name] ??= new Float64Array(param.length));
        const square = (this.square[name] ??= new Float64Array(param.length));
        for (let i = 0; i < param.length; i++) {
          const g = grad[i];
          mean[i] += (1 - this.beta1) * (g - mean[i]);
          square[i] += (1 - this.beta2) * (g * g - square[i]);
          const size = Math.sqrt(square[i] / correct2) + this.epsilon;
          param[i] -= (this.lr * (mean[i] / correct1)) / size;
        }
      }
    },
  };
}

// Length of all gradients taken as one vector.
export function globalNorm(grads) {
  let total = 0;
  for (const grad of Object.values(grads)) {
    let sum = 0;
    for (let i = 0; i < grad.length; i++) sum += grad[i] * grad[i];
    total += sum;
  }
  return Math.sqrt(total);
}

// Gradients shortened by one factor to length maxNorm if they are longer -> { grads, norm }: the
// same arrays if nothing had to be clipped, else new ones, and the length before clipping.
export function clipByGlobalNorm(grads, maxNorm) {
  positive("maxNorm", maxNorm);
  const norm = globalNorm(grads);
  if (!Number.isFinite(norm)) {
    const broken = Object.keys(grads).filter((name) => !grads[name].every(Number.isFinite));
    throw new Error(`the gradient of ${broken.join(", ") || "all"} is NaN or infinite`);
  }
  if (norm <= maxNorm) return { grads, norm };
  const factor = maxNorm / norm;
  const clipped = Object.entries(grads).map(([name, grad]) => [name, grad.map((g) => g * factor)]);
  return { grads: Object.fromEntries(clipped), norm };
}

// { name, param, grad } of every gradient, after checking that all of them fit.
function pairs(params, grads, memory = {}) {
  return Object.entries(grads).map(([name, grad]) => {
    const param = params[name];
    if (param === undefined) {
      const has = Object.keys(params).sort().join(", ");
      throw new Error(`there is no parameter ${name}; params has ${has}`);
    }
    if (grad.length !== param.length) {
      throw new Error(
        `the gradient of ${name} has ${grad.length} numbers, the parameter ${param.length}`
      );
    }
    if (name in memory && memory[name].length !== grad.length) {
      throw new Error(
        `the optimizer has learned with a ${name} of ${memory[name].length} numbers, not ` +
          `${grad.length}; another network needs an optimizer of its own`
      );
    }
    return { name, param, grad };
  });
}

function positive(name, value) {
  if (!(value > 0)) throw new Error(`${name} must be positive; got ${value}`);
  return value;
}

function fraction(name, value) {
  if (!(value >= 0 && value < 1)) throw new Error(`${name} must lie in [0, 1); got ${value}`);
  return value;
}
