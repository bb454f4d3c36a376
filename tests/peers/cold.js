// A cold start: how long until the demo stands on the page, and from Start until the first update on WebGPU.

import { Explorer } from "../e2e/pages/explorer.js";
import { launch } from "../e2e/support/browser.js";
import { eventually } from "../e2e/support/expect.js";

const [address, reading] = [process.argv[2], Number(process.argv[3])];

/** Remembers when cells were first drawn; runs before the page's own scripts. */
function watch() {
  const { prototype } = WebGL2RenderingContext;
  const { drawArrays } = prototype;
  prototype.drawArrays = function (mode, first, count) {
    if (count > 500) requestAnimationFrame(() => (window.cellsAt ??= performance.now()));
    return drawArrays.call(this, mode, first, count);
  };
}

/** Runs `measure` on the page in a browser that has never seen it. */
async function fresh(options, query, measure) {
  const browser = await launch(options);
  try {
    const page = browser.context.pages()[0];
    await page.addInitScript(watch);
    await page.goto(address + query);
    return await measure(page, new Explorer(page));
  } finally {
    await browser.close();
  }
}

const demo = await fresh({}, "", (page) => eventually("the demo's cells", () => page.evaluate(() => window.cellsAt)));
const update = await fresh({ gpu: true }, "?device=gpu", async (page, explorer) => {
  await explorer.alive();
  await new Promise((resolve) => setTimeout(resolve, reading * 1000));
  await explorer.openTab("Train");
  await explorer.field("Updates").fill("1");
  await explorer.field("Simulated cells per update").fill("64");
  const begin = performance.now();
  await explorer.button("Start training").click();
  await explorer.lossesAfter(1, 540_000);
  return performance.now() - begin;
});
console.log(JSON.stringify({ demo: demo / 1000, update: update / 1000 }));
