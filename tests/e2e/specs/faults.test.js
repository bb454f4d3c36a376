// The engine may die, the computer sleep and a training diverge: the page says so, and training goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { eventually } from "../support/expect.js";
import { engines, hurried } from "../support/worker.js";
import { bare, fixture, withExplorer } from "../support/world.js";

/** A training is kept every second, not every five. */
const hasty = { ...bare, before: hurried(5) };
const minutes = (n) => ({ timeout: n * 60_000 });

async function train(explorer, updates = 5000) {
  await explorer.untrained();
  await explorer.openStudy(fixture("gzip_csr.h5ad"));
  // Cells enough that a minute has fewer updates than the list of losses has lines.
  await explorer.startTraining({ updates, cells: 512 });
}

const says = (explorer, words) => eventually(`“${words}”`, async () => words.test(await explorer.status.first().innerText()), { timeout: 180_000 });

const deaths = {
  "is killed": () => self.close(),
  // As a trap of the program, or memory that cannot be had, ends a task.
  "traps": () => setTimeout(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  }),
};

test("a training goes on when its worker is killed and when it traps, and another one starts", minutes(10), async () => {
  await withExplorer({ ...hasty, mayThrow: /unreachable/ }, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    let from = 0;
    for (const [how, die] of Object.entries(deaths)) {
      const update = await kept.written(from + 2);
      await explorer.lossesAfter(update, 60_000);
      const course = await explorer.course();
      await (await engines(page))[0].evaluate(die);
      from = await eventually(`word that the worker ${how}`, async () => {
        const words = await explorer.status.first().innerText();
        const [, at] = /restarted.* Training was interrupted at update \d+ and goes on from update (\d+)/.exec(words) ?? [];
        return Number(at) >= update && Number(at);
      }, { timeout: 180_000 });
      await explorer.lossesAfter(from + 1, 120_000);
      const after = new Map(await explorer.course());
      const common = course.filter(([at]) => at <= update && after.has(at));
      assert.ok(common.length > 0);
      assert.deepEqual(common.map(([at]) => [at, after.get(at)]), common, "the course up to what was kept");
      await explorer.opened("gzip_csr");
      await eventually("one engine", async () => (await engines(page)).length === 1);
    }
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
    await explorer.startTraining({ updates: 1 });
    await eventually("another training", async () => (await explorer.updatesDone()) === 1);
  });
});

test("a training that dies again at the same update is given up, its weights in use", minutes(10), async () => {
  await withExplorer(hasty, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await kept.written(1);
    await explorer.button("Pause").click();
    const resume = explorer.button("Resume");
    await eventually("the pause", () => resume.isEnabled());
    await (await engines(page))[0].evaluate(deaths["is killed"]);
    await says(explorer, /goes on from update/);
    await eventually("the pause is back", () => resume.isEnabled(), { timeout: 120_000 });
    await (await engines(page))[0].evaluate(deaths["is killed"]);
    await says(explorer, /not started again by itself/);
    await explorer.trainingEnded();
    await eventually("weights in use", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)), { timeout: 120_000 });
  });
});

test("a computer that slept is noticed", minutes(5), async () => {
  await withExplorer({ ...bare, before: (page) => page.clock.install() }, async (explorer, { page }) => {
    await train(explorer);
    await explorer.lossesAfter(1, 120_000);
    await page.clock.fastForward("12:00");
    await eventually("word of the sleep", async () => /Nothing ran for 12 min/.test(await explorer.status.first().innerText()), { timeout: 20_000 });
    const done = await explorer.updatesDone();
    await explorer.lossesAfter(done + 1, 120_000);
  });
});

test("a training that diverges is rolled back once, and then stops with its best weights", minutes(5), async () => {
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    await explorer.openTab("Train");
    await explorer.budget("Custom");
    await page.locator("#panel-train summary", { hasText: /Advanced/ }).first().click();
    await explorer.field("Learning rate").fill("1");
    await explorer.startTraining({ updates: 20 });
    await explorer.trainingEnded();
    assert.match(await page.locator("#panel-train .rollback").innerText(), /diverged in update \d+.*half the learning rate/s);
    assert.match(await explorer.alert.innerText(), /diverged again, at half the learning rate.*best weights were kept/s);
    await eventually("weights in use", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)), { timeout: 120_000 });
  });
});
