// Held-out time points are predicted and compared, beside everything that needs no model.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { accessible, eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;
const rows = ["Floor (sampling alone)", "Stay put", "Optimal-transport interpolation", "One point", "scIMF without interaction", "scIMF", "Cell-MNN"];

/** Opens a small study of three time points, whatever the demo has answered. */
async function openStudy(explorer) {
  await explorer.untrained();
  await explorer.openStudy(fixture("gzip_csr.h5ad"));
}

let alone;
for (const [colorScheme, workers] of [["light", 1], ["dark", 2]]) {
  test(`all models are trained and compared in rows, ${colorScheme}, ${workers} at work`, { timeout: 10 * minutes }, async () => {
    await withExplorer({ query: `?device=cpu&workers=${workers}`, colorScheme }, async (explorer, { page }) => {
      await openStudy(explorer);
      await explorer.openTab("Train");
      await explorer.budget("Custom");
      await explorer.field("Simulated cells per update").fill("32");
      await explorer.chooseEvaluation({ times: [1], seeds: 2, updates: 6, cellMnn: true });
      assert.equal(await explorer.field("Measure in").inputValue(), "5", "the measure of Cell-MNN's published table");
      const start = explorer.button("Train and evaluate");
      assert.ok(await explorer.evaluation.getByRole("checkbox").first().isDisabled(), "the first time point cannot be predicted");
      await start.press("Enter");
      await explorer.evaluation.getByRole("progressbar").waitFor();
      assert.ok(await explorer.startButton.isDisabled(), "one long work at a time");
      await explorer.chooseTime(2);
      await explorer.chooseTime(0);
      const atWork = page.getByRole("table", { name: "Units of the evaluation" }).getByText(/^seed \d: being computed/);
      if (workers === 2) await eventually("two units at once", async () => (await atWork.count()) === 2, { timeout: minutes });

      await eventually("the end", async () => /done/.test(await explorer.tab("Evaluate").innerText()), { timeout: 5 * minutes });
      const table = await explorer.scoreRows();
      assert.deepEqual(table.map(({ name }) => name), rows);
      // Energy distance, Sinkhorn divergence, spread, types, W1, W2: the first two mark the best prediction.
      for (const { name, values } of table) {
        assert.ok(values.length === 6 && values.every(Number.isFinite) && values.slice(4).every((value) => value > 0), `${name}: ${values}`);
      }
      if (workers === 1) alone = table;
      else assert.deepEqual(table, alone, "the same bits, whoever computed them");
      const point = table.find(({ name }) => name === "One point");
      assert.equal(point.values[2], 0, "a point does not spread");
      assert.ok(table.every(({ marked }) => !marked.slice(2).some(Boolean)), "W1 and W2 mark nothing");
      for (const column of [0, 1]) {
        const predictions = table.slice(1);
        const lowest = predictions.reduce((best, row) => (row.values[column] < best.values[column] ? row : best));
        assert.deepEqual(table.filter(({ marked }) => marked[column]).map(({ name }) => name), [lowest.name], "the lowest prediction is marked");
      }
      const verdict = await explorer.evaluation.getByRole("list", { name: "What the numbers say" }).innerText();
      assert.match(verdict, /At .*4.*scIMF/);
      const plot = explorer.evaluation.getByRole("img", { name: /Scatter plot of .*4.*: 64 predicted over 80 observed cells/ });
      await eventually("predicted cells are drawn", () => colours(plot).then((count) => count > 4));
      await explorer.evaluation.getByRole("img", { name: /distances of the table, drawn/ }).waitFor();
      await accessible(page);

      const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save table (CSV)").click()]);
      const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
      assert.equal(lines.length, 1 + rows.length);
      assert.equal(Number(lines[6].split(",").at(-10)), table[5].values[0], "the file has the table's numbers");
    });
  });
}

test("weights that saw a time point are told; an evaluation stops, outlives a reload, goes on and leaves", { timeout: 10 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu&workers=1" }, async (explorer, { page }) => {
    await openStudy(explorer);
    await explorer.startTraining({ updates: 2, cells: 32 });
    await explorer.lossesAfter(2, 2 * minutes);
    await explorer.trainingEnded();
    await explorer.chooseEvaluation({ times: [1], seeds: 2, updates: 2 });
    await eventually("the warning", async () => /not known to have been trained without/.test(await explorer.evaluation.innerText()));
    const standing = (word) => eventually(word, async () => (await explorer.tab("Evaluate").innerText()).includes(word), { timeout: 3 * minutes });
    await explorer.button("Evaluate the weights in use").click();
    await standing("done");
    assert.match(await explorer.evaluation.innerText(), /may be a fit, not a prediction/);
    const table = await explorer.scoreRows();
    const row = (rows, name) => rows.find((row) => row.name === name);
    assert.ok(Number.isFinite(row(table, "scIMF")?.values[0]), "the weights in use are in the table");
    assert.ok(!table.some(({ name, values }) => /without interaction|Cell-MNN/.test(name) && Number.isFinite(values[0])), "what has no weights has no numbers");

    await explorer.field("Updates of OT-CFM").fill("60");
    await explorer.evaluation.getByRole("checkbox", { name: "OT-CFM", exact: true }).check();
    const units = page.getByRole("table", { name: "Units of the evaluation" });
    const unit = (name) => units.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
    await eventually("the time of each", async () => /2 × about/.test(await unit("OT-CFM").innerText()), { timeout: minutes });
    assert.match(await unit("scIMF").innerText(), /seed 0: to come/);
    await explorer.button("Train and evaluate").click();
    // All models under the first seed before any under the second: both of scIMF are done while the long one is on its way.
    await eventually("a training under way", async () => /training OT-CFM, seed 0: update \d+ of 60/i.test(await explorer.evaluation.innerText()), { timeout: 3 * minutes });
    await explorer.button("Stop the evaluation").click();
    await standing("stopped");
    assert.ok(await explorer.startButton.isEnabled());
    const stopped = await explorer.scoreRows();
    assert.deepEqual(["Stay put", "scIMF", "OT-CFM"].map((name) => row(stopped, name).seeds), ["2", "1 of 2", "0 of 2"]);
    assert.match(await unit("scIMF").innerText(), /seed 0: done[^]*seed 1: to come/);

    const kept = new Kept(page);
    const views = async () => (await kept.database()).generations.map(({ head }) => JSON.parse(head.view));
    const alone = ({ evaluated }) => evaluated?.table.held_out[0].rows.find(({ key }) => key === "scimf-alone");
    await eventually("what was found is kept", async () => (await views()).some((view) => alone(view)?.distances?.values === 1));
    await page.reload();
    await kept.goOn();
    await explorer.openTab("Evaluate");
    await eventually("the table is back", async () => (await explorer.scores.count()) === 1, { timeout: 2 * minutes });
    assert.deepEqual(await explorer.scoreRows(), stopped);
    const resume = explorer.button("Resume: 4 trainings left");
    await eventually("it can go on", () => resume.isEnabled(), { timeout: 2 * minutes });
    const speed = await explorer.meanSpeed();
    await resume.click();
    await explorer.chooseTime(2);
    await eventually("the page answers meanwhile", async () => (await explorer.meanSpeed()) !== speed, { timeout: 2 * minutes });
    await standing("done");
    const whole = await explorer.scoreRows();
    assert.deepEqual(["scIMF", "scIMF without interaction", "OT-CFM"].map((name) => row(whole, name).seeds), ["2", "2", "2"]);
    assert.deepEqual(row(whole, "Stay put").values, row(stopped, "Stay put").values);

    for (const [form, says] of [["Markdown", /\| scIMF \|.*± .*\| 2 \|/], ["LaTeX", /\\begin\{tabular\}[^]*OT-CFM/]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), explorer.button(`Save table (${form})`).click()]);
      assert.match(await readFile(await download.path(), "utf8"), says);
    }
  });
});

/** Number of different colours on a canvas. */
const colours = (canvas) =>
  canvas.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
