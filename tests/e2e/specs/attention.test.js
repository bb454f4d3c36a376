// Who listens to whom: chord and matrix as one, over time, side by side, cell by cell, by mouse and by keyboard alone.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { accessible, accessibleInBoth, eventually } from "../support/expect.js";
import { bare, sharedExplorer, withExplorer } from "../support/world.js";

/** The demo and the chords of all its time points are there, and nothing moves. */
async function known(explorer) {
  await explorer.alive();
  await new Attention(explorer).known();
}

const withAttention = (options, test) =>
  withExplorer(options, async (explorer, world) => {
    await known(explorer);
    await test(new Attention(explorer), { ...world, explorer });
  });

const shared = sharedExplorer({}, known);
/** The same on one page, for tests of what can be taken back. */
const sameAttention = (test) => shared((explorer, world) => test(new Attention(explorer), { ...world, explorer }));

test("pointing at a type fades the others, tells about it, and a click pins it", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    const [all, present] = [await attention.clearLinks(), await attention.present()];
    assert.ok(present > 2);
    assert.equal(all, present ** 2, "each type with each");
    const arc = attention.chord.locator(".part:has(.arc:not(.absent))").first();
    await arc.locator("text").hover();
    await eventually("others fade", async () => (await attention.clearLinks()) === 2 * present - 1);
    assert.match(await attention.tip.innerText(), /cells: sends .*, receives .*listens most to/);
    assert.ok((await explorer.attention.first().locator("th.lit").count()) > 0, "the same type is lit in the table");
    await attention.choose("Out");
    await arc.locator("text").hover();
    await eventually("only what it sends", async () => (await attention.clearLinks()) === present);
    await arc.locator("text").click();
    await page.mouse.move(2, 2);
    assert.equal(await attention.clearLinks(), present, "pinned");
    await page.keyboard.press("Escape");
    await eventually("Escape lets go", async () => (await attention.clearLinks()) === all);
  });
});

test("the tooltip of a link tells share, rank, cells and its course", async () => {
  await sameAttention(async (attention, { page }) => {
    const ribbon = await attention.chord.locator(".ribbon").first().evaluate((path) => {
      const box = path.getBoundingClientRect();
      for (let i = 0; i < 4000; i += 1) {
        const [x, y] = [box.x + (box.width * (i % 63)) / 63, box.y + (box.height * Math.floor(i / 63)) / 63];
        if (document.elementFromPoint(x, y) === path) return { x, y };
      }
      return null;
    });
    await page.mouse.move(ribbon.x, ribbon.y);
    await attention.tip.waitFor();
    assert.match(await attention.tip.innerText(), /→ .* [\d.]+ × equal listening \(attention [\d.e-]+\), [\d.]+ % of .*'s attention, rank \d+ of \d+, .*cells/);
    assert.ok((await attention.tip.locator(".spark circle").count()) >= 6, "a dot for each time point");
    assert.equal(await attention.clearLinks(), 1);
  });
});

test("keyboard alone: a type is focused, pinned, and its links are read one by one", async () => {
  await sameAttention(async (attention, { page }) => {
    await attention.choice("CSV").focus();
    await eventually("the chord is reached", async () => {
      await page.keyboard.press("Tab");
      return page.evaluate(() => document.activeElement?.closest(".chord-frame") !== null);
    });
    await attention.tip.waitFor();
    await page.keyboard.press("Enter");
    const pinned = attention.chord.locator('[aria-pressed="true"]');
    assert.equal(await pinned.count(), 1);
    await page.keyboard.press("Shift+Tab");
    await eventually("its links are in the order", () => page.evaluate(() => document.activeElement?.dataset.part?.includes(" ")));
    await page.keyboard.press("Escape");
    await eventually("let go", async () => (await pinned.count()) === 0);
  });
});

test("hiding self and types rescales, and colours can be told apart", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    const [before, present] = [await attention.arcs(), await attention.present()];
    await attention.panel.getByLabel("Hide self").check();
    await eventually("no link to oneself", async () => (await attention.clearLinks()) === present * (present - 1));
    assert.notDeepEqual(await attention.arcs(), before, "the rest fills the circle");
    await attention.panel.locator(".pick summary").click();
    const types = attention.panel.getByRole("group", { name: "Types" });
    await types.getByRole("checkbox").nth(1).uncheck();
    await eventually("five types", async () => (await attention.arcs()).length === 5);
    assert.equal((await explorer.attentionTable()).receivers.length, 5, "chord and table show the same types");
    await types.getByRole("button", { name: "Show all types" }).click();
    await eventually("six types", async () => (await attention.arcs()).length === 6);
    await types.getByLabel(/colour vision/).check();
    await eventually("it stands in the address", async () => (await attention.address())["distinct-colors"] === "yes");
    await page.keyboard.press("Escape");
    await types.waitFor({ state: "hidden" });
  });
});

test("one scale and order over all time points", async () => {
  await sameAttention(async (attention, { explorer }) => {
    assert.equal(await attention.minis.count(), 8);
    const names = () => attention.chord.locator("text").evaluateAll((texts) => texts.map((text) => text.firstChild.textContent.trim()));
    const angle = () =>
      attention.chord.locator(".arc").evaluateAll((arcs) => arcs.map((arc) => arc.querySelector(".outgoing").getTotalLength() + arc.querySelector(".incoming").getTotalLength()));
    const [order, lengths] = [await names(), await angle()];
    const table = (await explorer.attentionTable()).values.flat().filter(Number.isFinite).reduce((sum, value) => sum + value, 0);
    await explorer.chooseTime(1);
    await eventually("another chord", async () => /at .*1/.test(await attention.panel.getByRole("heading").innerText()));
    assert.deepEqual(await names(), order);
    const other = (await explorer.attentionTable()).values.flat().filter(Number.isFinite).reduce((sum, value) => sum + value, 0);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    // Outlines have ends too, so that the lengths are in proportion to the sums but for a constant.
    assert.ok(Math.sign(sum(await angle()) - sum(lengths)) === Math.sign(other - table) || Math.abs(other - table) < 1e-9);
  });
});

for (const reducedMotion of ["no-preference", "reduce"]) {
  test(`from one time point to another the chord ${reducedMotion === "reduce" ? "jumps" : "glides"}`, async () => {
    await sameAttention(async (_, { page, explorer }) => {
      await page.emulateMedia({ reducedMotion });
      await explorer.play(false);
      const between = await page.evaluate(async () => {
        const arc = document.querySelector(".chord-frame .outgoing");
        const shown = () => getComputedStyle(arc).d;
        const before = shown();
        // So slow that the outline is met on its way, however long a frame takes.
        if (getComputedStyle(arc).transitionDuration !== "0s") arc.style.transitionDuration = "600s";
        const other = [...document.querySelectorAll("input[name=time-point]")].find((radio) => !radio.checked);
        other.click();
        const glide = () => arc.getAnimations().find(({ transitionProperty }) => transitionProperty === "d");
        for (let frame = 0; frame < 600 && !glide() && shown() === before; frame += 1) await new Promise(requestAnimationFrame);
        const met = glide();
        if (!met) return shown() === before ? "the outline never changed" : 0;
        met.pause();
        const outlines = new Set();
        for (const part of [0.2, 0.4, 0.6, 0.8]) {
          met.currentTime = part * met.effect.getComputedTiming().duration;
          outlines.add(shown());
        }
        met.finish();
        arc.style.transitionDuration = "";
        return outlines.size;
      });
      assert.equal(between, reducedMotion === "reduce" ? 0 : 4, "outlines between the two");
    });
  });
}

test("the matrix is walked by arrow keys and its numbers leave as a table", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    await attention.choose("Matrix");
    await explorer.attention.locator("tbody th").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.at), "2 1");
    await attention.tip.waitFor();
    assert.match(await attention.tip.innerText(), /rank \d+ of \d+|too few cells/);
    await page.keyboard.press("Enter");
    const [download] = await Promise.all([page.waitForEvent("download"), attention.choice("CSV").click()]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n");
    assert.match(lines[0], /^time,receiver,sender,score,mean,/);
    assert.ok(new Set(lines.slice(1).map((line) => line.split(",")[0])).size === 8, "all time points");
    await attention.choose("Enrichment");
    await eventually("signs", async () => (await explorer.attentionTable()).values.flat().some((value) => value < 0));
    await attention.choose("Influence");
    await eventually("influence", async () => /influence/.test(await explorer.attention.first().locator("caption").innerText()));
  });
});

test("two time points side by side, with a difference that has signs", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    await explorer.chooseTime(2);
    await explorer.times.nth(6).click({ force: true, modifiers: ["Shift"] });
    await eventually("two chords", async () => (await attention.chords.count()) === 2);
    assert.ok(await explorer.times.nth(2).isChecked(), "the chosen time point stays");
    const beside = page.getByRole("region", { name: "Cells", exact: true }).getByRole("img", { name: /^Scatter plot of the compared cells/ });
    assert.ok((await beside.getAttribute("aria-label")).includes((await explorer.timeLabels())[6]), "two scatters beside each other");
    const texts = await attention.change.locator("tbody td").allInnerTexts();
    const known = texts.filter((text) => /\d/.test(text));
    assert.ok(known.length > 0 && known.every((text) => /^[+\u2212]\d|^0$/.test(text)), texts.join(" "));
    const labels = await explorer.timeLabels();
    assert.equal((await attention.address()).compare, labels[6]);
    await page.reload();
    await explorer.alive();
    await eventually("the comparison is back", async () => (await attention.chords.count()) === 2);
    assert.ok(await explorer.times.nth(2).isChecked(), "the time point is back");
    await attention.compare.selectOption("");
    await eventually("one chord", async () => (await attention.chords.count()) === 1);
    await attention.compare.selectOption({ index: 1 });
    await eventually("two chords by keyboard's way", async () => (await attention.chords.count()) === 2);
  });
});

test("the strip follows arrows, Home, End and digits", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    await explorer.times.nth(4).focus();
    await page.keyboard.press("Home");
    assert.ok(await explorer.times.nth(0).isChecked());
    await page.keyboard.press("ArrowRight");
    assert.ok(await explorer.times.nth(1).isChecked());
    await page.keyboard.press("End");
    assert.ok(await explorer.times.nth(7).isChecked());
    await page.keyboard.press("3");
    await eventually("the third", () => explorer.times.nth(2).isChecked());
    assert.match(await attention.panel.locator("[role=img][aria-label^='How one-sided listening is']").getAttribute("aria-label"), /(.* [\d.]+,?){6}/);
  });
});

test("single cells are drawn and read out", async () => {
  await sameAttention(async (attention, { page }) => {
    await attention.choose("Cells");
    const heat = attention.panel.getByRole("group", { name: /^Attention between [\d,]+ cells/ });
    await heat.waitFor({ timeout: 120_000 });
    await heat.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await eventually("a readout", async () => /\(cell \d+\) listens to .*\(cell \d+\): [\d.e-]+/.test(await attention.tip.innerText()));
    assert.equal((await attention.address()).view, "cells");
    await accessible(page);
  });
});

test("an address restores what was shown, and nonsense in it harms nothing", async () => {
  await withAttention({ query: "#view=matrix&measure=influence&theme=dark&time=nonsense&compare=%FF&space=no&direction=in&hide-self=yes&color=time&velocity=lines&part=intrinsic&hidden=2-99&seed=7&updates=-5&simulate-noise=0.5&experiment-seed=3" }, async (attention, { page, explorer }) => {
    assert.equal(await attention.choice("Matrix").getAttribute("aria-pressed"), "true");
    assert.equal(await attention.choice("Influence").getAttribute("aria-pressed"), "true");
    assert.equal(await attention.choice("In").getAttribute("aria-pressed"), "true");
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(await explorer.times.count(), 8);
    const address = await attention.address();
    assert.equal(address.theme, "dark");
    const { velocity, part, hidden } = address;
    const [seed, updates] = [address["scimf-seed"], address["scimf-updates"]];
    assert.deepEqual([velocity, part, hidden, seed, updates], ["lines", "intrinsic", "2", "7", undefined], "settings and seeds, by their older names");
    assert.deepEqual([address["simulate-noise"], address["experiment-seed"]], ["0.5", "3"]);
    assert.equal(await explorer.field("Velocity drawn as").inputValue(), await page.getByLabel("Velocity drawn as").locator("option", { hasText: "Stream lines" }).getAttribute("value"));
    await explorer.openTab("Train");
    assert.equal(await explorer.field("Seed").inputValue(), "7");
    await explorer.openTab("Experiments");
    assert.equal(await explorer.field("First seed").inputValue(), "3");
    assert.ok(!("compare" in address) && (await explorer.timeLabels()).includes(address.time), JSON.stringify(address));
  });
});

test("the drawer opens one panel at a time and keeps what is in it", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    await explorer.tab("Train").focus();
    await page.keyboard.press("Enter");
    await explorer.budget("Custom");
    await explorer.field("Updates").fill("77");
    await explorer.tab("Train").focus();
    await page.keyboard.press("End");
    await explorer.field("Seeds").waitFor();
    assert.ok(!(await explorer.field("Updates").isVisible()));
    await page.keyboard.press("Home");
    assert.equal(await explorer.field("Updates").inputValue(), "77");
    await page.keyboard.press("Enter");
    await explorer.field("Updates").waitFor({ state: "hidden" });
    const [scroll, height] = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
    assert.ok(scroll <= height, "one screen");
  });
});

test("with many types the strongest links are drawn, with very many the matrix comes first", { timeout: 8 * 60_000 }, async () => {
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    const attention = new Attention(explorer);
    const folder = await mkdtemp(path.join(tmpdir(), "types-"));
    for (const kinds of [16, 26]) {
      const file = path.join(folder, `${kinds}.csv`);
      await writeFile(file, table(kinds));
      await explorer.openFile(file);
      await explorer.chooseComputed({ matrix: "X", genes: 20, components: 6, umap: false });
      await explorer.acceptMapping();
      await explorer.opened(String(kinds));
      await explorer.startTraining({ updates: 2, cells: 32 });
      await explorer.lossesAfter(2, 3 * 60_000);
      await explorer.trainingEnded();
      await eventually("all types", async () => (await explorer.attentionTable()).values.flat().filter(Number.isFinite).length === kinds ** 2);
      if (kinds > 24) {
        assert.equal(await attention.choice("Matrix").getAttribute("aria-pressed"), "true");
        await attention.choose("Chord");
        await attention.arc(3).locator("text").hover();
        await eventually("the links of the type in focus", async () => (await attention.clearLinks()) === 2 * kinds - 1);
      } else {
        const slider = attention.panel.getByRole("slider");
        assert.match(await slider.getAttribute("aria-valuetext"), new RegExp(`^\\d+ of ${kinds ** 2}$`));
        assert.ok((await attention.clearLinks()) < kinds ** 2);
        await slider.fill("7");
        await eventually("seven links", async () => (await attention.clearLinks()) === 7);
        assert.ok(await explorer.attention.first().isVisible(), "the matrix stands beside");
        await accessible(page);
      }
    }
    await rm(folder, { recursive: true });
  });
});

/** A table of counts with a day and one of `kinds` types for each cell, 12 cells a type and day. */
function table(kinds) {
  const genes = Array.from({ length: 24 }, (_, gene) => `Gene${gene}`);
  const lines = [`cell,day,cell_type,${genes.join(",")}`];
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let cell = 0; cell < 36 * kinds; cell += 1) {
    const [kind, day] = [cell % kinds, Math.floor(cell / kinds) % 3];
    const counts = genes.map((_, gene) => Math.floor(random() * (gene % kinds === kind % 24 ? 14 : 5)) + (gene % 3 === day ? 2 : 0));
    lines.push(`c${cell},${day},type ${kind},${counts.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}

test("matrix, comparison and drawer are accessible", async () => {
  await sameAttention(async (attention, { page, explorer }) => {
    await attention.choose("Matrix");
    await accessibleInBoth(page);
    await attention.choose("Chord");
    await attention.compare.selectOption({ index: 1 });
    await attention.change.waitFor();
    await explorer.openTab("Train");
    await accessibleInBoth(page);
    await explorer.openTab("Evaluate");
    await accessibleInBoth(page);
  });
});

test("a phone reads everything without scrolling sideways", async () => {
  await sameAttention(async (attention, { page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const view of ["Chord", "Matrix", "Cells"]) {
      await attention.choose(view);
      const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= width, `${view}: ${content} > ${width}`);
    }
  });
});
