// Selected cells go where they are needed: they begin a simulation, or are taken out of one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Scatter } from "../pages/scatter.js";
import { ExperimentsPanel, SimulatePanel } from "../pages/simulate.js";
import { eventually } from "../support/expect.js";
import { withExplorer } from "../support/world.js";

const left = [[0.02, 0.12], [0.45, 0.12], [0.45, 0.98], [0.02, 0.98]];

test("a lasso begins a simulation, and is taken out of a population", { timeout: 300_000 }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.chooseTime(5);
    const scatter = new Scatter(page);
    await scatter.drag(left, { shift: true });
    const count = await eventually("a selection", () => scatter.selected(), { timeout: 10_000 });

    const simulate = new SimulatePanel(page);
    await simulate.open();
    await page.getByRole("checkbox", { name: /Follow the selected cells/ }).check();
    const passing = page.getByText(/^\d+ simulated cells pass among the chosen ones: they begin as .* and end as /);
    await passing.waitFor({ timeout: 60_000 });
    const [ancestors] = (await passing.innerText()).match(/^\d+/);
    assert.ok(Number(ancestors) > 0 && Number(ancestors) < 256, "some of the cells that began at day 0");
    await page.getByRole("checkbox", { name: /Selected cells only/ }).check();
    await simulate.says(/cells from day 6 to day 10/);
    assert.equal(await page.locator(".problem p").count(), 0, "the selected cells are where it begins");

    const experiments = new ExperimentsPanel(page);
    await experiments.open();
    await experiments.small();
    await page.getByRole("button", { name: `Remove ${count.toLocaleString("en-US")} selected cells` }).click();
    assert.match(await experiments.changes.innerText(), /selected cells/);
    await experiments.run.click();
    await experiments.ended();
    const moved = await experiments.moved();
    assert.ok(moved.rows.some(({ values: [, each] }) => each > 0), "those who stay are displaced");
  });
});
