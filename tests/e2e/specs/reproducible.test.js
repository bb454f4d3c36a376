// The same seed gives the same weights, to the last bit, in the browser and on the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { eventually } from "../support/expect.js";
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

    // So many updates that a second worker pays: it computes its parts with the same bits.
    const helpers = () => page.evaluate(async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith("scimf-engine-parts-")).length);
    await explorer.startTraining({ updates: 3000, cells: 300, seed: 11 });
    await eventually("a helper", async () => (await helpers()) > 0, { timeout: 60_000 });
    await explorer.lossesAfter((await explorer.updatesDone()) + 4, 2 * 60_000);
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
    await eventually("no helper", async () => (await helpers()) === 0);
    const course = await explorer.course();
    const asked = ["--updates", String(course.at(-1)[0]), "--cells", "300", "--seed", "11"];
    const said = runIn(folder, "train", "--config", "train.toml", "--json", ...asked).trim().split("\n").map((line) => JSON.parse(line).Update);
    const losses = new Map(said.filter(Boolean).map(({ update, loss }) => [update, loss.total]));
    assert.deepEqual(course, course.map(([update]) => [update, losses.get(update)]), "helpers change no bit of a loss");
  });
  await rm(folder, { recursive: true });
});
