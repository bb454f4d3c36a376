// Twenty minutes are enough: a study is opened, gets its verdict within a minute's budget, and a reload does not lose it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { eventually } from "../support/expect.js";
import { hurried } from "../support/worker.js";
import { bare, fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;
/** The minute of the budget is one of the engine's clock. */
const TIMES = 10;

test("a study gets its verdict in jobs, and a reload finds it", { timeout: 15 * minutes }, async () => {
  await withExplorer({ ...bare, before: hurried(TIMES) }, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    const empty = page.locator(".panel.attention .waiting");
    await empty.getByRole("button", { name: /^Start training/ }).waitFor({ timeout: minutes });
    await empty.getByText(/updates of \d+ cells/).waitFor({ timeout: minutes });
    await empty.getByRole("button", { name: /^Get the verdict/ }).waitFor();

    // From an update on it is known how many fit into the budget.
    await explorer.startTraining({ updates: 2 });
    await explorer.lossesAfter(2, 2 * minutes);
    await explorer.trainingEnded();
    await explorer.openTab("Evaluate");
    const card = page.getByRole("region", { name: "The verdict in minutes" });
    await card.getByLabel("Within").selectOption({ label: "60 s" });
    await card.getByRole("button", { name: "Get the verdict · about 60 s" }).click();
    await card.getByText(/0 of 6 jobs done: predicting/).waitFor();
    // It can be stopped, and goes on where it was. A training alone lasts too short for a busy machine to be met in it.
    await card.getByText(/[1-5] of 6 jobs done: (training|predicting)/).waitFor({ timeout: 3 * minutes });
    await card.getByRole("button", { name: "Stop the verdict" }).click();
    await card.getByText(/[1-5] of 6 jobs done: standing still/).waitFor();
    const on = card.getByRole("button", { name: /^Go on with the verdict/ });
    await eventually("free again", () => on.isEnabled(), { timeout: minutes });
    await on.click();
    await eventually("all jobs", async () => (await card.getByRole("progressbar").count()) === 0, { timeout: 10 * minutes });
    const found = card.getByRole("list", { name: "The verdict" });
    const words = await found.innerText();
    assert.match(words, /predicts better than|within noise of/);
    assert.match(words, /interaction/);
    assert.match(words, /links between types lie on one side of equal listening in all 3 trainings/);

    const kept = new Kept(page);
    const views = async () => (await kept.database()).generations.map(({ head }) => JSON.parse(head.view));
    await eventually("the verdict is kept", async () => (await views()).some(({ verdict }) => verdict?.heard.length === 3));
    await page.reload();
    await kept.goOn();
    await explorer.openTab("Evaluate");
    await eventually("the verdict is back", async () => (await found.innerText()) === words, { timeout: 2 * minutes });
  });
});
