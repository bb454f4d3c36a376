// What once went wrong on the page, and must not again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { Scatter } from "../pages/scatter.js";
import { eventually } from "../support/expect.js";
import { fixture, sharedExplorer, withExplorer } from "../support/world.js";

const cpu = { query: "?device=cpu" };
const shared = sharedExplorer(cpu);

test("a file that would end a training asks first, and late answers about the old study say nothing", { timeout: 4 * 60_000 }, async () => {
  await withExplorer(cpu, async (explorer, { page }) => {
    await explorer.times.last().waitFor();
    await explorer.chooseTime(7);
    await explorer.startTraining({ updates: 5000, cells: 32 });
    await explorer.lossesAfter(1, 120_000);
    await explorer.dropFile(fixture("gzip_csr.h5ad"));
    const asks = page.getByRole("dialog", { name: "Open another study?" });
    await asks.waitFor();
    assert.match(await asks.innerText(), /A training is running\. Opening gzip_csr\.h5ad ends it\./);
    await asks.getByRole("button", { name: "Go on here" }).click();
    await asks.waitFor({ state: "hidden" });
    assert.ok(!(await explorer.startButton.isEnabled()), "the training goes on");
    await explorer.dropFile(fixture("gzip_csr.h5ad"));
    await asks.getByRole("button", { name: "End it and open" }).click();
    await asks.waitFor({ state: "hidden" });
    await explorer.acceptMapping();
    await explorer.opened("gzip_csr");
    await page.waitForTimeout(1500);
    assert.equal(await page.locator(".problem p").count(), 0, "nothing failed");
    assert.doesNotMatch(await explorer.status.first().innerText(), /failed/);
  });
});

test("the error of one file is gone when the next is opened", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openFile(fixture("bad_not_hdf5.h5ad"));
    await explorer.alert.getByText(/./).first().waitFor();
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.mapping.waitFor();
    assert.equal(await explorer.mapping.getByRole("alert").locator("p").count(), 0);
    await page.keyboard.press("Escape");
    await explorer.mapping.waitFor({ state: "hidden" });
  });
});

test("popovers close by a press outside and by Escape, which then does nothing else", async () => {
  await shared(async (explorer, { page }) => {
    const open = () => page.locator("details:is(.pick, .device, .select-menu)[open]").count();
    for (const summary of [".attention .pick summary", ".model-switch summary", ".device summary", ".select-menu:not(.look) summary", ".look summary"]) {
      await page.locator(summary).click();
      assert.equal(await open(), 1, summary);
      await page.locator("footer").click();
      await eventually("closed by a press", async () => (await open()) === 0);
    }
    await page.locator(".legend").getByRole("button").first().click();
    await page.locator(".attention .pick summary").click();
    await page.keyboard.press("Escape");
    await eventually("closed by Escape", async () => (await open()) === 0);
    assert.ok((await page.locator(".pinned").count()) > 0, "what is pinned stays");
  });
});

test("at the last time point an experiment ends one interval later, and no row of scores is bold by its place", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.chooseTime(7);
    await explorer.openTab("Experiments");
    const end = explorer.field("and ends at");
    await eventually("an end", async () => /\+ 1 interval$/.test(await end.evaluate((it) => it.selectedOptions[0]?.textContent ?? "")));
    const bold = await page.evaluate(() => {
      const add = (parent, name) => parent.appendChild(document.createElement(name));
      const table = add(document.body, "table");
      table.className = "scores";
      const body = add(table, "tbody");
      const weights = ["a", "b"].map(() => add(add(body, "tr"), "th")).map((cell) => getComputedStyle(cell).fontWeight);
      table.remove();
      return weights;
    });
    assert.equal(new Set(bold).size, 1);
  });
});

test("kept work is offered under Recent, not over the time points; what comes back stands still", { timeout: 5 * 60_000 }, async () => {
  await withExplorer(cpu, async (explorer, { page }) => {
    const kept = new Kept(page);
    await explorer.alive();
    await explorer.startTraining({ updates: 3, cells: 32 });
    await explorer.trainingEnded();
    await kept.written(1);
    await page.reload();
    await explorer.times.last().waitFor();
    await kept.recent.waitFor();
    await explorer.chooseTime(7);
    assert.ok(await explorer.times.nth(7).isChecked(), "the last time point takes its click");
    await kept.goOn();
    await eventually("it is back", async () => /is back/.test(await explorer.status.first().innerText()));
    await page.waitForTimeout(2500);
    assert.equal(await explorer.button("Play").getAttribute("aria-pressed"), "false", "it stood still and stands still");
    assert.doesNotMatch(await page.locator(".loss-spark").innerText(), /no training yet/);
    // The list of runs came back with it.
    await explorer.openTab("Runs");
    await page.getByRole("region", { name: "Runs" }).getByText("3 updates of 32 cells").waitFor();
  });
});

test("the card of a cell stands beside its lines", async () => {
  await shared(async (explorer, { page }) => {
    const scatter = new Scatter(page);
    await explorer.play(false);
    await scatter.plot.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await scatter.card.waitFor();
    const { width, height } = await scatter.card.boundingBox();
    assert.ok(width <= 300 && height <= 250, `a small card: ${width} x ${height}`);
  });
});

test("Train opens with what to do, and tables with many rows scroll inside", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openTab("Train");
    assert.doesNotMatch(await page.locator("#panel-train").innerText(), /Computing on the CPU|adapter/);
    await page.getByText(/updates of \d+ cells/).first().waitFor();
    const rule = await page.evaluate(() => {
      const box = document.createElement("div");
      box.className = "figure-scroll tall";
      document.body.append(box);
      const { overflowY, maxHeight } = getComputedStyle(box);
      box.remove();
      return [overflowY, maxHeight !== "none"];
    });
    assert.deepEqual(rule, ["auto", true]);
  });
});
