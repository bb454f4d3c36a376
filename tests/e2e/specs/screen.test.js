// The screen: nothing scrolls that should not, the dock never moves the views' top, and everything is laid out from a phone to a desk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { eventually } from "../support/expect.js";
import { sharedExplorer } from "../support/world.js";

const shared = sharedExplorer({ query: "?device=cpu" });
const TABS = ["Train", "Simulate", "Experiments", "Genes", "Evidence", "Runs", "Evaluate"];
const desks = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
];

/** Where a part of the page stands, in whole pixels. */
const box = (page, selector) =>
  page.locator(selector).first().evaluate((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
  });

const overflow = (page) =>
  page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    return [scrollHeight - innerHeight, scrollWidth - innerWidth];
  });

/** What stands beyond the right edge of its panel, by its text. */
const beyond = (page) =>
  page.locator(".panel .bar > *").evaluateAll((parts) => {
    const edge = (part) => part.closest(".panel").getBoundingClientRect().right;
    return parts.filter((part) => part.getBoundingClientRect().right > edge(part)).map((part) => part.textContent);
  });

test("on desks the page never scrolls, and an open panel leaves both views on the screen", { timeout: 4 * 60_000 }, async () => {
  await shared(async (explorer, { page }) => {
    for (const viewport of desks) {
      const at = `${viewport.width}x${viewport.height}`;
      await page.setViewportSize(viewport);
      await page.waitForTimeout(200);
      assert.deepEqual(await overflow(page).then((all) => all.map((by) => Math.max(by, 0))), [0, 0], `${at} closed`);
      assert.deepEqual(await beyond(page), [], `${at}: every control within its panel`);
      const heights = new Set();
      for (const name of TABS) {
        await explorer.openTab(name);
        await page.waitForTimeout(150);
        assert.deepEqual(await overflow(page).then((all) => all.map((by) => Math.max(by, 0))), [0, 0], `${at} ${name}`);
        for (const view of [".panel.cells", ".panel.attention"]) {
          const [left, top, right, bottom] = await box(page, view);
          assert.ok(left >= 0 && top >= 0 && right <= viewport.width && bottom <= viewport.height, `${at} ${name}: ${view} is on the screen`);
          assert.ok(right - left >= 240 && bottom - top >= 240, `${at} ${name}: ${view} has room, ${right - left} x ${bottom - top}`);
        }
        const [, top, , bottom] = await box(page, ".panel.dock");
        heights.add(bottom - top);
      }
      assert.equal(heights.size, 1, `${at}: all tabs share one height: ${[...heights]}`);
      await page.getByRole("button", { name: "Close the drawer" }).click();
    }
  });
});

test("between phone and desk, on a phone and at 200 % nothing is wider than the window", { timeout: 4 * 60_000 }, async () => {
  await shared(async (explorer, { page }) => {
    for (const viewport of [{ width: 820, height: 1180 }, { width: 760, height: 900 }, { width: 720, height: 450 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(viewport);
      for (const name of TABS) {
        await explorer.openTab(name);
        await page.waitForTimeout(150);
        const [, across] = await overflow(page);
        assert.ok(across <= 0, `${viewport.width} ${name}: ${across} px too wide`);
      }
      await page.getByRole("button", { name: "Close the drawer" }).click();
    }
  });
});

test("the dock's edge is moved by keys and pointer; a panel has the whole window; type is large in a lecture", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openTab("Train");
    const width = async () => (([left, , right]) => right - left)(await box(page, ".panel.dock"));
    const before = await width();
    await page.getByRole("separator", { name: "Size of the open panel" }).focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowLeft");
    await eventually("a wider dock", async () => (await width()) > before + 40);
    const grip = page.getByRole("separator", { name: "Size of the open panel" });
    const { x, y, height } = await grip.boundingBox();
    await page.mouse.move(x + 5, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + 205, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await eventually("a narrower dock", async () => (await width()) < before + 40);
    for (const [name, panel] of [["Cells", ".panel.cells"], ["Who listens to whom", ".panel.attention"]]) {
      await page.getByRole("button", { name: `Whole window: ${name}` }).click();
      const [left, top, right, bottom] = await box(page, panel);
      assert.ok(right - left > 1400 && bottom - top > 860, `${name} has the window`);
      await page.keyboard.press("Escape");
      await eventually("back", async () => (([l, , r]) => r - l < 1000)(await box(page, panel)));
    }
    await explorer.button("Lecture mode").click();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "19px");
    assert.deepEqual((await overflow(page)).map((by) => Math.max(by, 0)), [0, 0]);
    await explorer.button("Lecture mode").click();
  });
});

test("the chord states its scale, and pinning moves nothing", async () => {
  await shared(async (explorer, { page }) => {
    const attention = new Attention(explorer);
    await attention.known();
    assert.match(await attention.chord.locator(".scale text").textContent(), /× (= )?equal listening/);
    const before = [await box(page, ".panel.attention .stage"), await box(page, ".panel.cells .stage")];
    await attention.arc(1).focus();
    await page.keyboard.press("Enter");
    await attention.panel.getByRole("group", { name: "Pinned" }).waitFor();
    assert.deepEqual([await box(page, ".panel.attention .stage"), await box(page, ".panel.cells .stage")], before);
    await attention.choose("Enrichment");
    assert.match(await attention.chord.locator(".scale text").textContent(), /log2 \+/);
  });
});
