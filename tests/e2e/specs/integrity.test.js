// The built page knows what it is made of: a file that was changed on its way does not run.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Explorer } from "../pages/explorer.js";
import { launch } from "../support/browser.js";
import { eventually } from "../support/expect.js";
import { serve } from "../support/server.js";
import { dist } from "../support/world.js";

/** Opens the page from a host that changes some of its files. */
async function changed(change, test) {
  const server = await serve(dist, undefined, change);
  const browser = await launch();
  try {
    const page = browser.context.pages()[0];
    await page.goto(`${server.address}?device=cpu`);
    await test(new Explorer(page), page);
  } finally {
    await browser.close();
    await server.close();
  }
}

test("every program of the page carries a checksum", async () => {
  const html = await readFile(path.join(dist, "index.html"), "utf8");
  const tags = html.match(/<(script|link|meta)\b[^>]*>/g);
  const unchecked = tags
    .filter((tag) => /<script[^>]*src=|rel="(stylesheet|modulepreload|preload)"|name="engine/.test(tag))
    .filter((tag) => !/integrity="sha(256|384|512)-/.test(tag));
  assert.deepEqual(unchecked, []);
  assert.match(html, /<script type="importmap">\{"integrity":\{"[^"]+\.js":"sha256-/);
  assert.match(html, /fetch\('[^']+_bg\.wasm', \{ integrity: 'sha256-/);
});

for (const [what, pattern] of [["script", /^worker-.*\.js$/], ["program", /^worker-.*_bg\.wasm$/]]) {
  test(`an engine whose ${what} was changed is not started`, { timeout: 3 * 60_000 }, async () => {
    const spoil = (name, body) => (pattern.test(name) ? Buffer.concat([body, Buffer.from(what === "script" ? "\n" : "\0")]) : body);
    await changed(spoil, async (explorer, page) => {
      await eventually("word of it", async () => /Failed to fetch|integrity/i.test(await explorer.status.first().innerText()), { timeout: 60_000 });
      assert.equal(await explorer.times.count(), 0, "nothing was computed");
      assert.ok(await page.getByRole("heading", { name: "scIMF Explorer" }).isVisible(), "the page stands");
    });
  });
}

test("a page whose program was changed does not start", { timeout: 3 * 60_000 }, async () => {
  const spoil = (name, body) => (/^ui.*\.js$/.test(name) ? Buffer.concat([body, Buffer.from("\nwindow.injected = true;")]) : body);
  await changed(spoil, async (_, page) => {
    await page.waitForTimeout(5000);
    assert.equal(await page.evaluate(() => window.injected), undefined);
    assert.ok(await page.getByText("Loading the explorer").isVisible());
  });
});
