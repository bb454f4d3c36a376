// The engine may die; the page says so and starts another.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

test("a worker killed in training is restarted and the page says so", { timeout: 5 * 60_000 }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    await explorer.startTraining({ updates: 500 });
    await explorer.lossesAfter(2, 60_000);
    await page.workers()[0].evaluate(() => self.close());
    await eventually("word of the restart", async () => /restart/i.test(await page.locator("body").innerText()));
    await eventually("a new worker", () => page.workers().length === 1);
    await eventually("the training goes on", () => explorer.button("Stop").isEnabled());
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
    assert.equal(await explorer.times.count(), 3, "the dataset is back");
    await explorer.startTraining({ updates: 1 });
    await explorer.lossesAfter(1, 60_000);
  });
});
