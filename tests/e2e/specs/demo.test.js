// The page shows something alive before anything is asked of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { accessible, accessibleInBoth, eventually } from "../support/expect.js";
import { withExplorer } from "../support/world.js";

test("the demo is alive without a click, and its time points change velocity and chord", async () => {
  await withExplorer({}, async (explorer, { page }) => {
    await explorer.alive();
    assert.equal(await explorer.times.count(), 8);
    const { senders, receivers, values } = await explorer.attentionTable();
    assert.deepEqual(receivers, senders, "receivers and senders are the same types");
    assert.equal(receivers.length, 6);
    assert.ok(values.flat().some((value) => value > 0));
    assert.ok((await explorer.meanSpeed()) > 0);
    await page.getByText(/simulated/i).first().waitFor();
    await eventually("cells are drawn", () => drawnColours(page).then((colours) => colours > 6));
    await accessibleInBoth(page);
    assert.equal(await page.locator(".tour").count(), 0, "without being asked for, no tour meets a program");

    const seen = new Set();
    for (const time of [2, 4, 7]) {
      await explorer.chooseTime(time);
      seen.add(await eventually("an answer of its own", async () => {
        const answer = JSON.stringify([await explorer.meanSpeed(), (await explorer.attentionTable()).values]);
        return seen.has(answer) ? null : answer;
      }));
    }
    assert.equal(seen.size, 3);
  });
});

test("the published demo opens with effects, says how they are known, what was planted is on top, and it plays", { timeout: 180_000 }, async () => {
  await withExplorer({ demo: "published", query: "?device=cpu", reducedMotion: "no-preference" }, async (explorer, { page }) => {
    const attention = new Attention(explorer);
    await attention.chord.locator(".ribbon").first().waitFor({ timeout: 60_000 });
    const words = await attention.panel.innerText();
    assert.match(words, /Who acts on whom/);
    assert.match(words, /Effects in 3 trainings of Mean field beside 3 twins/);
    const [, all, found] = words.match(/Of the (\d+) strongest, (\d+) were planted/).map(Number);
    assert.ok(all >= 6 && found >= 0.75 * all, `${found} of ${all}`);
    await page.getByLabel("Show what was planted").first().check();
    assert.equal(await attention.chord.locator(".ribbon.planted").count(), all);
    await eventually("it plays by itself once", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    await explorer.play(false);
    const held = await picture(page);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(await picture(page), held, "the picture rests");
    await explorer.play(true);
    await eventually("simulated cells move over the observed ones", async () => (await picture(page)) !== held);
    const first = await picture(page);
    await eventually("and go on moving", async () => (await picture(page)) !== first);
    await explorer.play(false);
    // Single populations, and comparisons of them, are those of attention, which is there too.
    await attention.choice("Attention").click();
    await eventually("attention", async () => /Who listens to whom/.test(await attention.panel.innerText()), { timeout: 60_000 });
    await accessible(page);
  });
});

const picture = (page) => page.locator(".cells canvas").evaluateAll((layers) => layers.map((canvas) => canvas.toDataURL()).join());

/** Number of different colours on the largest canvas. */
const drawnColours = (page) =>
  page.evaluate(() => {
    const area = ({ width, height }) => width * height;
    const [canvas] = [...document.querySelectorAll("canvas")].sort((a, b) => area(b) - area(a));
    if (!canvas) return 0;
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
