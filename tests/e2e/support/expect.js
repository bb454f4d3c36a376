// Assertions on numbers and on what comes later.

import assert from "node:assert/strict";

/** Waits until `read()` gives a truthy value and returns it. */
export async function eventually(what, read, { timeout = 60_000 } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) assert.fail(`${what}: not within ${timeout / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Numbers equal up to a relative error; `NaN` equals only `NaN`. */
export function assertClose(actual, expected, tolerance, what) {
  if (Number.isNaN(expected)) return assert.ok(Number.isNaN(actual), `${what}: ${actual} is a number`);
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(error <= tolerance, `${what}: ${actual} against ${expected}, relative error ${error} > ${tolerance}`);
}
