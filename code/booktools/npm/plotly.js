/* The parts of plotly.js that the book uses: lines and points are always there. */
const Plotly = require("plotly.js/lib/core");
const { doAutoMargin, doCalcdata } = require("plotly.js/src/plots/plots");
const { draw, list } = require("plotly.js/src/plots/cartesian/axes");
const { doAutoRangeAndConstraints, drawData } = require("plotly.js/src/plot_api/subroutines");

Plotly.register([require("plotly.js/lib/bar"), require("plotly.js/lib/heatmap")]);

/* Draws new data: what react does, but for settings, legend and titles, which stay as they are.
   Only axes with a new range are drawn, since measuring labels takes most of the time. */
Plotly.redrawData = (plot) => {
  const before = list(plot).map((axis) => String(axis.range));
  doCalcdata(plot);
  doAutoRangeAndConstraints(plot);
  const moved = list(plot).filter((axis, i) => String(axis.range) !== before[i]);
  if (moved.length) draw(plot, moved.map((axis) => axis._id));
  drawData(plot);
  return moved.length ? doAutoMargin(plot) : null;
};

module.exports = Plotly;
