// The short form of soak.js: after it has warmed up a tab does not grow with what is done in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { click, countMemory, grown, measure, train } from "../support/soak.js";
import { bare, fixture, withExplorer } from "../support/world.js";

/** Clicks after which time points, tabs and models all stand where they stood: a page with another panel open has other elements. */
const TURN = 120;

test("memory grows no more after 40 updates and 240 clicks", { timeout: 20 * 60_000 }, async () => {
  await withExplorer({ ...bare, before: countMemory }, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    const round = async () => {
      await train(explorer, 20);
      await click(explorer, TURN);
      return measure(page);
    };
    // After the second round the engine has the memory that it needs.
    await round();
    const warm = await round();
    assert.ok(warm.heap > 1 && warm.page > 1 && warm.engine > 1, `memory was measured: ${JSON.stringify(warm)}`);
    await round();
    const last = await round();
    assert.deepEqual(grown(warm, last), []);
  });
});
