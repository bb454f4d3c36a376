// The models beside each other: those with a potential trained, shown, simulated, followed to fates, evaluated in one table, saved and reopened; all in one table.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Scatter } from "../pages/scatter.js";
import { accessible, eventually } from "../support/expect.js";
import { withExplorer } from "../support/world.js";

const minutes = 60_000;
const patient = { timeout: 180_000 };

const landscape = (page) => page.getByRole("region", { name: /The landscape/ });

/** Settings of a model's own with which it learns soon, if little. */
async function own(explorer, model, settings) {
  await explorer.chooseModel(model);
  await explorer.openTab("Train");
  await explorer.budget("Custom");
  await explorer.set(settings);
}

/** A few updates of a small network of the shown model, in few steps; of one that knows growth, with genes that are there. */
async function fit(explorer, page) {
  await explorer.openTab("Train");
  const birth = explorer.field("Genes of birth");
  if (await birth.count()) {
    await birth.fill("simPro01, simPro02 simpro01");
    await birth.blur();
    assert.match(await page.locator("#panel-train").innerText(), /2 genes/, "each gene counts once");
  }
  await explorer.train({ Updates: 2, "Hidden units": 16 }, { "Contrast weight": 0, Step: 0.5 });
  await explorer.lossesAfter(2, 3 * minutes);
  await explorer.trainingEnded();
}

test("PI-SDE and PRESCIENT are trained, shown, followed, compared and kept", { timeout: 15 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "models-"));
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    const scatter = new Scatter(page);
    await own(explorer, "scIMF", { "Simulated cells per update": 32, "Time step": 0.5 });
    for (const model of ["PI-SDE", "PRESCIENT"]) {
      await explorer.chooseModel(model);
      await landscape(page).getByRole("button", { name: `Train ${model}` }).waitFor(patient);
      await fit(explorer, page);

      const panel = landscape(page);
      await panel.getByRole("img", { name: /Cells run downhill/ }).waitFor(patient);
      await eventually(`the velocity of ${model}`, async () => (await explorer.meanSpeed()) > 0, patient);
      assert.match(await page.getByRole("region", { name: "Cells", exact: true }).innerText(), /along the potential/);
      await explorer.field("Colour by").selectOption("potential");
      await page.getByRole("img", { name: /potential.*colours from/ }).first().waitFor(patient);
      if (model === "PI-SDE") {
        await panel.getByRole("button", { name: "Residual" }).click();
        await panel.getByRole("img", { name: /not to be trusted/ }).waitFor(patient);
        await panel.getByRole("button", { name: "Potential" }).click();
      } else {
        await explorer.field("Colour by").selectOption("growth-weight");
        await page.getByRole("img", { name: /growth weight.*colours from/ }).first().waitFor(patient);
      }
      assert.match(await panel.innerText(), /moves every cell alone: it has no attention/);
      await accessible(page);
    }

    await explorer.openTab("Simulate");
    await page.getByRole("img", { name: /composition/i }).first().waitFor(patient);
    await scatter.plot.evaluate((plot) => plot.scrollIntoView({ block: "start" }));
    await scatter.drag([[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7], [0.3, 0.31]], { shift: true });
    const fates = page.getByRole("region", { name: "Fates of chosen cells" });
    await fates.getByRole("button", { name: "Follow the copies" }).click();
    const ends = fates.getByRole("table", { name: "Share of the copies that end as each type" });
    await ends.waitFor(patient);
    const shares = await ends.locator("tbody tr").first().locator("td").allInnerTexts();
    const sum = shares.reduce((sum, share) => sum + Number(share.replace(" %", "")), 0);
    assert.ok(Math.abs(sum - 100) <= shares.length, `shares add up: ${shares}`);
    await ends.locator("thead button").first().click();
    await page.getByRole("img", { name: /share of copies that end as .*colours from/ }).first().waitFor(patient);

    await explorer.chooseEvaluation({ times: [4], seeds: 1, cells: 64, updates: 2, cellMnn: true });
    for (const model of ["PI-SDE", "PRESCIENT"]) {
      await explorer.field(`Updates of ${model}`).fill("2");
      await explorer.evaluation.getByRole("checkbox", { name: model, exact: true }).check();
    }
    assert.ok(await explorer.evaluation.getByRole("checkbox", { name: "scNODE", exact: true }).isDisabled(), "there are no measured genes");
    await explorer.button("Train and evaluate").click();
    await eventually("the end", async () => /done/.test(await explorer.tab("Evaluate").innerText()), { timeout: 5 * minutes });
    const rows = await explorer.scoreRows();
    for (const model of ["scIMF", "Cell-MNN", "PI-SDE", "PRESCIENT"]) {
      assert.ok(rows.find(({ name }) => name === model)?.values[0] > 0, `${model}: ${JSON.stringify(rows)}`);
    }

    const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save session").click()]);
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await page.reload();
    await explorer.times.first().waitFor(patient);
    await explorer.openFile(file);
    const pressed = page.getByRole("group", { name: "Model", exact: true }).locator('[aria-pressed="true"]');
    await eventually("the session's model", async () => /PRESCIENT/.test(await pressed.innerText()), patient);
    await landscape(page).getByRole("img", { name: /Cells run downhill/ }).waitFor(patient);
    await explorer.chooseModel("PI-SDE");
    await landscape(page).getByRole("img", { name: /Cells run downhill/ }).waitFor(patient);
  });
  await rm(folder, { recursive: true });
});

test("all models are trained on one file and stand in one table", { timeout: 5 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.openFile(path.resolve(import.meta.dirname, "../../fixtures/spiral.npz"));
    await eventually("the file", async () => /spiral/.test(await page.getByRole("banner").innerText()), patient);
    await own(explorer, "scIMF", { "Simulated cells per update": 32 });
    await own(explorer, "PRESCIENT", { "Contrast steps": 5 });
    await explorer.chooseEvaluation({ times: [1], seeds: 1, cells: 32, updates: 1, cellMnn: true });
    const others = ["PI-SDE", "PRESCIENT", "MIOFlow", "OT-CFM", "scNODE-PC", "Mean field"];
    for (const model of others) {
      await explorer.field(`Updates of ${model}`).fill("1");
      // A model with an interaction stands there with its twin.
      await explorer.evaluation.getByRole("checkbox", { name: new RegExp(`^${model}(,|$)`) }).check();
    }
    await explorer.button("Train and evaluate").click();
    await eventually("the end", async () => /done/.test(await explorer.tab("Evaluate").innerText()), { timeout: 4 * minutes });
    const rows = await explorer.scoreRows();
    for (const model of ["scIMF", "Cell-MNN", ...others]) {
      assert.ok(rows.find(({ name }) => name === model)?.values[0] > 0, `${model}: ${JSON.stringify(rows)}`);
    }

    // Noise that was held says nothing; learned noise stands there by interval.
    await explorer.chooseModel("MIOFlow");
    const noise = page.getByRole("region", { name: "Noise by interval" });
    await fit(explorer, page);
    await noise.getByText(/held its noise at 0.2000, so it says nothing/).waitFor(patient);
    assert.equal(await noise.getByRole("table").count(), 0);
    await explorer.field("Learn the noise").check({ force: true });
    await explorer.button("Start training").click();
    const learned = noise.getByRole("table", { name: /What the noise of an interval gives/ });
    await learned.waitFor(patient);
    await explorer.trainingEnded();
    const spreads = await learned.locator("tbody td:nth-child(3)").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    assert.ok(spreads.length > 1 && spreads.every((spread) => spread > 0), `${spreads}`);
  });
});
