// Dispatches that the engine asks of the GPU in a training, counted in its worker.

import { eventually } from "./expect.js";
import { fixture, withExplorer } from "./world.js";

const minutes = 60_000;
/** Updates of a training, so many that some of them have no question in between. */
const UPDATES = 8;

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

/**
 * Dispatches of an update: the fewest of some, since a question in between adds its own. The first update prepares the comparisons. A training
 * that was there before would bring questions about its weights, so each has a page of its own.
 */
async function ofAnUpdate(step) {
  let marks;
  await withExplorer({ query: "?device=gpu", gpu: true }, async (explorer, { page }) => {
    await explorer.alive();
    await page.getByText(/swiftshader/i).first().waitFor();
    const [worker] = page.workers();
    await worker.evaluate(count);
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    await explorer.startTraining({ updates: UPDATES, cells: 16, step });
    await eventually("all updates", () => worker.evaluate((count) => self.atUpdates.length === count, UPDATES), { timeout: 10 * minutes });
    marks = await worker.evaluate(() => self.atUpdates);
  });
  return Math.min(...marks.slice(1).map((mark, before) => mark - marks[before]));
}

/** Dispatches of an update with 4 Euler steps, with 20, and of a step, there and back. */
export async function dispatches() {
  const [few, many] = [await ofAnUpdate(0.5), await ofAnUpdate(0.1)];
  return { few, many, step: (many - few) / (20 - 4) };
}
