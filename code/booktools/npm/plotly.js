/* The parts of plotly.js that the book uses: lines and points are always there. */
const Plotly = require("plotly.js/lib/core");
const { doAutoMargin, doCalcdata, rehover } = require("plotly.js/src/plots/plots");
const { plot: plotCartesian } = require("plotly.js/src/plots/cartesian");
const { draw, list } = require("plotly.js/src/plots/cartesian/axes");
const { doAutoRangeAndConstraints, drawData } = require("plotly.js/src/plot_api/subroutines");

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/heatmap")]);

/* The call and its slow way are those of the whole plotly.js; the build puts the file here. */
window.Plotly = Plotly;
require("./plotly_whole.js");
const redrawAll = Plotly.redrawData;

/* Draws new data: what the slow way does, but for settings, legend and titles, which stay as they
   are. Axes are drawn only for a new range, since measuring their labels takes most of the time.
   Lines and words, which take the rest, are drawn only in the traces that change. */
Plotly.redrawData = (plot, updates, ranges = {}) => {
  const changed = Object.keys(updates).map(Number);
  const axes = Object.entries(ranges).map(([name, given]) => [plot._fullLayout[name], given]);
  const quick = changed.every((i) => keepsShape(plot._fullData[i], updates[i]));
  if (!quick || !axes.every(onlyMoves) || linked(plot, axes)) {
    return redrawAll(plot, updates, ranges);
  }
  const before = list(plot).map(ticks);
  for (const i of changed) {
    for (const trace of [plot.data[i], plot._fullData[i]]) Object.assign(trace, updates[i]);
  }
  for (const [axis, given] of axes) {
    const { range, ...set } = settings(given);
    if (range) set.autorange = false;
    for (const at of [axis, axis._input]) Object.assign(at, set, range && { range: [...range] });
  }
  if (changed.length) doCalcdata(plot);
  doAutoRangeAndConstraints(plot);
  const moved = list(plot).filter((axis, i) => ticks(axis) !== before[i]);
  const marks = moved.flatMap(({ _id }) => [`.${_id}tick`, `.${_id}grid`]).join() || "none";
  plot.querySelectorAll(marks).forEach((mark) => mark.remove()); // for their order in the page
  if (moved.length) drawAxes(plot, moved);
  const again = moved.length && redrawnInMargins(plot);
  if (!again && moved.length) drawData(plot);
  else if (!again && changed.length) drawTraces(plot, changed);
  rehover(plot);
  return again || null;
};

/* Margins are looked at when all axes are drawn, and not after each. */
const drawAxes = (plot, axes) => {
  plot._fullLayout._replotting = true;
  draw(plot, axes.map((axis) => axis._id));
  plot._fullLayout._replotting = false;
};

/* A promise if labels need other margins, and all was drawn again. Plotly takes over what differs by a
   pixel without drawing again, and would find another pixel at the next call, and so on. */
const redrawnInMargins = (plot) => {
  const { _size } = plot._fullLayout;
  const before = { ..._size };
  const again = doAutoMargin(plot);
  if (!again) Object.assign(_size, before);
  return again;
};

const ticks = ({ range, dtick, ticktext }) => String([range, dtick, ticktext]);
const settings = (given) => (Symbol.iterator in given ? { range: given } : given);

/* Are the new values arrays as long as those they replace? Otherwise settings may follow them: how
   many points a trace has, or whether it is drawn at all, which a map without a number is not. The
   scale of colors beside a map may follow its values, too. */
const keepsShape = (trace, update) =>
  trace.visible !== false &&
  !(trace.zauto && trace.showscale) &&
  Object.entries(update).every(
    ([name, now]) => QUICK.has(name) && sameShape(trace[name], now) && (name !== "z" || filled(now)),
  );

const QUICK = new Set(["x", "y", "z", "base", "width", "customdata", "text", "hovertext"]);
const isArray = (value) => Array.isArray(value) || ArrayBuffer.isView(value);
const length = (value) => (isArray(value) ? value.length : -1);
const filled = (z) => z.some((row) => isArray(row) && row.some(Number.isFinite));

const sameShape = (was, now) =>
  isArray(was) &&
  length(was) === length(now) &&
  (isArray(was[0]) || isArray(now[0]) ? was.every((row, i) => length(row) === length(now[i])) : true);

/* Does the axis get nothing but a range, and a step or words where it had one? */
const onlyMoves = ([axis, given]) => {
  const { range, dtick, ticktext, tickvals, ...others } = settings(given);
  const stepped = dtick === undefined || axis.tickmode === "linear";
  const worded = (!ticktext && !tickvals) || axis.tickmode === "array";
  return stepped && worded && !Object.keys(others).length;
};

/* Would a new range move other axes as well, or change the place of one? */
const linked = (plot, axes) =>
  list(plot).some((axis) => axis._matchGroup || axis._constraintGroup) &&
  (axes.length > 0 || list(plot).some((axis) => axis.autorange));

/* With a duration Plotly leaves the lines alone that are not named. It needs one of them, and would
   put those that are named in front of the ones between them. Lines and words get their style as
   they are drawn, bars do not. An area down to another line is drawn with all lines. */
const drawTraces = (plot, changed) => {
  const lines = plot._fullData.filter(({ type }) => type === "scatter");
  const moved = lines.filter(({ index }) => changed.includes(index));
  const [first, last] = [moved[0] ?? lines[0], moved.at(-1) ?? lines[0]];
  const alone = !lines.some(({ fill }) => fill?.startsWith("tonext"));
  const stays = ({ type, index }) =>
    alone && type === "scatter" && (index < first.index || index > last.index);
  const named = plot._fullData.filter((trace) => !stays(trace)).map(({ index }) => index);
  plotCartesian(plot, named, { duration: 0 });
  for (const { name, style } of plot._fullLayout._modules) if (name !== "scatter") style(plot);
};

module.exports = Plotly;
