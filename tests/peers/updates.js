// Seconds of each update of a training in the browser, on the CPU, and its loss: node updates.js STUDY.npz UPDATES [WORKERS]

import path from "node:path";
import { withExplorer } from "../e2e/support/world.js";

const [, , study, updates, workers = "1"] = process.argv;

await withExplorer({ query: `?device=cpu&workers=${workers}`, init: tap }, async (explorer, { page }) => {
  await explorer.alive();
  await explorer.openFile(study);
  await explorer.opened(path.parse(study).name);
  await explorer.startTraining({ updates: Number(updates), cells: 512 });
  await explorer.lossesAfter(Number(updates), 30 * 60_000);
  await explorer.trainingEnded();
  console.log(JSON.stringify(await page.evaluate(() => globalThis.updatesSeen)));
});

/** Notes the seconds and the loss of each update that the engine reports. */
function tap() {
  globalThis.updatesSeen = { seconds: [], losses: [] };
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", ({ data }) => {
        const update = data?.event?.Update;
        if (!update) return;
        globalThis.updatesSeen.seconds.push(update.seconds);
        globalThis.updatesSeen.losses.push(update.loss.total);
      });
    }
  };
}
