// Dispatches that the engine asks of the GPU in a training, counted in its worker.

import { eventually } from "./expect.js";
import { fixture, withExplorer } from "./world.js";

const minutes = 60_000;
/** Updates of a training, so many that some of them have no question in between. */
const UPDATES = 8;

/** Runs in the engine's worker: counts dispatches from now on, and notes the count at each update that it reports. */
export function count() {
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

/** Dispatches of an update: the fewest of the noted ones, since a question in between adds its own. The first update prepares the comparisons. */
export async function fewest(worker, updates) {
  const marks = () => worker.evaluate(() => self.atUpdates);
  await eventually(`${updates} updates`, async () => (await marks()).length >= updates, { timeout: 10 * minutes });
  const noted = await marks();
  return Math.min(...noted.slice(1).map((mark, before) => mark - noted[before]));
}

/** Dispatches of an update. A training that was there before would bring questions about its weights, so each has a page of its own. */
async function ofAnUpdate(step) {
  let dispatches;
  await withExplorer({ query: "?device=gpu", gpu: true, demo: "bare" }, async (explorer, { page }) => {
    await explorer.untrained();
    await page.getByText(/swiftshader/i).first().waitFor();
    const [worker] = page.workers();
    await worker.evaluate(count);
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    await explorer.startTraining({ updates: UPDATES, cells: 16, step });
    dispatches = await fewest(worker, UPDATES);
  });
  return dispatches;
}

/** Dispatches of an update with 4 Euler steps, with 20, and of a step, there and back. */
export async function dispatches() {
  const [few, many] = [await ofAnUpdate(0.5), await ofAnUpdate(0.1)];
  return { few, many, step: (many - few) / (20 - 4) };
}
