// regl is a plain script; regl-scatterplot imports it.
export default window.createREGL;
