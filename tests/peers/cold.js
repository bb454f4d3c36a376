// A cold start: how long until the demo stands on the page, and from Start until the first update on WebGPU.

import { Explorer } from "../e2e/pages/explorer.js";
import { launch } from "../e2e/support/browser.js";
import { eventually } from "../e2e/support/expect.js";
import { demos, serve } from "../e2e/support/server.js";
import { dist, fixture } from "../e2e/support/world.js";

// node cold.js demo ADDRESS, or node cold.js update, which serves the page with a small study in the demo's place.
const [what, address] = process.argv.slice(2);
/** Milliseconds that a user reads before the training is started. */
const reading = 30_000;

/** Remembers when cells were first drawn; runs before the page's own scripts. */
function watch() {
  const { prototype } = WebGL2RenderingContext;
  const { drawArrays } = prototype;
  prototype.drawArrays = function (mode, first, count) {
    if (count > 500) requestAnimationFrame(() => (window.cellsAt ??= performance.now()));
    return drawArrays.call(this, mode, first, count);
  };
}

/** Runs `measure` on the page of `address` in a browser that has never seen it. */
async function fresh(options, address, measure) {
  const browser = await launch(options);
  try {
    const page = browser.context.pages()[0];
    await page.addInitScript(watch);
    await page.goto(address);
    return await measure(page, new Explorer(page));
  } finally {
    await browser.close();
  }
}

const drawn = () => fresh({}, address, (page) => eventually("the demo's cells", () => page.evaluate(() => window.cellsAt)));
/** The median of three: the first reads from the disk. */
const demo = async () => [await drawn(), await drawn(), await drawn()].sort((a, b) => a - b)[1];
/** On a study without weights: a software adapter would answer what the demo shows for minutes before a training begins. */
const update = (address) => fresh({ gpu: true }, `${address}?device=gpu`, async (page, explorer) => {
  await explorer.untrained();
  await explorer.openStudy(fixture("gzip_csr.h5ad"));
  await new Promise((resolve) => setTimeout(resolve, reading));
  await explorer.chooseModel("scIMF");
  await explorer.openTab("Train");
  await explorer.budget("Custom");
  await explorer.field("Updates").fill("1");
  await explorer.field("Simulated cells per update").fill("64");
  // Two time points and one step: of a software adapter's seconds, those that pass before a training gets going are what counts.
  for (const box of (await explorer.heldOut.all()).slice(2)) await box.check({ force: true });
  await page.getByText("Advanced settings", { exact: true }).first().click();
  await explorer.field("Time step").fill("2");
  const begin = performance.now();
  await explorer.button("Start training").click();
  await explorer.lossesAfter(1, 200_000);
  return performance.now() - begin;
});

/** The page with a small study in the demo's place. */
async function bare(measure) {
  const page = await serve(dist, undefined, undefined, demos.bare);
  try {
    return await measure(page.address);
  } finally {
    await page.close();
  }
}

const measure = { demo, update: () => bare(update) }[what];
console.log(JSON.stringify({ seconds: (await measure()) / 1000 }));
