/* The names of the strip's rows: beside them where there is room, above them on a phone. */

/* A row is {key, name, y, height}, perhaps with a `second` name, a `note`, and a `scale` of colors. */
export function label(strip, { name, second, note, scale, y, height, key }, wide) {
  const { colors } = strip;
  const color = { should: colors.target, says: second ? colors.target : colors.forward, reach: colors.backward }[key] ?? colors.ink;
  const look = { size: wide ? 13 : 11.5, weight: 600, font: colors.font, halo: colors.paper };
  const small = { size: 11, color: colors.muted, font: colors.font, halo: colors.paper };
  if (!wide) {
    strip.write(name, 0, y - 8, { ...look, color });
    const after = strip.pen.measureText(name).width + 8;
    if (second) strip.write(second, after, y - 8, { ...look, color: colors.forward });
    else if (note) strip.write(note, after, y - 8, small);
    return;
  }
  const tall = height > 34;
  const at = tall ? y + 10 : y + height / 2 - (note ? 6 : 0);
  strip.write(name, 0, at, { ...look, color });
  if (second) strip.write(second, 0, at + 18, { ...look, color: colors.forward });
  if (note) strip.write(note, 0, at + (tall ? 17 : 14), small);
  if (scale) colorScale(strip, 0, at + 30);
  if (key === "reach") legend(strip, 0, at + 36);
}

/* The colors of −1 to 1. */
function colorScale(strip, x, y) {
  const { colors } = strip;
  strip.heat((_, column) => column / 20 - 1, 1, 41, { x, y, width: 64, height: 7 }, colors.shades);
  const small = { size: 10.5, color: colors.muted, font: colors.font };
  strip.write("−1", x, y + 15, small);
  strip.write("0", x + 32, y + 15, { ...small, align: "center" });
  strip.write("1", x + 64, y + 15, { ...small, align: "right" });
}

/* What is filled and what is dashed in the row of the gradient. */
function legend(strip, x, y) {
  const { colors, pen } = strip;
  const small = { size: 11, color: colors.muted, font: colors.font };
  strip.line([[x, y], [x + 16, y]], { color: colors.ink, width: 1.25, dash: [3, 2.5] });
  strip.write("all of it", x + 21, y, small);
  pen.fillStyle = colors.backward;
  pen.fillRect(x, y + 11, 16, 9);
  strip.write("kept", x + 21, y + 16, small);
}
