// The same seed gives the same weights, to the last bit, in the browser and on the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { runIn } from "../support/oracle.js";
import { bare, fixture, withExplorer } from "../support/world.js";

const file = fixture("gzip_csr.h5ad");

test("a training on the CPU ends in the same bits natively, with the settings that the page saves", { timeout: 5 * 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "bits-"));
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(file);
    await explorer.startTraining({ updates: 5, cells: 70, seed: 11 });
    await explorer.lossesAfter(5, 2 * 60_000);
    await explorer.trainingEnded();
    const saved = await readFile(await explorer.saveWeights(folder));
    await new Export(page).session(folder);
    // The settings of the next training are no longer those of this one.
    await explorer.field("Seed").fill("12");
    await explorer.openTab("Runs");
    const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save settings of run 1").click()]);
    await download.saveAs(path.join(folder, "train.toml"));
    const natively = async (...more) => {
      runIn(folder, "train", "--config", "train.toml", "--quiet", ...more);
      return readFile(path.join(folder, "gzip_csr.safetensors"));
    };
    assert.ok(saved.equals(await natively()), "the same seed gives the same weights");
    assert.ok(!saved.equals(await natively("--seed", "12")), "another seed gives others");
  });
  await rm(folder, { recursive: true });
});
