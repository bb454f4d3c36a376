// Seconds of each update of a training in the browser, on the CPU: node updates.js STUDY.npz UPDATES

import { withExplorer } from "../e2e/support/world.js";

const [, , study, updates] = process.argv;

await withExplorer({ query: "?device=cpu", init: tap }, async (explorer, { page }) => {
  await explorer.alive();
  await explorer.openFile(study);
  await explorer.startTraining({ updates: Number(updates), cells: 512 });
  await explorer.trainingEnded();
  console.log(JSON.stringify({ seconds: await page.evaluate(() => globalThis.updateSeconds) }));
});

/** Notes the seconds of each update that a worker reports. */
function tap() {
  globalThis.updateSeconds = [];
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", ({ data }) => {
        const seconds = data?.event?.Update?.seconds;
        if (seconds !== undefined) globalThis.updateSeconds.push(seconds);
      });
    }
  };
}
