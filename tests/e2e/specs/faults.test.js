// The engine may die, the GPU be lost, the computer sleep and a training diverge: the page says so, and training goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept } from "../pages/kept.js";
import { launchAlone } from "../support/browser.js";
import { eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

const cpu = { query: "?device=cpu" };
const minutes = (n) => ({ timeout: n * 60_000 });

async function train(explorer, updates = 5000) {
  await explorer.alive();
  await explorer.openFile(fixture("gzip_csr.h5ad"));
  await explorer.acceptMapping();
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

for (const [how, die] of Object.entries(deaths)) {
  test(`a training goes on when its worker ${how}`, minutes(10), async () => {
    await withExplorer({ ...cpu, mayThrow: /unreachable/ }, async (explorer, { page }) => {
      const kept = new Kept(page);
      await train(explorer);
      const update = await kept.written(2);
      await explorer.lossesAfter(update, 60_000);
      const course = await explorer.course();
      await page.workers()[0].evaluate(die);
      await says(explorer, /restarted.* Training was interrupted at update \d+ and goes on from update \d+/);
      await explorer.lossesAfter(update + 1, 120_000);
      const after = new Map(await explorer.course());
      const common = course.filter(([at]) => at <= update && after.has(at));
      assert.ok(common.length > 0);
      assert.deepEqual(common.map(([at]) => [at, after.get(at)]), common, "the course up to what was kept");
      assert.equal(await explorer.times.count(), 3, "the dataset is back");
      await eventually("one worker", () => page.workers().length === 1);
      await explorer.button("Stop").click();
      await explorer.trainingEnded();
    });
  });
}

test("a training that dies again at the same update is given up, its weights in use", minutes(10), async () => {
  await withExplorer(cpu, async (explorer, { page }) => {
    const kept = new Kept(page);
    await train(explorer);
    await kept.written(1);
    await explorer.button("Pause").click();
    const resume = explorer.button("Resume");
    await eventually("the pause", () => resume.isEnabled());
    await page.workers()[0].evaluate(deaths["is killed"]);
    await says(explorer, /goes on from update/);
    await eventually("the pause is back", () => resume.isEnabled(), { timeout: 120_000 });
    await page.workers()[0].evaluate(deaths["is killed"]);
    await says(explorer, /not started again by itself/);
    await explorer.trainingEnded();
    await eventually("weights in use", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)), { timeout: 120_000 });
  });
});

test("a lost GPU is replaced and training goes on", minutes(20), async () => {
  // The engine's worker starts from a blob: here it also remembers the devices that it is given.
  const before = (page) =>
    page.addInitScript(() => {
      const remember = `
        const request = GPUAdapter.prototype.requestDevice;
        self.devices = [];
        GPUAdapter.prototype.requestDevice = async function (...options) {
          const device = await request.apply(this, options);
          self.devices.push(device);
          return device;
        };`;
      const Plain = Blob;
      window.Blob = class extends Plain {
        constructor(parts, options) {
          super(options?.type === "text/javascript" ? [remember, ...parts] : parts, options);
        }
      };
    });
  // The program may end in a trap or in an answer: both are a dead engine.
  await withExplorer({ query: "?device=gpu", gpu: true, launch: launchAlone, demo: "bare", before, mayThrow: /unreachable|GPU|lost|map/i }, async (explorer, { page }) => {
    const kept = new Kept(page);
    await explorer.untrained();
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    await explorer.startTraining({ updates: 500, cells: 16 });
    // A software adapter compiles for a minute before the first update.
    const update = await kept.written(1, 600_000);
    assert.equal(await page.workers()[0].evaluate(() => self.devices.length > 0), true, "it computes on the GPU");
    await page.workers()[0].evaluate(() => self.devices.forEach((device) => device.destroy()));
    await eventually("word of it", async () => /goes on from update/.test(await explorer.status.first().innerText()), { timeout: 300_000 });
    await explorer.lossesAfter(update + 1, 600_000);
  });
});

test("a computer that slept is noticed", minutes(5), async () => {
  await withExplorer({ ...cpu, before: (page) => page.clock.install() }, async (explorer, { page }) => {
    await train(explorer);
    await explorer.lossesAfter(1, 120_000);
    await page.clock.fastForward("12:00");
    await eventually("word of the sleep", async () => /Nothing ran for 12 min/.test(await explorer.status.first().innerText()), { timeout: 20_000 });
    const done = await explorer.updatesDone();
    await explorer.lossesAfter(done + 1, 120_000);
  });
});

test("a training that diverges is rolled back once, and then stops with its best weights", minutes(5), async () => {
  await withExplorer(cpu, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.openFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
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
