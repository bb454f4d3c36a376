// What a change does to a simulated population, beside what another seed would do.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ExperimentsPanel } from "../pages/simulate.js";
import { accessibleInBoth, assertClose, eventually } from "../support/expect.js";
import { sharedExplorer } from "../support/world.js";

const minutes = 60_000;
const shared = sharedExplorer({ query: "?device=cpu" });
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

test("removing a cell type changes fates, positions and genes, and both populations are played", { timeout: 8 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new ExperimentsPanel(page);
    await panel.open();
    assert.ok(await panel.run.isDisabled(), "there is nothing to run without a change");
    await accessibleInBoth(page);
    await panel.field("Cell type to remove").selectOption("Organizer");
    await panel.button("Remove type").click();
    assert.match(await panel.changes.innerText(), /Remove Organizer/);
    await panel.small();
    await page.getByText("2 pairs of simulations: 4 × 60 cells over 2 intervals, in the background.").waitFor();
    await panel.run.click();
    await panel.progress.waitFor();
    await panel.ended();
    await page.getByText("These are predictions of the fitted model, not measurements.").first().waitFor();

    const fates = await panel.fates();
    assert.deepEqual(fates.columns.slice(0, 4), ["Unchanged", "Changed", "Difference", "Noise"]);
    assert.equal(fates.rows.length, 6);
    for (const column of [0, 1]) assertClose(sum(fates.rows.map(({ values }) => values[column])), 1, 1e-3, fates.columns[column]);
    for (const { name, values: [unchanged, changed, difference, noise], words } of fates.rows) {
      assert.ok(Math.abs(difference - (changed - unchanged)) < 1e-5 && noise >= 0, name);
      assert.equal(words.at(-1), Math.abs(difference) > noise ? "beyond" : "within noise", name);
    }
    const moved = await panel.moved();
    assert.ok(moved.rows.length > 1 && moved.rows.every(({ name }) => name !== "Organizer"), "who is gone is not displaced");
    assert.ok(moved.rows.some(({ values: [, each] }) => each > 0), "somebody is displaced");
    assert.ok((await panel.genes()).rows.length > 0);
    await page.getByRole("img", { name: /shares of the table, drawn/ }).waitFor();
    await accessibleInBoth(page);

    const [download] = await Promise.all([page.waitForEvent("download"), panel.button("Save displacement (CSV)").click()]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    assert.equal(lines.length, 1 + moved.rows.length);
    assert.equal(Number(lines[1].split(",")[2]), moved.rows[0].values[1], "the file has the table's numbers");

    const pictures = new Set();
    for (const name of ["Both", "Unchanged", "Changed", "Simulation"]) {
      await panel.played.getByRole("button", { name, exact: true }).click();
      pictures.add(await eventually("a picture of its own", async () => {
        const now = await picture(page);
        return pictures.has(now) ? null : now;
      }));
    }
    assert.equal(pictures.size, 4);
    await panel.played.getByRole("button", { name: "Both", exact: true }).click();
    await panel.button("Watch the experiment").click();
    const slider = page.getByRole("slider", { name: "Time of the simulated cells" });
    await eventually("it plays from its start", async () => /day 6/.test(await slider.getAttribute("aria-valuetext")));
    await explorer.play(false);
    await panel.button("Take back: Remove Organizer").click();
  });
});

test("a link is muted and a gene shifted by keyboard alone, and an experiment can be cancelled", { timeout: 8 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new ExperimentsPanel(page);
    await panel.open();
    await panel.small({ start: "day 8" });
    await panel.field("Sender to mute").focus();
    await page.keyboard.type("Stro");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(await panel.changes.innerText(), /No cell hears Stroma/);
    await panel.run.focus();
    await page.keyboard.press("Enter");
    await panel.ended();
    const moved = await panel.moved();
    assert.ok(sum(moved.rows.map(({ values: [, each] }) => each)) > 0, "the mask has an effect");

    await panel.button("Take back: No cell hears Stroma").press("Enter");
    await panel.field("Shift by").focus();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("-2");
    await panel.field("Gene to shift").focus();
    await page.keyboard.type("simMus01");
    await page.keyboard.press("Enter");
    assert.match(await panel.changes.innerText(), /simMus01 −2\.000 at the start/);
    await panel.run.focus();
    await page.keyboard.press("Enter");
    await page.getByText(/simMus01 −2\.000 at the start; from day 8 to day 10/).waitFor();
    assert.ok((await panel.genes()).rows.some(({ values: [difference] }) => difference !== 0));

    await panel.field("Cells per simulation").fill("2000");
    await panel.field("Pairs of simulations").fill("10");
    await panel.run.press("Enter");
    await panel.button("Cancel experiment").waitFor();
    assert.ok(await explorer.startButton.isDisabled(), "one long work at a time");
    await panel.button("Cancel experiment").press("Enter");
    await eventually("the end", async () => /was cancelled/.test(await explorer.status.first().innerText()), { timeout: 3 * minutes });
    assert.ok(await panel.run.isEnabled());
    await page.getByText(/simMus01 −2\.000 at the start; from day 8 to day 10; 60 cells/).waitFor();
  });
});

const picture = (page) => page.locator(".cells canvas").evaluateAll((layers) => layers.map((canvas) => canvas.toDataURL()).join());
