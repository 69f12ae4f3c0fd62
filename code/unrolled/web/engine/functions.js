// exp, log, tanh, sigmoid and sin from + - * / alone, which IEEE 754 fixes to the last bit. ECMAScript
// leaves Math.exp and its like to the browser, so two browsers may differ.

// powers[k + 1074] is 2^k, exact, from the smallest subnormal number to the largest power.
const powers = new Float64Array(2098);
for (let k = 1074, up = 1; k < 2098; k++, up *= 2) powers[k] = up;
for (let k = 1073, down = 0.5; k >= 0; k--, down /= 2) powers[k] = down;

const bits = new DataView(new ArrayBuffer(8));

// ln 2 in two parts: the first has 32 bits, so that a whole number times it is exact.
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;

// e^x (fdlibm, e_exp.c): x = k ln 2 + r, a rational function of r, then times 2^k.
export function exp(x) {
  if (x !== x) return x;
  if (x > 709.782712893383973096) return Infinity;
  if (x < -745.133219101941108420) return 0;
  let k = 0;
  let high = x;
  let low = 0;
  if (x > 0.34657359027997264 || x < -0.34657359027997264) {
    k = Math.trunc(1.4426950408889634 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k > 1023) return y * 2 * powers[k - 1 + 1074];
  if (k < -1021) return y * powers[k + 1000 + 1074] * powers[-1000 + 1074]; // rounded once
  return y * powers[k + 1074];
}

// Natural logarithm (fdlibm, e_log.c): x = 2^k (1 + f) with 1 + f near 1, a series in f / (2 + f).
export function log(x) {
  if (x !== x || x === Infinity) return x;
  if (x < 0) return NaN;
  if (x === 0) return -Infinity;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54 makes a subnormal number normal
    k = -54;
  }
  bits.setFloat64(0, x);
  const word = bits.getInt32(0);
  k += (word >> 20) - 1023;
  const mantissa = word & 0xfffff;
  const up = mantissa > 0x6a09e; // above sqrt(2): take half of it
  if (up) k += 1;
  bits.setInt32(0, mantissa | (up ? 0x3fe00000 : 0x3ff00000));
  const f = bits.getFloat64(0) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    z *
    (6.666666666666735130e-1 +
      w *
        (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const even =
    w *
    (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + odd + even) + k * LN2_LOW) - f);
}

// tanh (Cephes, tanh.c): a rational function below 0.625, 1 - 2 / (e^2x + 1) above.
export function tanh(x) {
  const size = x < 0 ? -x : x;
  if (size > 0.625) {
    const y = size > 22 ? 1 : 1 - 2 / (exp(2 * size) + 1);
    return x < 0 ? -y : y;
  }
  if (size < 1e-9) return x; // the cubic term is below the last bit; keeps -0
  const z = x * x;
  const p =
    (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
  const q =
    ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z +
    4.84406305325125486048e3;
  return x + (x * z * p) / q; // NaN arrives here too
}

// sin for |x| < 1e9 (Cephes, sin.c): what is left of x beyond the nearest even multiple of pi / 4,
// which is taken off in three parts, then a polynomial for the sine or for the cosine.
export function sin(x) {
  const size = x < 0 ? -x : x;
  let eighths = Math.floor(size / 7.85398163397448309616e-1);
  eighths += eighths % 2;
  const quarter = (eighths / 2) % 4;
  const z =
    size -
    eighths * 7.85398125648498535156e-1 -
    eighths * 3.77489470793079817668e-8 -
    eighths * 2.69515142907905952645e-15;
  const w = z * z;
  const y =
    quarter % 2 === 1
      ? 1 - w / 2 + w * w * polynomial(COSINE, w)
      : z + z * w * polynomial(SINE, w);
  return (x < 0) === quarter > 1 ? y : -y;
}

const SINE = [
  1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
  -1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1,
];
const COSINE = [
  -1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
  2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2,
];

// The highest power comes first.
function polynomial(factors, x) {
  return factors.reduce((sum, factor) => sum * x + factor, 0);
}

// 1 / (1 + e^-a) as the package computes it, which cannot overflow.
export function sigmoid(a) {
  return 0.5 * tanh(0.5 * a) + 0.5;
}

// base^n for a whole n >= 0, by repeated squaring.
export function power(base, n) {
  let result = 1;
  for (let square = base; n > 0; n = Math.floor(n / 2), square *= square) {
    if (n % 2 === 1) result *= square;
  }
  return result;
}
