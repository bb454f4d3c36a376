// The planes that cells are drawn in: every embedding of a file, and any two components.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Scatter } from "../pages/scatter.js";
import { accessible, eventually } from "../support/expect.js";
import { bare, fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;
const cpu = { query: "?device=cpu" };
const hash = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

test("every embedding of a file is offered, and says what its arrows are", { timeout: 5 * minutes }, async () => {
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    const scatter = new Scatter(page);
    await explorer.openStudy(fixture("embeddings.h5ad"));
    await scatter.drawnIn("UMAP");
    const offered = (await scatter.space.locator("option").allInnerTexts()).slice(0, 4);
    assert.deepEqual(offered, ["UMAP", "t-SNE", "spatial", "PC 1 and 2"]);
    await explorer.startTraining({ updates: 1, cells: 32 });
    await explorer.trainingEnded();
    await scatter.panel.getByText(/mean speed in the model space, not in this plane [\d.e-]+ per interval, directions approximate: projected through neighbours/).waitFor();
    const umap = await scatter.picture();
    await scatter.space.selectOption({ label: "t-SNE" });
    await scatter.drawnIn("t-SNE");
    assert.notEqual(await scatter.picture(), umap);
    await scatter.panel.getByText(/directions approximate: projected through neighbours/).waitFor();
    assert.equal(hash(page).get("space"), "t-SNE");
    await scatter.space.selectOption({ label: "PC 1 and 3" });
    await scatter.panel.getByText(/directions exact in this plane/).waitFor();
    await page.keyboard.press("Control+z");
    await scatter.drawnIn("t-SNE");
  });
});

test("any two components are chosen by keyboard, and stand in the address and in the session", { timeout: 5 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "space-"));
  try {
    await withExplorer(cpu, async (explorer, { page }) => {
      await explorer.alive();
      const scatter = new Scatter(page);
      const [x, y] = scatter.components;
      await scatter.space.selectOption({ label: "Other components…" });
      await y.focus();
      await page.keyboard.press("End");
      const last = await y.locator("option").last().innerText();
      await scatter.drawnIn(`PC 1 and ${last.slice(3)}`);
      await x.focus();
      await page.keyboard.press("ArrowDown");
      await scatter.drawnIn(`PC 2 and ${last.slice(3)}`);
      assert.ok(await x.evaluate((it) => it === document.activeElement), "the focus stays");
      await accessible(page);
      await y.selectOption({ label: "PC 2" });
      const turned = `${last} and 2`;
      await scatter.drawnIn(turned);
      assert.equal(hash(page).get("space"), turned);
      await scatter.panel.getByText(/directions exact in this plane/).waitFor();

      const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save session").click()]);
      const file = path.join(folder, download.suggestedFilename());
      await download.saveAs(file);
      await page.reload();
      await scatter.drawnIn(turned);
      assert.equal(await scatter.space.inputValue(), "other");
      await scatter.space.selectOption({ label: "PC 1 and 2" });
      await scatter.drawnIn("PC 1 and 2");
      await eventually("no components to choose", async () => (await x.count()) === 0);
      await explorer.openFile(file);
      await scatter.drawnIn(turned);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an address that names no plane shows the first", { timeout: 3 * minutes }, async () => {
  await withExplorer({ ...bare, query: "?device=cpu#space=PC+1+and+999" }, async (explorer, { page, server }) => {
    const scatter = new Scatter(page);
    await explorer.untrained();
    await scatter.drawnIn("PC 1 and 2");
    for (const [again, space] of ["1", "PC+2+and+2", "UMAP"].entries()) {
      await page.goto(`${server.address}?device=cpu&again=${again}#space=${space}`);
      await explorer.untrained();
      await scatter.drawnIn("PC 1 and 2");
    }
  });
});
