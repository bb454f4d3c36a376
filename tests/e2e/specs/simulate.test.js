// New cells from where the user wants them: what they become, where they go, what they express, and which selected cells they begin with.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Export } from "../pages/export.js";
import { Scatter } from "../pages/scatter.js";
import { ExperimentsPanel, GenesPanel, SimulatePanel } from "../pages/simulate.js";
import { accessible, accessibleInBoth, assertClose, eventually } from "../support/expect.js";
import { sharedExplorer } from "../support/world.js";

const minutes = 60_000;
const shared = sharedExplorer({ query: "?device=cpu" });

test("cells begin where they are told to and go on beyond the data", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new SimulatePanel(page);
    await panel.open();
    await panel.says(/256 cells from day 0 to day 10/);
    // The chord follows the simulated cells, also to times at which nothing was observed; the chosen time point brings the observed ones back.
    const attention = new Attention(explorer);
    const title = page.locator("#attention-title");
    await explorer.chooseTime(4);
    await eventually("the chord of day 4", async () => /at day 4$/.test(await title.textContent()));
    const observed = [await title.textContent(), JSON.stringify(await attention.arcs())];
    await panel.scrubber.fill("540");
    await eventually("the chord of simulated cells", async () => /intervals, simulated$/.test(await title.textContent()));
    const living = JSON.stringify(await attention.arcs());
    assert.notEqual(living, observed[1]);
    assert.match(await attention.chords.first().getAttribute("aria-label"), /intervals, simulated, arrows from sender/);
    await panel.scrubber.fill("300");
    await eventually("another moment", async () => JSON.stringify(await attention.arcs()) !== living);
    const figure = new Export(page);
    await figure.open("Who listens to whom");
    assert.match(await figure.title.inputValue(), /, simulated$/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await explorer.chooseTime(4);
    await eventually("observed cells again", async () => (await title.textContent()) === observed[0]);
    await eventually("their chord", async () => JSON.stringify(await attention.arcs()) === observed[1]);
    await panel.field("Start at").selectOption({ label: "day 4" });
    await panel.type(/Stroma/).check();
    await panel.field("End at").selectOption({ label: "day 10 + 1 interval" });
    await panel.field("Number of cells").fill("60");
    await panel.field("Noise").fill("0.5");
    await panel.says(/60 cells from day 4 to 1.00 intervals beyond day 10, noise × 0.5/);

    const { columns, rows } = await panel.composition();
    assert.equal(rows[0].name, "day 4");
    assert.equal(rows.at(-1).name, "1.00 intervals beyond day 10");
    for (const { name, values } of rows) {
      assertClose(values.slice(0, 6).reduce((sum, share) => sum + share), 1, 1e-5, `shares at ${name}`);
    }
    const stroma = columns.indexOf("Stroma");
    const sorted = [...rows[0].values.slice(0, 6)].sort((a, b) => b - a);
    assert.equal(rows[0].values[stroma], sorted[0], "stroma begins");
    assert.match(rows[0].words[stroma], /observed \d/);
    assert.doesNotMatch(rows.at(-1).words[stroma], /observed/, "nothing was observed beyond the data");
    assert.match(rows.at(-1).words.at(-1), /^\d+ %$/, "the labels have a confidence");
    await accessibleInBoth(page);

    await page.getByText("beyond the data", { exact: true }).waitFor();
    await panel.scrubber.focus();
    await page.keyboard.press("End");
    assert.equal(await panel.time(), "1.00 intervals beyond day 10");
    await page.keyboard.press("Home");
    assert.equal(await panel.time(), "day 4", "nothing is shown before the start");
    await explorer.button("Watch on the cells").click();
    await eventually("it plays", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    const seen = await panel.time();
    await eventually("and moves on", async () => (await panel.time()) !== seen);
    await explorer.play(false);

    const leaves = new Export(page);
    await leaves.open();
    await leaves.size(320, 240);
    const { name, bytes } = await leaves.film();
    assert.match(name, /-film\.gif$/);
    assert.deepEqual([bytes.subarray(0, 6).toString(), bytes.readUInt16LE(6), bytes.readUInt16LE(8)], ["GIF89a", 320, 240]);
    assert.match(await leaves.dialog.getByText(/was saved: 60 pictures of 320 × 240/).innerText(), /kB|MB/);
    await eventually("the film as preview", () => leaves.preview.evaluate((image) => image.naturalWidth === 320));
    await page.keyboard.press("Escape");

    await panel.field("End at").selectOption({ label: "day 10" });
    await panel.says(/to day 10,/);
    assert.equal(await page.getByText("beyond the data", { exact: true }).count(), 0);
  });
});

test("a simulation is chosen by keyboard alone, is the same for the same seed, and its cells are saved", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new SimulatePanel(page);
    await panel.open();
    await panel.field("Number of cells").focus();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("50");
    await panel.says(/^50 cells .* seed 0/);
    const first = await panel.composition();
    for (const [seed, same] of [["7", false], ["0", true]]) {
      await panel.field("Random seed").focus();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(seed);
      await panel.says(new RegExp(`seed ${seed}`));
      const { rows } = await panel.composition();
      assert.equal(JSON.stringify(rows) === JSON.stringify(first.rows), same, `seed ${seed}`);
    }
    for (const [name, magic] of [["Save cells (.npz)", "504b0304"], ["Save cells (.h5ad)", "89484446"]]) {
      await explorer.button(name).focus();
      const [download] = await Promise.all([page.waitForEvent("download", { timeout: minutes }), page.keyboard.press("Enter")]);
      const bytes = await readFile(await download.path());
      assert.equal(bytes.subarray(0, 4).toString("hex"), magic, download.suggestedFilename());
      assert.match(download.suggestedFilename(), name.includes("npz") ? /\.npz$/ : /\.h5ad$/);
    }
    const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save composition (CSV)").press("Enter")]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n").slice(1).map((line) => line.split(","));
    assert.equal(Number(lines[0][3]), first.rows[0].values[0], "the file has the table's numbers");
  });
});

test("a long simulation lets other questions through, and can be cancelled", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new SimulatePanel(page);
    await panel.open();
    await panel.says(/256 cells from/);
    await panel.field("Number of cells").fill("2000");
    await panel.field("End at").selectOption({ label: "day 10 + 5 intervals" });
    await eventually("it simulates", async () => /^Simulating/.test(await panel.standing.first().innerText()), { timeout: minutes });
    await panel.progress.waitFor();
    await eventually("it moves on", () => panel.progress.evaluate((it) => it.value > 0), { timeout: minutes });
    await accessible(page);
    await explorer.play(false);
    await explorer.chooseTime(2);
    await explorer.chooseTime(6);
    await eventually("the velocity of another time", async () => Number.isFinite(await explorer.meanSpeed()), { timeout: minutes });
    assert.ok(await panel.progress.isVisible(), "cells move on meanwhile");
    await explorer.button("Cancel simulation").press("Enter");
    await page.getByText("Cancelled; the simulation before is shown.").waitFor();
    const again = explorer.button("Simulate again");
    assert.ok(await again.evaluate((it) => it === document.activeElement), "the focus stays");
    await panel.field("Number of cells").fill("60");
    await panel.says(/60 cells from .* beyond day 10/);
    assert.ok(!(await again.isVisible()));
  });
});

test("a lasso begins a simulation, and is taken out of a population", { timeout: 300_000 }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.chooseTime(5);
    const scatter = new Scatter(page);
    await scatter.drag([[0.02, 0.12], [0.45, 0.12], [0.45, 0.98], [0.02, 0.98]], { shift: true });
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

test("genes are followed along the simulated time", { timeout: 8 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const panel = new GenesPanel(page);
    await panel.open();
    await eventually("the genes are known", () => panel.name.isEnabled());
    await panel.name.fill("no such gene");
    await panel.name.press("Enter");
    await page.getByText("There is no gene named no such gene in the loadings.").waitFor();
    await panel.name.fill("SIMSEC01");
    await panel.name.press("Enter");
    await panel.name.fill("simMus01");
    await page.getByRole("button", { name: "Add gene" }).click();
    await page.getByRole("img", { name: /Mean expression of simMus01/ }).waitFor({ timeout: minutes });

    const { columns, rows } = await panel.table();
    assert.deepEqual(columns, ["simSec01", "simMus01"]);
    assert.ok(rows.length >= 8 && rows.every(({ values }) => values.every(Number.isFinite)));
    await accessibleInBoth(page);
    await panel.course("simSec01").focus();
    await page.keyboard.press("Home");
    const [, mean, low, high] = /day 0: mean (-?[\d.e-]+), 10–90 % (-?[\d.e-]+) to (-?[\d.e-]+)/.exec(await panel.readout("simSec01"));
    assertClose(Number(mean), rows[0].values[0], 2e-3, "the readout's mean");
    assert.ok(Number(low) <= Number(mean) && Number(mean) <= Number(high));
    await page.keyboard.press("ArrowRight");
    assert.match(await panel.readout("simMus01"), /day 0 \+ 0\.10 intervals/, "all panels read one time");

    await page.getByRole("button", { name: "Remove simSec01" }).press("Enter");
    await eventually("one gene is left", async () => (await panel.followed.getByRole("listitem").count()) === 1);
    await eventually("one curve is left", async () => (await panel.course("simSec01").count()) === 0);

    // The path of least action from the first cells to a type among the last, beside the straight line.
    const between = page.getByRole("region", { name: "Path between two groups" });
    await between.getByLabel("To type", { exact: true }).selectOption({ index: 1 });
    await between.getByRole("button", { name: "Find the path" }).press("Enter");
    const findings = between.getByRole("list", { name: "What the path says" });
    await findings.waitFor({ timeout: 3 * minutes });
    assert.match(await findings.innerText(), /action of .* on this path, .* on the straight line/);
    assert.match(await findings.innerText(), /Of the 20 genes that move most on the path, the straight line names \d+/);
    const onPath = between.getByRole("table", { name: /Decoded through the loadings/ });
    const ranges = await onPath.locator("tbody td:nth-child(5)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    assert.ok(ranges.length === 20 && ranges.every((range, at) => range > 0 && (at === 0 || range <= ranges[at - 1])), `${ranges}`);
    await between.getByRole("button", { name: "Beyond the line" }).click();
    await eventually("another ranking", async () => (await onPath.locator("tbody tr").count()) === 20);
    const [file] = await Promise.all([page.waitForEvent("download"), between.getByRole("button", { name: "Save path points (CSV)" }).click()]);
    assert.equal((await readFile(await file.path(), "utf8")).trim().split("\n").length, 1 + 16);
    const cells = new Export(page);
    await cells.open("Cells");
    assert.match(String((await cells.svg()).bytes), /class="least-action"/);
    await page.keyboard.press("Escape");
    await accessible(page);
  });
});
