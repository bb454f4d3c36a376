// Cell-MNN beside scIMF: the switch, its training, and every view of its operators.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { CellMnn } from "../pages/cell_mnn.js";
import { Export } from "../pages/export.js";
import { accessible, eventually } from "../support/expect.js";
import { scimf } from "../support/oracle.js";
import { bare, sharedExplorer, withExplorer } from "../support/world.js";

const minutes = 60_000;
const patient = { timeout: 180_000 };

const shared = sharedExplorer({ query: "?device=cpu" });
/** One page with Cell-MNN trained for a few epochs on the demo. */
const withCellMnn = (run) =>
  shared(async (explorer, world) => {
    const cellMnn = new CellMnn(explorer);
    await cellMnn.choose("Cell-MNN");
    if (!world.fitted) await cellMnn.fit({ epochs: 6 });
    world.fitted = true;
    // No step that can be undone.
    await explorer.field("Mean over").selectOption({ label: "all cells of the time point" });
    await run(explorer, cellMnn, world);
  });

test("Cell-MNN is chosen, invites to be trained, and stands in the address", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const cellMnn = new CellMnn(explorer);
    await cellMnn.choose("Cell-MNN");
    assert.match(page.url(), /model=cell-mnn/);
    assert.ok(await cellMnn.train.isEnabled());
    assert.equal(await explorer.field("Part of the velocity").count(), 0, "its velocity has no parts");
    assert.match(await cellMnn.panel.innerText(), /no attention/);
    await accessible(page, "untrained");
    await cellMnn.panel.getByRole("button", { name: /who listens to whom with scIMF/ }).press("Enter");
    assert.doesNotMatch(page.url(), /model=/);
    await explorer.attention.first().waitFor({ state: "attached" });
  });
});

test("a trained Cell-MNN shows operators, eigenvalues and their course", { timeout: 10 * minutes }, async () => {
  await withCellMnn(async (explorer, cellMnn, { page }) => {
    await cellMnn.known(cellMnn.operator, "the operator");
    const entries = await cellMnn.entries();
    assert.equal(entries.length, 5);
    assert.ok(entries.every((row) => row.length === 5 && row.every(Number.isFinite)));
    const modes = await cellMnn.modes();
    // The trace is the sum of the eigenvalues; a turning mode stands for two.
    const trace = entries.reduce((sum, row, i) => sum + row[i], 0);
    const sum = modes.reduce((sum, [growth, rotation]) => sum + growth * (rotation > 0 ? 2 : 1), 0);
    assert.ok(Math.abs(trace - sum) < 1e-3, `trace ${trace}, eigenvalues ${sum}`);
    await explorer.speed.waitFor(patient);
    assert.match(await explorer.speed.innerText(), /Velocity A\(z, t\) z/);
    await accessible(page, "operator");

    await cellMnn.view("Eigenvalues");
    await cellMnn.known(cellMnn.plane, "the eigenvalues");
    assert.ok((await cellMnn.means.locator("tbody tr").count()) > 1);
    assert.match(page.url(), /operators=eigenvalues/);
    await accessible(page, "eigenvalues");

    await cellMnn.view("Over time");
    await cellMnn.known(cellMnn.course, "the course");
    const tile = cellMnn.course.getByRole("button").last();
    const name = await tile.getAttribute("aria-label");
    assert.match(name, / at .*growth/);
    await tile.press("Enter");
    await cellMnn.known(cellMnn.operator, "the operator of the chosen type");
    assert.equal(await explorer.times.last().isChecked(), true, "the time is chosen");
    const kind = name.split(" at ")[0];
    await eventually("the type's operator", async () => (await cellMnn.operator.locator("caption").innerText()).includes(kind), patient);
    const download = page.waitForEvent("download");
    await cellMnn.panel.getByRole("button", { name: "CSV" }).click();
    assert.match((await download).suggestedFilename(), /operator\.csv$/);

    await explorer.field("Colour by").selectOption("growth");
    await page.getByRole("img", { name: /growth rate .*colours from/ }).waitFor(patient);
  });
});

test("frozen and re-encoded trajectories, and both models side by side", { timeout: 10 * minutes }, async () => {
  await withCellMnn(async (explorer, cellMnn, { page }) => {
    await explorer.openTab("Simulate");
    const gap = page.getByRole("region", { name: "Frozen and re-encoded" });
    await gap.getByRole("img").first().waitFor(patient);
    assert.match(await gap.innerText(), /the gap is .* travelled/);
    assert.equal(await explorer.field("Noise").count(), 0, "Cell-MNN has no noise");
    const both = page.getByRole("region", { name: "scIMF and Cell-MNN side by side" });
    await both.getByRole("img").first().waitFor(patient);
    const table = both.getByRole("table", { name: "Cell types at the end" });
    const shares = await table.locator("tbody td").allInnerTexts();
    assert.ok(shares.every((share) => /^\d+ %$|–/.test(share)), shares.join());
    await accessible(page, "simulate");
  });
});

test("gene interactions stand beside their control, and a gene can be set", { timeout: 10 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "signs-"));
  await withCellMnn(async (explorer, cellMnn, { page }) => {
    await explorer.openTab("Genes");
    const genes = page.getByRole("region", { name: "Gene interactions", exact: true });
    await genes.getByRole("img", { name: /the strongest link/ }).waitFor(patient);
    assert.match(await genes.innerText(), /At 5 components every gene is a mixture of 5 patterns/);
    await genes.getByText("Links in numbers").click();
    const rows = await genes.getByRole("table", { name: "Strongest gene interactions" }).locator("tbody tr").evaluateAll((rows) =>
      rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
    );
    assert.equal(rows.length, 30);
    const [, driver, , target] = rows[0];
    await cellMnn.gene("Why does this gene change?", target, "Explain");
    const why = page.getByRole("region", { name: `Why ${target} changes` });
    await why.getByRole("img").waitFor(patient);
    assert.match(await why.innerText(), new RegExp(`${target} (rises|falls) by`));

    assert.doesNotMatch(await genes.innerText(), /trrust_rawdata\.human/, "these are no human genes");
    const file = path.join(folder, "known.tsv");
    const known = rows.slice(0, 20).map(([, from, , to], i) => `${from}\t${to}\t${i % 3 ? "Activation" : "Repression"}\t1`);
    await writeFile(file, known.join("\n") + "\n");
    await genes.getByLabel(/Compare with known signs/).setInputFiles(file);
    const table = page.getByRole("table", { name: "Agreement with known signs" });
    await table.waitFor(patient);
    assert.equal(await table.locator("tbody tr").first().locator("td").first().innerText(), "20");
    assert.match(await genes.innerText(), /20 of 20 signed rows have both genes here/);
    await accessible(page, "genes");

    await explorer.openTab("Experiments");
    await cellMnn.gene("Gene to set", driver, "Set");
    await page.getByRole("img", { name: new RegExp(`With ${driver} set to 0`) }).first().waitFor(patient);
    await accessible(page, "perturbation");
    const download = page.waitForEvent("download");
    await explorer.button("Save changes (CSV)").click();
    const text = await readFile(await (await download).path(), "utf8");
    assert.ok(text.split("\n").length > 5 && text.startsWith("gene,difference"));
  });
  await rm(folder, { recursive: true });
});

test("on a phone and in the dark everything is read without scrolling sideways, and every figure leaves", { timeout: 10 * minutes }, async () => {
  await withCellMnn(async (explorer, cellMnn, { page }) => {
    await explorer.button("Dark colours").click();
    await page.setViewportSize({ width: 390, height: 844 });
    const fits = async (what) => {
      const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= width, `${what}: ${content} > ${width}`);
    };
    for (const [view, shown] of [["Operator", cellMnn.operator], ["Eigenvalues", cellMnn.plane], ["Over time", cellMnn.course]]) {
      await cellMnn.view(view);
      await cellMnn.known(shown, view);
      await fits(view);
    }
    await explorer.openTab("Genes");
    await page.getByRole("img", { name: /the strongest link/ }).waitFor(patient);
    await fits("Genes");
    await explorer.openTab("Simulate");
    await page.getByRole("region", { name: "Frozen and re-encoded" }).getByRole("img").first().waitFor(patient);
    await fits("Simulate");
    await accessible(page, "phone");
    const saving = new Export(page);
    await saving.open();
    const there = await saving.there();
    for (const figure of ["operator", "eigenvalues", "operators", "gene-network", "linearisation", "ways", "loss"]) {
      assert.ok(there.includes(figure), `${figure} among ${there}`);
      await saving.figure.selectOption(figure);
      const { bytes } = await saving.svg();
      const text = bytes.toString();
      assert.ok(text.startsWith("<svg") && !/NaN/.test(text), figure);
    }
    await page.keyboard.press("Escape");
  });
});

test("both models are kept in a session, and come back when the engine dies", { timeout: 10 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "session-"));
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    const cellMnn = new CellMnn(explorer);
    await cellMnn.choose("Cell-MNN");
    await cellMnn.fit({ epochs: 2 });
    await cellMnn.known(cellMnn.operator, "the operator");
    const before = (await cellMnn.entries()).flat();
    const same = async () => {
      const now = (await cellMnn.entries().catch(() => [])).flat();
      return now.length === before.length && now.every((value, i) => Math.abs(value - before[i]) < 1e-4);
    };
    const bothAnswer = async () => {
      await eventually("the same operator", same, patient);
      await cellMnn.choose("scIMF");
      await explorer.attention.first().waitFor({ state: "attached", ...patient });
      await cellMnn.choose("Cell-MNN");
    };

    const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save session").click()]);
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);

    await page.workers()[0].evaluate(() => self.close());
    await eventually("word of the restart", async () => /restart/i.test(await page.locator("body").innerText()));
    await bothAnswer();

    await page.reload();
    await explorer.times.first().waitFor(patient);
    await explorer.openFile(file);
    await eventually("the session's model", async () => (await cellMnn.switch.getByRole("button", { name: "Cell-MNN" }).getAttribute("aria-pressed")) === "true", patient);
    await bothAnswer();
  });
  await rm(folder, { recursive: true });
});

test("a planted rotation is seen in the eigenvalues, as the command line reads them", { timeout: 10 * minutes }, async () => {
  const [file, weights] = ["spiral.npz", "spiral_cell_mnn.safetensors"].map((name) => path.resolve(import.meta.dirname, "../../fixtures", name));
  await withExplorer(bare, async (explorer) => {
    await explorer.untrained();
    await explorer.openFile(file);
    await explorer.opened("spiral");
    const cellMnn = new CellMnn(explorer);
    await cellMnn.choose("Cell-MNN");
    await explorer.openFile(weights);
    await cellMnn.known(cellMnn.operator, "the operator");
    for (const time of [0, 3]) {
      await explorer.chooseTime(time);
      const { eigenvalues } = scimf("operator", file, "--weights", weights, "--time", String(time));
      const [growth, turn] = [...new Float32Array(Uint8Array.from(eigenvalues).buffer)];
      assert.ok(Math.abs(turn - 0.6) < 0.1, `the turn is ${turn}`);
      const off = async () => (await cellMnn.modes()).map(([ownGrowth, ownTurn]) => Math.hypot(ownGrowth - growth, ownTurn - turn))[0];
      await eventually(`the turn at time ${time}`, async () => (await off()) < 1e-4, patient);
    }
    await cellMnn.view("Eigenvalues");
    await cellMnn.known(cellMnn.plane, "the eigenvalues");
    const shown = Number(await cellMnn.means.locator("tbody tr td").last().innerText());
    assert.ok(Math.abs(shown - 0.6) < 0.1, `the plane's mean turn is ${shown}`);
  });
});
