// How many times the engine asks the GPU for something in a training: each time costs a browser more than most of what is asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;
const most = 12;

/** Counts dispatches in the worker from now on, and notes the count at each update that it reports. */
function count() {
  self.dispatches = 0;
  self.atUpdates = [];
  const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
    self.dispatches += 1;
    return dispatch.apply(this, groups);
  };
  const post = self.postMessage;
  self.postMessage = (message, ...rest) => {
    if (message.event?.Update) self.atUpdates.push(self.dispatches);
    return post.call(self, message, ...rest);
  };
}

/** Dispatches of an update: the fewest of some, since a question in between adds its own. The first update prepares the comparisons. */
async function dispatches(explorer, worker, step) {
  await worker.evaluate(() => (self.atUpdates = []));
  await explorer.startTraining({ updates: 4, cells: 16, step });
  await eventually("four updates", () => worker.evaluate(() => self.atUpdates.length === 4), { timeout: 10 * minutes });
  await explorer.trainingEnded();
  const marks = await worker.evaluate(() => self.atUpdates);
  return Math.min(...marks.slice(1).map((mark, before) => mark - marks[before]));
}

test(`a step of a training takes at most ${most} dispatches, forward and backward together`, { timeout: 25 * minutes }, async () => {
  let few, many;
  await withExplorer({ query: "?device=gpu", gpu: true }, async (explorer, { page }) => {
    await explorer.alive();
    await page.getByText(/swiftshader/i).first().waitFor();
    const [worker] = page.workers();
    await worker.evaluate(count);
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    few = await dispatches(explorer, worker, 0.5);
    many = await dispatches(explorer, worker, 0.1);
  });
  const perStep = (many - few) / (2 * (10 - 2));
  console.log(`dispatches of an update: ${few} with 4 steps, ${many} with 20; ${perStep} a step`);
  assert.ok(few > 0 && perStep > 1, `the count counts: ${few}, ${many}`);
  assert.ok(perStep <= most, `${perStep} dispatches a step`);
});
