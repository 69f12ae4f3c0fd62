/* The parts of plotly.js that the book uses: lines and points are always there. */
const Plotly = require("plotly.js/lib/core");
const { doAutoMargin, doCalcdata } = require("plotly.js/src/plots/plots");
const { draw, list } = require("plotly.js/src/plots/cartesian/axes");
const { doAutoRangeAndConstraints, drawData } = require("plotly.js/src/plot_api/subroutines");

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/heatmap")]);

/* Draws new data: what react does, but for settings, legend and titles, which stay as they are.
   Axes are drawn only for a new range, since measuring their labels takes most of the time. */
Plotly.redrawData = (plot) => {
  const before = list(plot).map((axis) => String(axis.range));
  doCalcdata(plot);
  doAutoRangeAndConstraints(plot);
  const moved = list(plot).filter((axis, i) => String(axis.range) !== before[i]);
  const marks = moved.flatMap(({ _id }) => [`.${_id}tick`, `.${_id}grid`]).join() || "none";
  plot.querySelectorAll(marks).forEach((mark) => mark.remove()); // for their order in the page
  if (moved.length) draw(plot, moved.map((axis) => axis._id));
  drawData(plot);
  return moved.length ? doAutoMargin(plot) : null;
};

module.exports = Plotly;
