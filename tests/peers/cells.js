// Simulated cells, the same at every run, in node and in a browser.

/** Uniform numbers in [0, 1) that are the same at every run (xorshift32). */
function uniforms(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const types = 6;
export const times = 5;

/** Cells of `types` types that drift apart over `times` time points, in `dimensions` components of falling width. */
export function cells(count, dimensions) {
  const uniform = uniforms(7);
  // The sum of four uniforms is close enough to a normal number.
  const normal = () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
  const aims = Array.from({ length: types * dimensions }, () => 2 * normal());
  const states = new Float32Array(count * dimensions);
  const timeOf = new Uint16Array(count);
  const typeOf = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    timeOf[i] = i % times;
    typeOf[i] = Math.floor(uniform() * types);
    for (let k = 0; k < dimensions; k++) {
      const width = 3 / Math.sqrt(k + 1);
      const aim = aims[typeOf[i] * dimensions + k] * width;
      states[i * dimensions + k] = aim * (0.2 + timeOf[i] / times) + 0.4 * width * normal();
    }
  }
  return { states, timeOf, typeOf, dimensions };
}
