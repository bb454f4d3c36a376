// Assertions on numbers, on what comes later, and on what everybody can use.

import assert from "node:assert/strict";
import axe from "axe-core";

/** Fails if axe finds a serious or critical violation in what the page shows now. */
export async function accessible(page) {
  assert.deepEqual(await violations(page, {}), []);
}

/** The same in light and in dark colours, of which only the contrasts differ. */
export async function accessibleInBoth(page) {
  await accessible(page);
  // A dialog may lie over the button.
  const turn = () => page.getByRole("button", { name: "Dark colours", includeHidden: true }).evaluate((button) => button.click());
  await turn();
  assert.deepEqual(await violations(page, { runOnly: ["color-contrast"] }), []);
  await turn();
}

/** Names and elements of what axe calls serious or critical. What passed is not listed, which would take longer than to find out. */
async function violations(page, rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => window.axe.run({ resultTypes: ["violations"], ...rules }), rules);
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

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
