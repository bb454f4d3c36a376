// The same seed gives the same weights, to the last bit, in the browser and on the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { train } from "../support/oracle.js";
import { fixture, withExplorer } from "../support/world.js";

const file = fixture("gzip_csr.h5ad");

test("a training on the CPU ends in the same bits in the browser and natively", { timeout: 5 * 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "bits-"));
  const natively = (seed) => readFile(train(file, path.join(folder, `native-${seed}.safetensors`), { updates: 5, cells: 70, seed }));
  await withExplorer({ query: "?device=cpu" }, async (explorer) => {
    await explorer.alive();
    await explorer.openFile(file);
    await explorer.acceptMapping();
    await explorer.startTraining({ updates: 5, cells: 70, seed: 11 });
    await explorer.lossesAfter(5, 2 * 60_000);
    await explorer.trainingEnded();
    const saved = await readFile(await explorer.saveWeights(folder));
    assert.ok(saved.equals(await natively(11)), "the same seed gives the same weights");
    assert.ok(!saved.equals(await natively(12)), "another seed gives others");
  });
  await rm(folder, { recursive: true });
});
