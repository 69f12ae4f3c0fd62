/* The parts of plotly.js that the book uses: lines and points are always there. */
const Plotly = require("plotly.js/lib/core");
const { doAutoMargin, doCalcdata } = require("plotly.js/src/plots/plots");
const { plot: plotCartesian } = require("plotly.js/src/plots/cartesian");
const { draw, list } = require("plotly.js/src/plots/cartesian/axes");
const { doAutoRangeAndConstraints, drawData } = require("plotly.js/src/plot_api/subroutines");

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/heatmap")]);

/* Draws new data: what react does, but for settings, legend and titles, which stay as they are.
   Axes are drawn only for a new range, since measuring their labels takes most of the time. Lines
   and words, which take the rest, are drawn only in the traces `changed`, a list of numbers. */
Plotly.redrawData = (plot, changed) => {
  const before = list(plot).map((axis) => String(axis.range));
  doCalcdata(plot);
  doAutoRangeAndConstraints(plot);
  const moved = list(plot).filter((axis, i) => String(axis.range) !== before[i]);
  const marks = moved.flatMap(({ _id }) => [`.${_id}tick`, `.${_id}grid`]).join() || "none";
  plot.querySelectorAll(marks).forEach((mark) => mark.remove()); // for their order in the page
  if (moved.length) draw(plot, moved.map((axis) => axis._id));
  if (moved.length) drawData(plot);
  else drawTraces(plot, changed);
  return moved.length ? doAutoMargin(plot) : null;
};

/* With a duration Plotly leaves the lines alone that are not named. It needs one of them, and would
   put those that are named in front of the ones between them. Lines and words get their style as
   they are drawn, bars do not. */
const drawTraces = (plot, changed) => {
  const lines = plot._fullData.filter(({ type }) => type === "scatter");
  const moved = lines.filter(({ index }) => changed.includes(index));
  const [first, last] = [moved[0] ?? lines[0], moved.at(-1) ?? lines[0]];
  const stays = ({ type, index }) =>
    type === "scatter" && (index < first.index || index > last.index);
  const named = plot._fullData.filter((trace) => !stays(trace)).map(({ index }) => index);
  plotCartesian(plot, named, { duration: 0 });
  for (const { name, style } of plot._fullLayout._modules) if (name !== "scatter") style(plot);
};

module.exports = Plotly;
