/* The colors of the roles as the page's theme has them now, for canvases, which know no variables. */

const ROLES = ["forward", "backward", "target", "highlight", "ink", "muted", "grid", "neutral"];
const SHADES = 128; // on each side of zero

/* {role: "#rrggbb"}, with `paper`, what lies behind, and `shades`, the diverging scale. */
export function colorsOf(root) {
  const style = getComputedStyle(root);
  const colors = Object.fromEntries(ROLES.map((role) => [role, style.getPropertyValue(`--unrolled-${role}`).trim()]));
  colors.paper = style.getPropertyValue("--paper").trim() || style.getPropertyValue("--unrolled-page").trim();
  colors.font = style.fontFamily;
  colors.shades = scale(colors);
  return colors;
}

/* Pixels from −1, blue, over 0 to 1, orange: the scale of the figures of hidden states. */
function scale({ forward, neutral, backward }) {
  const [low, middle, high] = [forward, neutral, backward].map(parts);
  const shades = new Uint32Array(2 * SHADES + 1);
  for (let i = 0; i < shades.length; i++) {
    const share = Math.abs(i - SHADES) / SHADES;
    const end = i < SHADES ? low : high;
    const [r, g, b] = middle.map((from, channel) => Math.round(from + share * (end[channel] - from)));
    shades[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return shades;
}

/* The pixel for a value on [−1, 1]; what lies outside takes the color of the end. */
export function shade(shades, value) {
  if (Number.isNaN(value)) return shades[SHADES];
  return shades[SHADES + Math.round(SHADES * Math.min(1, Math.max(-1, value)))];
}

const parts = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) || 0);
