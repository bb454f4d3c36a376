// From a dropped file to a trained model, on the CPU and on WebGPU; the numbers are the engine's.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { count, fewest } from "../support/dispatches.js";
import { assertClose, eventually } from "../support/expect.js";
import { scimf } from "../support/oracle.js";
import { fixture, withExplorer } from "../support/world.js";

const file = fixture("gzip_csr.h5ad");
const minutes = 60_000;

test("a dropped file is mapped, trained on the CPU and answers as the engine does", { timeout: 10 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "weights-"));
  await withExplorer({ query: "?device=cpu" }, async (explorer) => {
    await explorer.alive();
    await explorer.dropFile(file);
    await explorer.acceptMapping();
    await eventually("three time points", async () => (await explorer.times.count()) === 3);
    assert.deepEqual((await explorer.timeLabels()).map((label) => label.match(/\d+/)?.[0]), ["2", "4", "10"]);

    await explorer.startTraining({ updates: 20 });
    const losses = await explorer.lossesAfter(20, 5 * minutes);
    await explorer.trainingEnded();
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(mean(losses.slice(-5)) < mean(losses.slice(0, 5)), `the loss falls: ${losses}`);

    const weights = await explorer.saveWeights(folder);
    const speeds = new Set();
    for (const time of [0, 1, 2]) {
      await explorer.chooseTime(time);
      const question = [file, "--weights", weights, "--time", String(time)];
      const velocity = scimf("velocity", ...question);
      await eventually(`the speed at time ${time}`, async () => Math.abs((await explorer.meanSpeed()) / velocity.mean_speed - 1) < 5e-3);
      speeds.add(await explorer.meanSpeed());
      const attention = scimf("attention", ...question).times_equal_listening.flat();
      const read = async () => (await explorer.attentionTable()).values.flat();
      await eventually(`the attention at time ${time}`, async () => Math.abs((await read())[0] / attention[0] - 1) < 1e-4);
      (await read()).forEach((value, pair) => assertClose(value, attention[pair] ?? NaN, 1e-4, `attention ${pair} at time ${time}`));
    }
    assert.equal(speeds.size, 3, "each time point has its own velocity");
  });
  await rm(folder, { recursive: true });
});

/** The losses of a small training of a model. */
async function small(explorer, page, model) {
  await explorer.chooseModel(model);
  await explorer.openTab("Train");
  const settings = { Updates: 2, "Hidden units": 8, Step: 2, "Contrast weight": 0, "Cells per update": 32, Steps: 1 };
  await explorer.budget("Custom");
  for (const box of await explorer.heldOut.all()) await box.uncheck({ force: true });
  if (!(await explorer.field("Hidden units").isVisible())) await page.getByText("Advanced settings", { exact: true }).click();
  for (const [name, value] of Object.entries(settings)) {
    if (await explorer.field(name).count()) await explorer.field(name).fill(String(value));
  }
  await explorer.button("Start training").click();
  const losses = await explorer.lossesAfter(settings.Updates, 10 * minutes);
  await explorer.trainingEnded();
  return losses;
}

// A software adapter takes minutes to compile what a training computes with, so one page shows all.
test("training on WebGPU gives the CPU's losses, with few questions to the GPU", { timeout: 15 * minutes }, async () => {
  const training = { updates: 4, cells: 16, seed: 7, step: 0.1 };
  const train = async (device) => {
    let losses, dispatches;
    const others = {};
    await withExplorer({ query: `?device=${device}`, gpu: true, demo: "bare" }, async (explorer, { page }) => {
      await explorer.untrained();
      await page.getByText(device === "gpu" ? /swiftshader/i : /cpu/i).first().waitFor();
      const [worker] = page.workers();
      if (device === "gpu") await worker.evaluate(count);
      await explorer.openFile(file);
      await explorer.acceptMapping();
      await explorer.startTraining(training);
      losses = await explorer.lossesAfter(training.updates, 10 * minutes);
      if (device === "gpu") dispatches = await fewest(worker, training.updates);
      for (const model of ["PI-SDE", "PRESCIENT", "Mean field"]) others[model] = await small(explorer, page, model);
    });
    return { losses, dispatches, others };
  };
  const [gpu, cpu] = [await train("gpu"), await train("cpu")];
  cpu.losses.slice(0, 3).forEach((loss, update) => assertClose(gpu.losses[update], loss, 1e-3, `update ${update + 1}`));
  for (const [model, losses] of Object.entries(cpu.others)) {
    losses.forEach((loss, update) => assertClose(gpu.others[model][update], loss, 1e-3, `${model}, update ${update + 1}`));
  }
  // Each one costs a browser more than most of what is asked for: at most 12 a step, beside what an update needs at its ends.
  console.log(`dispatches of an update of 20 steps: ${gpu.dispatches}`);
  assert.ok(gpu.dispatches > 20 && gpu.dispatches <= 480 + 12 * 20, `${gpu.dispatches} dispatches in an update of 20 steps`);
});

test("without an adapter the page says why it computes on the CPU", async () => {
  await withExplorer({ query: "?device=gpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await page.locator("details.device summary").filter({ hasText: "CPU" }).click();
    await page.locator("details.device .pop").getByText(/WebGPU|adapter/).waitFor();
  });
});

test("the page goes on living while it trains, pauses, resumes and stops", { timeout: 5 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.openFile(file);
    await explorer.acceptMapping();
    const times = await explorer.times.count();
    await explorer.startTraining({ updates: 500, cells: 512 });
    await explorer.lossesAfter(1, minutes);

    // What happens between two equal readings of the updates happens while an update is computed.
    const frame = () => page.evaluate(() => new Promise(requestAnimationFrame));
    await eventually("a click, a key and a frame of the page within one update", async () => {
      const [done, before] = [await explorer.updatesDone(), await frame()];
      await explorer.chooseTime(0);
      await explorer.times.nth(0).press("ArrowRight");
      assert.ok(await explorer.times.nth(1).isChecked(), "a key chooses the next time point");
      assert.ok((await frame()) > before, "the clock of the page goes on");
      return (await explorer.updatesDone()) === done && explorer.button("Stop").isEnabled();
    });
    const seen = await explorer.updatesDone();
    await explorer.lossesAfter(seen + 1, minutes);

    // A paused engine answers; its updates rest.
    await explorer.button("Pause").click();
    await explorer.button("Resume").waitFor();
    const held = await explorer.updatesDone();
    await explorer.chooseTime(2);
    await eventually("the velocity of another time point", async () => (await explorer.meanSpeed()) > 0);
    assert.equal(await explorer.updatesDone(), held, "no update is done in a pause");
    await explorer.button("Resume").click();
    await explorer.lossesAfter(held + 1, minutes);
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
    assert.ok((await explorer.updatesDone()) < 500);
  });
});
