// regl-scatterplot with the cells of cells.js, for drawing.js.

import createScatterplot from "./node_modules/regl-scatterplot/dist/regl-scatterplot.esm.js";
import { cells, types } from "./cells.js";

const palette = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377"].slice(0, types);

/** Draws `count` cells on a canvas of `size` with dots of `radius`, and gives what is needed to draw other points. */
window.begin = async ({ count, size, radius }) => {
  const canvas = document.querySelector("canvas");
  const [width, height] = size;
  const { states, typeOf, dimensions } = cells(count, 2);
  const lows = [0, 1].map((k) => states.reduce((low, value, i) => (i % dimensions === k ? Math.min(low, value) : low), Infinity));
  const highs = [0, 1].map((k) => states.reduce((high, value, i) => (i % dimensions === k ? Math.max(high, value) : high), -Infinity));
  // The plot's own coordinates go from -1 to 1.
  const place = (i, k) => ((states[i * dimensions + k] - lows[k]) / (highs[k] - lows[k])) * 1.9 - 0.95;
  const axis = (k) => Float32Array.from({ length: count }, (_, i) => place(i, k));
  const points = { x: axis(0), y: axis(1), z: Float32Array.from(typeOf) };
  const plot = createScatterplot({ canvas, width, height, pointSize: 2 * radius, colorBy: "valueA", pointColor: palette, opacity: 0.8 });
  await plot.draw(points, { zDataType: "categorical" });
  window.plot = plot;
  window.points = points;
};

/** Draws points that are at other places in every frame, for some seconds; gives frames per second. */
window.animate = async (seconds) => {
  const { x, y, z } = window.points;
  const begin = performance.now();
  let frames = 0;
  while (performance.now() - begin < seconds * 1000) {
    const angle = frames / 20;
    const turn = (place, i) => place + 0.02 * Math.sin(angle + i);
    await window.plot.draw({ x: x.map(turn), y: y.map(turn), z }, { zDataType: "categorical" });
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return (frames * 1000) / (performance.now() - begin);
};
