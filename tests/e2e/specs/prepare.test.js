// From expression values to a chord, in the page alone: matrix, steps, progress, cancel.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { accessible, eventually } from "../support/expect.js";
import { bare, fixture, sharedExplorer, study } from "../support/world.js";

const minutes = 60_000;
/** One page for all: each test opens files of its own. */
const shared = sharedExplorer(bare);

/** Trains for a few updates and waits for a chord of the dataset that is open now. */
async function trainToChord(explorer) {
  await explorer.startTraining({ updates: 3, cells: 32 });
  await explorer.lossesAfter(3, 3 * minutes);
  await explorer.trainingEnded();
  await eventually("the attention of this study", async () => (await explorer.attentionTable()).values.flat().some(Number.isFinite));
}

test("counts become components, UMAP and a chord", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.dropFile(fixture("counts_only.h5ad"));
    await explorer.mapping.waitFor();
    await explorer.chooseComputed({ matrix: "X", genes: 40, components: 8 });
    await accessible(page);
    assert.match(await explorer.mapping.innerText(), /X holds counts/, "how the matrix was recognised is shown");
    const heldOut = explorer.mapping.getByRole("group", { name: "Held-out time points" }).getByRole("checkbox");
    assert.ok(await heldOut.first().isDisabled(), "the first time point cannot be held out");
    await heldOut.nth(1).check({ force: true });
    await explorer.acceptMapping();

    await explorer.opened("counts_only");
    assert.equal(await explorer.times.count(), 3);
    assert.match(await page.getByLabel("Space", { exact: true }).locator("option").first().innerText(), /UMAP/);
    await page.getByText("How this was prepared").click();
    const facts = await page.locator(".prepared dl").innerText();
    for (const fact of [/40 kept, by dispersion/, /scaled to 10,000/, /8, [\d.]+ % of the variance/, /cells, without/]) assert.match(facts, fact);
    await accessible(page);
    await page.getByText("How this was prepared").click();
    assert.deepEqual(await Promise.all((await explorer.heldOut.all()).map((box) => box.isChecked())), [false, true, false], "what was kept out stays out");
    await trainToChord(explorer);
  });
});

test("what cannot be chosen says why", { timeout: 3 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.mapping.waitFor();
    const matrices = await explorer.mapping.getByLabel("Model space", { exact: true }).locator("optgroup").nth(1).locator("option").allInnerTexts();
    assert.ok(matrices.length > 0, "stored components do not keep one from computing others");
    const logged = matrices.find((name) => name.includes("log-normalised"));
    assert.ok(logged, `X holds logarithms: ${matrices}`);
    await explorer.mapping.getByLabel("Model space", { exact: true }).selectOption({ label: logged });
    assert.ok(await explorer.mapping.getByRole("checkbox", { name: "Logarithm" }).isDisabled());
    assert.match(await explorer.mapping.innerText(), /logarithms already/);
    const rule = explorer.mapping.getByLabel("Rule for variable genes").locator("option[value=vst]");
    assert.ok(await rule.isDisabled());
    assert.match(await rule.innerText(), /needs counts/);
    await page.keyboard.press("Escape");
    await explorer.mapping.waitFor({ state: "hidden" });
  });
});

test("a preparation can be cancelled by keyboard, and its choices are kept", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const before = await explorer.timeLabels();
    const folder = await mkdtemp(path.join(tmpdir(), "counts-"));
    // Large enough to be met at work.
    const file = path.join(folder, "large.csv");
    await writeFile(file, table({ cells: 3000, genes: 300 }));
    await explorer.openFile(file);
    await explorer.chooseComputed({ matrix: "X", genes: 250, components: 17 });
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).press("Enter");
    await explorer.mapping.getByRole("progressbar", { name: "Progress of the preparation" }).waitFor();
    await accessible(page);
    await page.keyboard.press("Escape");
    await explorer.mapping.getByLabel("Principal components", { exact: true }).waitFor();
    assert.equal(await explorer.mapping.getByLabel("Principal components", { exact: true }).inputValue(), "17");
    assert.deepEqual(await explorer.timeLabels(), before, "the open dataset stays");
    await page.keyboard.press("Escape");
    await explorer.mapping.waitFor({ state: "hidden" });
    await rm(folder, { recursive: true });
  });
});

test("the files of a 10x folder open together with their table", { timeout: 5 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tenx-"));
  const cells = 90;
  const genes = 30;
  const barcodes = Array.from({ length: cells }, (_, i) => `CELL${i}-1`);
  const entries = [];
  for (let gene = 0; gene < genes; gene += 1) {
    for (let cell = 0; cell < cells; cell += 1) {
      const count = (gene * 7 + cell * 13 + ((gene * cell) % 11)) % 5;
      if (count > 0) entries.push(`${gene + 1} ${cell + 1} ${count}`);
    }
  }
  const files = {
    "matrix.mtx": `%%MatrixMarket matrix coordinate integer general\n${genes} ${cells} ${entries.length}\n${entries.join("\n")}\n`,
    "barcodes.tsv": `${barcodes.join("\n")}\n`,
    "features.tsv": `${Array.from({ length: genes }, (_, i) => `ID${i}\tGene${i}\tGene Expression`).join("\n")}\n`,
    "cells.csv": `barcode,day,cell_type\n${barcodes.map((code, i) => `${code},${Math.floor(i / 30)},${i % 2 ? "A" : "B"}`).join("\n")}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  await shared(async (explorer, { page }) => {
    await explorer.dropFile(...Object.keys(files).map((name) => path.join(folder, name)));
    await explorer.mapping.waitFor();
    assert.match(await explorer.mapping.innerText(), /90 cells, 30 genes/);
    const components = explorer.mapping.getByLabel("Principal components", { exact: true });
    await components.fill("6");
    await explorer.acceptMapping();
    await eventually("three days", async () => (await explorer.times.count()) === 3);
    await page.workers()[0].evaluate(() => self.close());
    await eventually("word of the restart", async () => /restarted/i.test(await explorer.status.innerText()));
    await explorer.trainingEnded();
    assert.equal(await explorer.alert.count(), 0, "all files are opened again");
    await trainToChord(explorer);
  });
  await rm(folder, { recursive: true });
});

test("cells without types are clustered, named by their genes and reach a chord", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const folder = await mkdtemp(path.join(tmpdir(), "untyped-"));
    const file = path.join(folder, "untyped.csv");
    await writeFile(file, table({ cells: 200, genes: 45, types: false }));
    await explorer.openFile(file);
    await explorer.chooseComputed({ matrix: "X", components: 8 });
    await explorer.mapping.getByLabel("Display space", { exact: true }).selectOption("components");
    await explorer.mapping.getByRole("button", { name: "Cluster the cells" }).click();
    await explorer.mapping.getByLabel("Resolution of the clusters").fill("0.5");
    await accessible(page);
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();

    const naming = page.getByRole("dialog", { name: "Types of the cells" });
    await naming.getByLabel("Name of cluster 1", { exact: true }).waitFor();
    await eventually("the genes that mark the clusters", async () => /test of 45 genes/.test(await naming.innerText()));
    await accessible(page);
    const fields = await naming.getByRole("textbox").all();
    assert.ok(fields.length > 1, "there are several clusters");
    // The first gene of each, which is higher on one day: there it is told from the others.
    const genes = await naming.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.querySelector(".gene").textContent));
    assert.equal(new Set(genes).size, genes.length, "each cluster has a gene of its own");
    const use = naming.getByRole("button", { name: "Use these types" });
    await fields[0].fill("cluster 2");
    await naming.getByText(/^Rows with the same name become one type: /).waitFor();
    for (const [index, field] of fields.entries()) await field.fill(`${genes[index]} high`);
    await use.click();
    await naming.waitFor({ state: "hidden" });
    await trainToChord(explorer);
    const named = genes.map((gene) => `${gene} high`);
    assert.deepEqual((await explorer.attentionTable()).receivers.map((name) => name.replace(/^\d+ /, "")), named);
    // An engine that comes in the place of the first knows the names.
    await page.workers()[0].evaluate(() => self.close());
    await eventually("word of the restart", async () => /restarted/i.test(await explorer.status.innerText()));
    await explorer.trainingEnded();
    assert.deepEqual((await explorer.attentionTable()).receivers.map((name) => name.replace(/^\d+ /, "")), named);
    await rm(folder, { recursive: true });
  });
});

const mef = study("mef_serum_1000_cells.h5ad");
const skip = existsSync(mef) ? false : `${mef} is not here`;

test("reprogramming fibroblasts go from their file to a chord", { skip, timeout: 10 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.dropFile(mef);
    await explorer.chooseComputed({ matrix: "X" });
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
    await explorer.mapping.waitFor({ state: "hidden", timeout: 5 * minutes });
    assert.equal(await explorer.alert.count(), 0);
    await page.getByText("How this was prepared").click();
    assert.match(await page.locator(".prepared dl").innerText(), /50, [\d.]+ % of the variance/);
    await page.getByText("How this was prepared").click();
    await trainToChord(explorer);
  });
});

const klein = study("klein_mesc_counts.csv.gz");
const missing = existsSync(klein) ? false : `${klein} is not here`;

test("embryonic stem cells go from their counts to a chord with named clusters", { skip: missing, timeout: 10 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.dropFile(klein);
    await explorer.mapping.waitFor({ timeout: minutes });
    await explorer.mapping.getByRole("button", { name: "Cluster the cells" }).click();
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
    const naming = page.getByRole("dialog", { name: "Types of the cells" });
    await naming.getByLabel("Name of cluster 1", { exact: true }).waitFor({ timeout: 5 * minutes });
    await eventually("the genes that mark the clusters", async () => /test of 900 genes/.test(await naming.innerText()), { timeout: 2 * minutes });
    const names = [];
    for (const [index, row] of (await naming.locator("tbody tr").all()).entries()) {
      names.push(`${await row.locator(".gene").first().innerText()} ${index}`);
      await row.getByRole("textbox").fill(names[index]);
    }
    await naming.getByRole("button", { name: "Use these types" }).click();
    await naming.waitFor({ state: "hidden" });
    await trainToChord(explorer);
    assert.deepEqual((await explorer.attentionTable()).receivers.map((name) => name.replace(/^\d+ /, "")), names);
  });
});

/** A table of counts, cells x genes, with a day and a type for each cell, or no types. */
function table({ cells, genes, types = true }) {
  const names = Array.from({ length: genes }, (_, gene) => `Gene${gene}`);
  const lines = [`cell,day,${types ? "cell_type," : ""}${names.join(",")}`];
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let cell = 0; cell < cells; cell += 1) {
    const day = cell % 4;
    const counts = names.map((_, gene) => Math.floor(random() * (gene % 9 === day ? 12 : 4)));
    lines.push(`c${cell},${day},${types ? (cell % 3 ? "A," : "B,") : ""}${counts.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}
