// The other two engines that people have: the demo is alive, a file is mapped, a model learns, and its views answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { launchFirefox } from "../support/firefox.js";
import { serve } from "../support/server.js";
import { withWebKit } from "../support/webkit.js";
import { dist, fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;

test("Firefox", { timeout: 5 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu", launch: launchFirefox }, async (explorer) => {
    await explorer.alive();
    await explorer.chooseTime(2);
    const early = await explorer.meanSpeed();
    await explorer.chooseTime(7);
    await eventually("another speed", async () => (await explorer.meanSpeed()) !== early);
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    await explorer.startTraining({ updates: 2 });
    await explorer.lossesAfter(2, 2 * minutes);
    await explorer.trainingEnded();
    await eventually("attention of the trained model", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)));
  });
});

test("WebKit", { timeout: 5 * minutes }, async () => {
  const server = await serve(dist);
  try {
    await withWebKit(`${server.address}?device=cpu`, async (page) => {
      const rows = () => page.evaluate(() => document.querySelectorAll("table[aria-label='Cell-type attention'] tbody tr, table tbody tr").length);
      const numbers = () => page.evaluate(() => [...document.querySelectorAll("td[data-value]")].filter((cell) => Number.isFinite(Number(cell.dataset.value))).length);
      const speed = () => page.evaluate(() => /mean speed\D*?([\d.]+)/i.exec(document.body.textContent)?.[1]);
      await eventually("the demo's attention", async () => (await rows()) > 0 && (await numbers()) > 0, { timeout: 2 * minutes });
      const choose = (index) => page.evaluate((index) => document.querySelectorAll("[role=radiogroup][aria-label='Time points'] [type=radio]")[index].click(), index);
      await choose(2);
      const early = await eventually("a speed", speed);
      await choose(7);
      await eventually("another speed", async () => (await speed()) !== early);
      const press = (name) => page.evaluate((name) => {
        const button = [...document.querySelectorAll("button")].find((it) => it.textContent.trim() === name && it.checkVisibility() && !it.disabled);
        button?.click();
        return button !== undefined;
      }, name);
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
      assert.deepEqual(server.requests.filter((url) => !url.startsWith("/some/sub/path/")), []);
    });
  } finally {
    await server.close();
  }
});
