// What is learned is kept on this computer: a closed tab, a reload, a damaged write and a full disk lose nothing that was whole.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { CellMnn } from "../pages/cell_mnn.js";
import { Explorer } from "../pages/explorer.js";
import { launchAlone } from "../support/browser.js";
import { accessible, eventually } from "../support/expect.js";
import { hurried } from "../support/worker.js";
import { bare, fixture, withExplorer } from "../support/world.js";

/** A training is kept every second, not every five. */
const hasty = { ...bare, before: hurried(5) };

/** Opens a small study and begins to train on it. */
async function train(explorer, updates = 5000) {
  await explorer.untrained();
  await explorer.openStudy(fixture("gzip_csr.h5ad"));
  await explorer.startTraining({ updates });
}

/** Opens the page anew. */
async function reload(explorer) {
  await explorer.page.reload();
  await explorer.untrained();
}

test("a training goes on after a reload where it was kept, and is forgotten for good", { timeout: 10 * 60_000 }, async () => {
  // Here on a disk, elsewhere in a browser that keeps its databases in memory.
  await withExplorer({ ...hasty, launch: launchAlone, serviceWorkers: "block" }, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await kept.written(2);
    await reload(explorer);
    await kept.opened();
    await accessible(page);
    const words = await kept.offers.first().innerText();
    assert.match(words, /gzip_csr/);
    assert.match(words, /scIMF, in training: update [\d,]+ of 5,000/);
    const database = await kept.database();
    const newest = database.generations.sort((a, b) => b.generation - a.generation)[0].head.parts[0];
    await kept.goOn();
    await explorer.lossesAfter(newest.update + 1, 120_000);
    const saved = new Map(newest.updates.map(({ update, loss }) => [update, Math.fround(loss.total)]));
    const common = (await explorer.course()).filter(([update]) => saved.has(update));
    assert.ok(common.length > 0);
    assert.deepEqual(common.map(([update, loss]) => [update, Math.fround(loss)]), common.map(([update]) => [update, saved.get(update)]), "its course is back");
    await explorer.opened("gzip_csr");
    assert.equal(await kept.recent.count(), 0, "what is open is not offered");
    await kept.written(newest.update + 1);
    assert.deepEqual((await kept.database()).datasets, database.datasets, "the dataset lies there once");

    await explorer.openTab("Train");
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
    await eventually("the weights kept", async () => (await kept.database()).generations.some(({ head }) => head.training === null));
    await reload(explorer);
    await kept.opened();
    assert.match(await kept.offers.first().innerText(), /scIMF, trained: weights of update/);
    await kept.goOn();
    await eventually("the weights in use", async () => /back as of update/.test(await explorer.status.first().innerText()));
    await reload(explorer);
    await kept.forget();
    assert.deepEqual(await kept.database(), { datasets: [], generations: [] }, "nothing is left");
  });
});

test("Cell-MNN goes on after a reload, too", { timeout: 10 * 60_000 }, async () => {
  await withExplorer(hasty, async (explorer, { page }) => {
    const kept = new Kept(page);
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    await new CellMnn(explorer).choose("Cell-MNN");
    await explorer.openTab("Train");
    await explorer.budget("Custom");
    await explorer.field("Epochs").fill("3000");
    await explorer.button("Start training").click();
    await kept.written(1);
    await explorer.button("Pause").click();
    await eventually("the pause kept", async () => (await kept.database()).generations.some(({ head }) => head.paused));
    await reload(explorer);
    await kept.opened();
    assert.match(await kept.offers.first().innerText(), /Cell-MNN, paused: epoch [\d,]+ of 3,000/);
    await kept.goOn();
    await explorer.openTab("Train");
    const resume = explorer.button("Resume");
    await eventually("the pause is back", () => resume.isEnabled(), { timeout: 120_000 });
    const before = await explorer.updatesDone();
    await resume.click();
    await explorer.lossesAfter(before + 1, 120_000);
  });
});

test("an untouched demo is not kept, and nothing is where it is not wanted", { timeout: 10 * 60_000 }, async () => {
  await withExplorer(hasty, async (explorer, { page }) => {
    const kept = new Kept(page);
    await explorer.untrained();
    assert.deepEqual((await kept.database()).datasets, []);
    await explorer.startTraining({ updates: 3000 });
    await kept.written(1);
    assert.equal((await kept.database()).datasets.length, 1, "a trained demo is kept");
    await kept.wish.uncheck();
    await eventually("nothing is left", async () => (await kept.database()).datasets.length === 0);
    await explorer.lossesAfter(1, 60_000);
    const done = await explorer.updatesDone();
    await explorer.lossesAfter(done + 3, 120_000);
    assert.deepEqual(await kept.database(), { datasets: [], generations: [] });
    assert.match(await kept.words.textContent(), /^.*Off: a closed tab loses/);
    await reload(explorer);
    await explorer.openTab("Train");
    assert.equal(await kept.wish.isChecked(), false, "the wish is remembered");
    assert.equal(await kept.recent.count(), 0);
  });
});

test("a damaged write falls back to the generation before", { timeout: 10 * 60_000 }, async () => {
  await withExplorer(hasty, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await kept.written(1);
    await eventually("two generations", async () => (await kept.database()).generations.length === 2, { timeout: 120_000 });
    await reload(explorer);
    const [, older] = (await kept.database()).generations.sort((a, b) => b.generation - a.generation);
    await kept.spoil("bytes");
    await kept.goOn();
    await eventually("word of the damage", async () => /last seconds of it were damaged/.test(await explorer.status.first().innerText()), { timeout: 120_000 });
    await explorer.lossesAfter(older.head.parts[0].update + 1, 120_000);
  });
});

test("what another version kept is explained and can be forgotten", { timeout: 10 * 60_000 }, async () => {
  await withExplorer(hasty, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await kept.written(1);
    await reload(explorer);
    await kept.spoil("version");
    await reload(explorer);
    await kept.opened();
    assert.match(await kept.offers.first().innerText(), /Another version of this page/);
    assert.equal(await kept.card.getByRole("button", { name: "Go on" }).count(), 0);
    await kept.forget();
    assert.deepEqual((await kept.database()).datasets, []);
  });
});

test("two tabs keep their own", { timeout: 10 * 60_000 }, async () => {
  await withExplorer(hasty, async (explorer, { page, browser }) => {
    const first = new Kept(page);
    await train(explorer);
    await first.written(1);
    const other = await browser.context.newPage();
    await other.goto(page.url());
    const beside = new Explorer(other);
    const second = new Kept(other);
    await beside.untrained();
    await other.waitForTimeout(2000);
    assert.equal(await second.recent.count(), 0, "what a living tab keeps is not offered");
    await beside.startTraining({ updates: 3000 });
    await second.written(1);
    assert.equal((await second.database()).datasets.length, 2);
    await explorer.lossesAfter(1, 60_000);
    const done = await explorer.updatesDone();
    await first.written(done);
    await page.close();
    await reload(beside);
    await second.opened();
    await eventually("both are offered", async () => (await second.offers.count()) === 2);
  });
});

test("a full disk is said once and training goes on", { timeout: 10 * 60_000 }, async () => {
  const before = (page) =>
    page.addInitScript(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("The disk is full.", "QuotaExceededError");
      };
    });
  await withExplorer({ ...bare, before }, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await eventually("word of it", async () => /It cannot be kept/.test(await kept.words.textContent()), { timeout: 120_000 });
    await explorer.lossesAfter(1, 60_000);
    const done = await explorer.updatesDone();
    await explorer.lossesAfter(done + 2, 120_000);
    assert.equal((await explorer.alert.allInnerTexts()).join("").trim(), "", "nothing cries");
  });
});
