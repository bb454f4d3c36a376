// Twenty minutes are enough: a study is opened, learns at once, and gets its verdict, which a reload does not lose.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;

test("a study starts from the empty chord, gets its verdict in jobs, and a reload finds it", { timeout: 15 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    const empty = page.locator(".panel.attention .waiting");
    await empty.getByRole("button", { name: /^Start training/ }).waitFor();
    await empty.getByText(/updates of \d+ cells, about/).waitFor({ timeout: minutes });
    await empty.getByRole("button", { name: /^Get the verdict/ }).click();
    const card = page.getByRole("region", { name: "The five-minute verdict" });
    await card.getByText(/0 of 6 jobs done: predicting/).waitFor();
    // It can be stopped, and goes on where it was.
    await card.getByText(/1 of 6 jobs done/).waitFor({ timeout: 3 * minutes });
    await card.getByRole("button", { name: "Stop the verdict" }).click();
    await card.getByText(/standing still/).waitFor();
    await eventually("free again", () => card.getByRole("button", { name: "Go on with the verdict" }).isEnabled(), { timeout: minutes });
    await card.getByRole("button", { name: "Go on with the verdict" }).click();
    await eventually("all jobs", async () => (await card.getByRole("progressbar").count()) === 0, { timeout: 10 * minutes });
    const words = await card.getByRole("list", { name: "The verdict" }).innerText();
    assert.match(words, /predicts better than|within noise of each other/);
    assert.match(words, /interaction/);
    assert.match(words, /links between types lie on one side of equal listening in all 3 trainings/);
    const kept = new Kept(page);
    await kept.written(1);
    await page.reload();
    await explorer.alive();
    await kept.goOn();
    await explorer.openTab("Evaluate");
    await eventually("the verdict is back", async () => (await card.getByRole("list", { name: "The verdict" }).innerText()) === words, { timeout: 2 * minutes });
  });
});
