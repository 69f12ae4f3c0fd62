/* New data for a drawn plot, by public calls of plotly.js. It follows plotly.min.js as a script.

   Plotly.redrawData(plot, updates, ranges) sets updates[i][attribute] of trace i, for example
   {0: {y: [1, 2]}, 3: {x: [0], "marker.color": ["red"]}}, and ranges of axes as a layout writes
   them (exponents where an axis is logarithmic), alone or with other settings of the axis:
   {xaxis: [0, 1], yaxis: {range: [-3, 1], dtick: 1}}. Axes that are not named go on as they were.
   Arrays of data are kept, not copied. It returns null if all is drawn by then, or a promise. The
   lighter plotly.js of the book's pages answers the same call in less time. */
((Plotly) => {
  "use strict";

  Plotly.redrawData = (plot, updates, ranges = {}) => {
    const traces = Object.keys(updates).map(Number);
    const names = new Set(traces.flatMap((i) => Object.keys(updates[i])));
    const values = (name) => traces.map((i) => updates[i][name]); // undefined: it stays
    const data = Object.fromEntries([...names].map((name) => [name, values(name)]));
    const layout = Object.fromEntries(Object.entries(ranges).flatMap(settings));
    if (!names.size && !Object.keys(layout).length) return null;
    return Plotly.update(plot, data, layout, traces);
  };

  const settings = ([axis, given]) => {
    const { range, ...others } = Symbol.iterator in given ? { range: given } : given;
    const named = Object.entries(range ? { range: [...range], ...others } : others);
    return named.map(([name, value]) => [`${axis}.${name}`, value]);
  };
})(window.Plotly);
