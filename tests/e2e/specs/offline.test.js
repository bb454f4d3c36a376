// After the first visit the page opens without a network, and never in two versions at once.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, readFile, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Explorer } from "../pages/explorer.js";
import { launchAlone } from "../support/browser.js";
import { eventually } from "../support/expect.js";
import { place, scratch } from "../support/scratch.js";
import { demos, serve } from "../support/server.js";
import { bare, dist, withExplorer } from "../support/world.js";

/** Waits until the page is kept. A browser gives up silently, for want of room say, and then this says what there was. */
async function kept(page) {
  const state = () =>
    page.evaluate(async () => {
      const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration()) ?? {};
      const { quota, usage } = await navigator.storage.estimate();
      return { installing: installing?.state, waiting: waiting?.state, active: active?.state, quota, usage, caches: await caches.keys() };
    });
  const isActive = async () => (await state()).active === "activated";
  await eventually("the page is kept", isActive, { timeout: 90_000 }).catch(async ({ message }) => {
    const { bavail, bsize } = await statfs(place);
    assert.fail(`${message}; ${JSON.stringify(await state())}; ${(bavail * bsize) / 1e9} GB free`);
  });
}
const versions = (page) => page.evaluate(() => caches.keys());

test("it can be installed", async () => {
  await withExplorer(bare, async (_, { page, server }) => {
    const manifest = await page.evaluate(() => fetch(document.querySelector("link[rel=manifest]").href).then((answer) => answer.json()));
    assert.equal(new URL(manifest.start_url, server.address).href, server.address);
    for (const { src, sizes, type } of manifest.icons) {
      const size = await page.evaluate(async (src) => {
        const image = Object.assign(new Image(), { src });
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      if (type === "image/png") assert.equal(size, sizes, src);
    }
  });
});

test("it works without a network after the first visit", { timeout: 300_000 }, async () => {
  await withExplorer({ ...bare, launch: launchAlone }, async (explorer, { page, server, browser }) => {
    await explorer.untrained();
    await kept(page);
    await server.close();
    await browser.context.setOffline(true);
    await page.reload();
    await explorer.untrained();
    await explorer.chooseTime(1);
    await explorer.startTraining({ updates: 2, cells: 32 });
    await explorer.lossesAfter(2, 120_000);
    await page.goto(server.address);
    await explorer.untrained();
  });
});

test("a newer version takes over whole, or not at all", { timeout: 300_000 }, async () => {
  const folder = await scratch("versions");
  await cp(dist, folder, { recursive: true });
  const server = await serve(folder, undefined, undefined, demos.bare);
  const browser = await launchAlone();
  try {
    const page = browser.context.pages()[0];
    const explorer = new Explorer(page);
    const title = () => page.title();
    /** Publishes a page with another title; `whole` says whether the service worker knows it. */
    const publish = async (title, whole = true) => {
      const index = path.join(folder, "index.html");
      await writeFile(index, (await readFile(index, "utf8")).replace(/<title>.*<\/title>/, `<title>${title}</title>`));
      const hash = whole ? createHash("sha256").update(await readFile(index)).digest("hex") : "0".repeat(64);
      const worker = path.join(folder, "sw.js");
      const script = (await readFile(worker, "utf8"))
        .replace(/"index.html": "[0-9a-f]+"/, `"index.html": "${hash}"`)
        .replace(/VERSION = "[^"]+"/, `VERSION = "${hash.slice(0, 16)}"`);
      await writeFile(worker, script);
    };
    await page.goto(server.address);
    await explorer.untrained();
    await kept(page);
    const first = await versions(page);
    assert.equal(first.length, 1);

    await publish("half", false);
    await page.reload();
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()).catch(() => {}));
    await eventually("the half version is refused", () =>
      page.evaluate(() => navigator.serviceWorker.ready.then(({ installing, waiting }) => !installing && !waiting)),
    );
    await page.reload();
    assert.equal(await title(), "scIMF Explorer", "a host in the middle of an update changes nothing");

    await publish("second");
    await page.reload();
    assert.equal(await title(), "scIMF Explorer", "the kept version is shown at once");
    await explorer.untrained();
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
    await eventually("the second version waits", () => page.evaluate(() => navigator.serviceWorker.ready.then(({ waiting }) => Boolean(waiting))));
    await page.reload();
    await eventually("the second version", async () => (await title().catch(() => "")) === "second");
    await explorer.untrained();
    await eventually("the first is forgotten", async () => (await versions(page)).length === 1);
    assert.notDeepEqual(await versions(page), first);
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
