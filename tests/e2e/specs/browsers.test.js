// The other two engines that people have: a file is mapped, a model learns, and its views answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { launchFirefox } from "../support/firefox.js";
import { demos, serve } from "../support/server.js";
import { withWebKit } from "../support/webkit.js";
import { bare, dist, fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;

test("Firefox", { timeout: 5 * minutes }, async () => {
  await withExplorer({ ...bare, launch: launchFirefox }, async (explorer) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    await explorer.startTraining({ updates: 2 });
    await explorer.lossesAfter(2, 2 * minutes);
    await explorer.trainingEnded();
    await eventually("attention of the trained model", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)));
    await explorer.chooseTime(0);
    const early = await eventually("a speed", () => explorer.meanSpeed());
    await explorer.chooseTime(2);
    await eventually("another speed", async () => ![early, NaN].includes(await explorer.meanSpeed()));
  });
});

test("WebKit", { timeout: 5 * minutes }, async () => {
  const server = await serve(dist, undefined, undefined, demos.bare);
  try {
    await withWebKit(`${server.address}?device=cpu`, async (page) => {
      const numbers = () => page.evaluate(() => [...document.querySelectorAll("td[data-value]")].filter((cell) => Number.isFinite(Number(cell.dataset.value))).length);
      const speed = () => page.evaluate(() => /mean speed\D*?([\d.]+)/i.exec(document.body.textContent)?.[1]);
      const choose = (index) => page.evaluate((index) => document.querySelectorAll("[role=radiogroup][aria-label='Time points'] [type=radio]")[index].click(), index);
      const press = (name) => page.evaluate((name) => {
        const button = [...document.querySelectorAll("button")].find((it) => it.textContent.trim() === name && it.checkVisibility() && !it.disabled);
        button?.click();
        return button !== undefined;
      }, name);
      const times = () => page.evaluate(() => document.querySelectorAll("[role=radiogroup][aria-label='Time points'] [type=radio]").length);
      await eventually("the demo", async () => (await times()) === 3, { timeout: 2 * minutes });
      await page.type("header input[type=file]", fixture("gzip_csr.h5ad"));
      await eventually("the mapping", () => page.evaluate(() => document.querySelector("dialog[open]") !== null));
      await eventually("Open", () => press("Open"));
      await eventually("the file's cells", () => page.evaluate(() => /gzip_csr/.test(document.querySelector("header").textContent)));
      await eventually("a training", () => page.evaluate(() => {
        const button = [...document.querySelectorAll(".panel.attention button")].find((it) => /^Start training/.test(it.textContent) && !it.disabled);
        button?.click();
        return button !== undefined;
      }));
      await eventually("attention while it learns", async () => (await numbers()) > 0, { timeout: 2 * minutes });
      await choose(0);
      const early = await eventually("a speed", speed);
      await choose(2);
      await eventually("another speed", async () => ![early, undefined, null].includes(await speed()));
      assert.deepEqual(server.requests.filter((url) => !url.startsWith("/some/sub/path/")), []);
    });
  } finally {
    await server.close();
  }
});
