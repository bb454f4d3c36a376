// From a dropped file to a trained model, on the CPU and on WebGPU; the numbers are the engine's.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { CellMnn } from "../pages/cell_mnn.js";
import { Kept } from "../pages/kept.js";
import { count, fewest } from "../support/dispatches.js";
import { assertClose, eventually } from "../support/expect.js";
import { scimf } from "../support/oracle.js";
import { beforeEngine } from "../support/worker.js";
import { bare, fixture, sharedExplorer, withExplorer } from "../support/world.js";

const file = fixture("gzip_csr.h5ad");
const minutes = 60_000;
/** Updates of scIMF on WebGPU, so many that some have no question in between, and the steps of each. */
const [UPDATES, STEPS] = [6, 4];
/** Ratio of successive blurs: a sixth of the usual iterations, which a software adapter takes seconds for. */
const SCALING = 0.1;
/** Dispatches that comparisons at both time points and Adam take at most, one for each epsilon; steps take the rest. */
const COMPARING = 556;
/** A small training of scIMF: settings for `startTraining`. */
const small = { cells: 16, seed: 7, step: 0.5, scaling: SCALING };
const shared = sharedExplorer(bare);

test("a dropped file is mapped, trained on the CPU and answers as the engine does", { timeout: 10 * minutes }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "weights-"));
  await shared(async (explorer) => {
    await explorer.dropFile(file);
    await explorer.acceptMapping();
    await explorer.opened("gzip_csr");
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

/** Begins a small training of a model with a potential, a mean field or a flow. */
async function begin(explorer, model, updates) {
  await explorer.chooseModel(model);
  const light = { "Hidden units": 8, Step: 2, "Contrast weight": 0, "Cells per update": 32, Steps: 1, Scaling: SCALING };
  await explorer.train({ Updates: updates }, light);
}

/** The losses of so many updates, the last of a training. */
async function losses(explorer, updates) {
  const losses = await explorer.lossesAfter(updates, 10 * minutes);
  await explorer.trainingEnded();
  return losses.slice(0, updates);
}

/** Remembers the devices that the engine is given. */
const rememberDevices = `
  const request = GPUAdapter.prototype.requestDevice;
  self.devices = [];
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    self.devices.push(device);
    return device;
  };`;

/** Takes the GPU away in a training: it goes on from what was kept, on a new device. */
async function loseGpu(explorer, page) {
  // A model of which little has to be compiled, twice.
  await begin(explorer, "OT-CFM", 100_000);
  const update = await new Kept(page).written(1, 10 * minutes);
  const [worker] = page.workers();
  assert.equal(await worker.evaluate(() => self.devices.length > 0), true, "it computes on the GPU");
  await worker.evaluate(() => self.devices.forEach((device) => device.destroy()));
  await eventually("word of it", async () => /goes on from update/.test(await explorer.status.first().innerText()), { timeout: 5 * minutes });
  await explorer.lossesAfter(update + 1, 10 * minutes);
  await explorer.button("Stop").click();
  await explorer.trainingEnded();
}

/** What a device makes of every model that has kernels of its own: losses, and the operators of Cell-MNN. PRESCIENT has those of PI-SDE. */
async function learned(explorer, page, device) {
  const found = {};
  if (device === "gpu") await page.workers()[0].evaluate(count);
  await explorer.chooseModel("scIMF");
  await explorer.startTraining({ updates: UPDATES, ...small });
  found.scIMF = (await losses(explorer, UPDATES)).slice(0, 3);
  const dispatches = device === "gpu" ? await fewest(page.workers()[0], UPDATES) : 0;
  for (const model of ["PI-SDE", "Mean field"]) {
    await begin(explorer, model, 2);
    found[model] = await losses(explorer, 2);
  }
  const cellMnn = new CellMnn(explorer);
  await cellMnn.choose("Cell-MNN");
  await cellMnn.fit({ epochs: 3, components: 4, seed: 5 });
  found["Cell-MNN"] = await losses(explorer, 3);
  await cellMnn.known(cellMnn.operator, "the operator");
  found.entries = (await cellMnn.entries()).flat();
  found.modes = (await cellMnn.modes()).flat();
  return { found, dispatches };
}

/** In a page: from `window.hardware` on, engines take the software adapter for hardware, which is chosen for the user. */
function disguise() {
  const hardware = `
    const say = (name, value) => Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
    say("isFallbackAdapter", false);
    say("architecture", "SwiftShader");`;
  const Plain = Blob;
  window.Blob = class extends Plain {
    constructor(parts, options) {
      super(window.hardware && options?.type === "text/javascript" ? [hardware, ...parts] : parts, options);
    }
  };
}

/** On a GPU that was chosen for the user a training begins on the CPU and moves over: its first updates, and those around the move. */
async function movesOver(explorer, page) {
  const badge = page.locator("details.device summary");
  await page.evaluate(() => (window.hardware = true));
  await badge.click();
  await page.locator("details.device select").selectOption("auto");
  await badge.filter({ hasText: /GPU · .*swiftshader/i }).waitFor();
  await badge.click();
  await eventually("the study is open again", () => explorer.startButton.isEnabled().catch(() => false), { timeout: 2 * minutes });
  await explorer.chooseModel("scIMF");
  await explorer.startTraining({ updates: 20_000, ...small });
  await badge.filter({ hasText: "CPU · until the GPU is ready" }).waitFor({ timeout: 5 * minutes });
  await explorer.lossesAfter(1, minutes);
  const first = await explorer.course();
  await badge.filter({ hasText: /GPU · / }).waitFor({ timeout: 10 * minutes });
  await explorer.lossesAfter((await explorer.updatesDone()) + 2, 5 * minutes);
  await explorer.button("Stop").click();
  await explorer.trainingEnded();
  return { first, course: await explorer.course() };
}

// A software adapter takes minutes to compile what trainings compute with, so one page shows all.
test("on WebGPU models learn and are read as on the CPU, with few questions to the GPU, and a lost GPU is replaced", { timeout: 20 * minutes }, async () => {
  const on = async (device) => {
    let answer;
    // A lost device may end in a trap of the program or in an answer: both are a dead engine.
    const prepared = async (page) => {
      await beforeEngine(page, rememberDevices);
      await page.addInitScript(disguise);
    };
    const gpu = { gpu: true, before: prepared, mayThrow: /unreachable|GPU|lost|map/i };
    await withExplorer({ query: `?device=${device}`, demo: "bare", ...(device === "gpu" && gpu) }, async (explorer, { page }) => {
      await explorer.untrained();
      await page.getByText(device === "gpu" ? /swiftshader/i : /cpu/i).first().waitFor();
      await explorer.openStudy(file);
      if (device === "gpu") await loseGpu(explorer, page);
      answer = await learned(explorer, page, device);
      if (device === "gpu") answer.moved = await movesOver(explorer, page);
    });
    return answer;
  };
  const [gpu, cpu] = [await on("gpu"), await on("cpu")];
  assert.equal(cpu.found.entries.length, 16);
  for (const [what, numbers] of Object.entries(cpu.found)) {
    const size = Math.max(...numbers.map(Math.abs));
    numbers.forEach((number, at) => {
      const other = gpu.found[what][at];
      assert.ok(Math.abs(other - number) <= 1e-3 * size, `${what} ${at}: ${other} on WebGPU, ${number} on the CPU`);
    });
  }
  // The first losses are the CPU's own, and no update is left out or told twice.
  const { first, course } = gpu.moved;
  assert.equal(first[0][0], 1, "the first update is there");
  const [known, began] = [cpu.found.scIMF, first.map(([, total]) => total)];
  assert.deepEqual(began.slice(0, known.length), known.slice(0, began.length));
  course.forEach(([update, total], at) => assert.ok(update === course[0][0] + at && Number.isFinite(total), `${update}: ${total}`));
  // Each one costs a browser more than most of what is asked for. Burn's operators would take 350 for each step alone.
  console.log(`dispatches of an update of ${STEPS} steps: ${gpu.dispatches}`);
  assert.ok(gpu.dispatches > STEPS && gpu.dispatches <= COMPARING + 12 * STEPS, `${gpu.dispatches} dispatches in an update of ${STEPS} steps`);
});

test("without an adapter the page says why it computes on the CPU", async () => {
  await withExplorer({ query: "?device=gpu", demo: "bare" }, async (explorer, { page }) => {
    await explorer.untrained();
    await page.locator("details.device summary").filter({ hasText: "CPU" }).click();
    await page.locator("details.device .pop").getByText(/WebGPU|adapter/).waitFor();
  });
});

test("the page goes on living while it trains, pauses, resumes and stops", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openStudy(file);
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
