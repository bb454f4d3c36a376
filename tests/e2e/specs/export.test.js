// Figures and the session leave the page as files, and the session comes back.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { accessibleInBoth, eventually } from "../support/expect.js";
import { bare, fixture, sharedExplorer, withExplorer } from "../support/world.js";

const shared = sharedExplorer({ query: "?device=cpu" });

/** The document's root with its title, its caption and its texts; fails where it is no XML. */
const parsed = (page, svg) =>
  page.evaluate((svg) => {
    const document = new DOMParser().parseFromString(svg, "image/svg+xml");
    const root = document.documentElement;
    return {
      broken: document.querySelector("parsererror")?.textContent,
      name: root.localName,
      size: [root.getAttribute("width"), root.getAttribute("height")].map(Number),
      title: root.querySelector("title")?.textContent,
      caption: root.querySelector("desc")?.textContent,
      texts: [...root.querySelectorAll("text")].map((text) => text.textContent),
      paper: root.querySelector("rect").getAttribute("fill"),
    };
  }, svg);

test("every figure is an SVG with its title", { timeout: 300_000 }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();
    await explorer.startTraining({ updates: 2, cells: 32 });
    await explorer.lossesAfter(2, 120_000);
    await explorer.trainingEnded();
    const leaves = new Export(page);
    await leaves.open("Who listens to whom");
    assert.equal(await leaves.figure.inputValue(), "chord", "a panel's button opens its own figure");
    await eventually("answers of the new weights", async () => (await leaves.there()).length >= 6);
    // What the data determine is computed in the background, and stands in captions from then on.
    await eventually("what the data determine", async () => /Hatched/.test(await leaves.preview.getAttribute("alt")));
    await accessibleInBoth(page);
    const there = await leaves.there();
    assert.ok(!there.includes("evaluation"), "what is not there cannot be chosen");
    const names = (await explorer.attentionTable()).senders;
    for (const key of there) {
      await leaves.figure.selectOption(key);
      await eventually(`a preview of ${key}`, () => leaves.preview.evaluate((image) => image.complete && image.naturalWidth === 1000).catch(() => false));
      const title = await leaves.title.inputValue();
      const { name, bytes } = await leaves.svg();
      assert.match(name, new RegExp(`-${key}\\.svg$`));
      const figure = await parsed(page, bytes.toString());
      assert.equal(figure.broken, undefined, key);
      assert.deepEqual([figure.name, figure.size, figure.title], ["svg", [1000, 750], title], key);
      assert.equal(await leaves.preview.getAttribute("alt"), `Preview. ${figure.caption}`, "the preview says what the caption says");
      if (["chord", "matrix"].includes(key)) for (const type of names) assert.ok(figure.texts.some((text) => text.startsWith(type)), `${type} in ${key}`);
    }
  });
});

test("a PNG has the chosen size and colours, by keyboard alone", async () => {
  await shared(async (explorer, { page }) => {
    const leaves = new Export(page);
    await page.getByRole("button", { name: "Export", exact: true }).press("Enter");
    await leaves.preview.waitFor();
    await leaves.size(640, 400);
    await leaves.title.fill("<A & B>");
    await leaves.dialog.getByRole("button", { name: "Dark", exact: true }).press("Space");
    await leaves.dialog.getByRole("button", { name: "3×", exact: true }).press("Space");
    const { bytes } = await leaves.png();
    assert.equal(bytes.subarray(1, 4).toString(), "PNG");
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1920, 1200]);
    const [corner, colours] = await page.evaluate(async (data) => {
      const image = Object.assign(new Image(), { src: `data:image/png;base64,${data}` });
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
      return [[...pixels.slice(0, 4)], new Set(new Uint32Array(pixels.buffer)).size];
    }, bytes.toString("base64"));
    assert.deepEqual(corner, [0x11, 0x18, 0x1c, 255], "dark paper");
    assert.ok(colours > 50, "cells are drawn");
    assert.match(await leaves.outcome.innerText(), /saved, 1920 × 1200 pixels/);
    const figure = await parsed(page, (await leaves.svg()).bytes.toString());
    assert.deepEqual([figure.title, figure.size], ["<A & B>", [640, 400]]);
    await page.keyboard.press("Escape");
    await leaves.dialog.waitFor({ state: "hidden" });
    await eventually("the focus is back", () => page.evaluate(() => document.activeElement.textContent === "Export"));
  });
});

test("a session is saved and opens as it was", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "session-"));
  try {
    await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
      await explorer.alive();
      const spaces = await explorer.field("Space").locator("option").allTextContents();
      assert.ok(spaces.length > 1, "a plane to choose");
      const view = async () => ({
        time: await explorer.times.evaluateAll((radios) => radios.findIndex((radio) => radio.checked)),
        space: await explorer.field("Space").inputValue(),
        color: await explorer.field("Colour by").inputValue(),
        measure: await page.getByRole("group", { name: "Measure" }).getByRole("button", { pressed: true }).innerText(),
        shown: await page.getByRole("group", { name: "View", exact: true }).getByRole("button", { pressed: true }).innerText(),
        part: await explorer.field("Part of the velocity").inputValue(),
        seed: await explorer.field("Seed").inputValue(),
        updates: await explorer.field("Updates").inputValue(),
        theme: await page.evaluate(() => document.documentElement.dataset.theme),
      });
      const before = await view();
      await explorer.chooseTime(6);
      await explorer.field("Space").selectOption("1");
      await eventually("the other plane", async () => (await explorer.field("Space").inputValue()) === "1" && (await explorer.field("Space").isEnabled()));
      await explorer.field("Colour by").selectOption({ label: "Time" });
      await explorer.button("Influence").click();
      await explorer.button("Matrix").click();
      await explorer.field("Part of the velocity").selectOption({ label: "Interaction" });
      await explorer.openTab("Train");
      await explorer.budget("Custom");
      await explorer.field("Seed").fill("7");
      await explorer.field("Updates").fill("1234");
      await explorer.button("Dark colours").click();
      const saved = await view();
      assert.deepEqual(Object.keys(saved).filter((key) => saved[key] === before[key]), [], "everything was changed");
      const table = (await explorer.attentionTable()).values;
      const file = await new Export(page).session(folder);

      // The file brings it back, not the address.
      await page.evaluate(() => history.replaceState(null, "", location.search));
      await page.reload();
      await explorer.alive();
      await explorer.openFile(file);
      await eventually("the view of the session", async () => JSON.stringify(await view()) === JSON.stringify(saved)).catch(async (error) => {
        assert.deepEqual(await view(), saved);
        throw error;
      });
      await eventually("its weights", async () => (await explorer.attentionTable()).values.some((row) => row.some(Number.isFinite)));
      assert.equal((await explorer.attentionTable()).values.length, table.length);
      assert.equal(await page.locator(".problem p").count(), 0, "nothing went wrong");
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("changes of settings are undone and done again by keyboard", async () => {
  await shared(async (explorer, { page }) => {
    const pressed = (name) => page.getByRole("group", { name }).getByRole("button", { pressed: true }).innerText();
    const colour = () => explorer.field("Colour by").locator("option:checked").innerText();
    await explorer.field("Colour by").selectOption({ label: "Time" });
    await explorer.button("Influence").press("Enter");
    assert.deepEqual([await colour(), await pressed("Measure")], ["Time", "Influence"]);
    await page.keyboard.press("Control+z");
    await eventually("one step back", async () => (await pressed("Measure")) === "Attention");
    assert.equal(await colour(), "Time");
    assert.match(await explorer.status.first().innerText(), /Undone: the measure of who acts on whom/);
    await page.keyboard.press("Control+z");
    await eventually("two steps back", async () => (await colour()) === "Type");
    await page.keyboard.press("Control+Shift+z");
    await eventually("one forth", async () => (await colour()) === "Time");
    await page.keyboard.press("Control+y");
    await eventually("two forth", async () => (await pressed("Measure")) === "Influence");
    await explorer.field("Space").selectOption("1");
    await eventually("another plane", async () => (await explorer.field("Space").inputValue()) === "1" && (await explorer.field("Space").isEnabled()));
    // The choice counts once the engine's answer has ended.
    await page.waitForTimeout(500);
    await explorer.button("Influence").focus();
    await page.keyboard.press("Control+z");
    await eventually("the plane comes back", async () => (await explorer.field("Space").inputValue()) === "0");
    await page.keyboard.press("Control+z");
    await eventually("and then what was before it", async () => (await pressed("Measure")) === "Attention");
  });
});

test("an evaluation is a figure, too", { timeout: 300_000 }, async () => {
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    await explorer.openTab("Train");
    await explorer.budget("Custom");
    await explorer.field("Simulated cells per update").fill("32");
    await explorer.chooseEvaluation({ times: [1], seeds: 1, cells: 32 });
    await explorer.button("Train and evaluate").click();
    await eventually("the end", async () => /done/.test(await explorer.tab("Evaluate").innerText()), { timeout: 200_000 });
    const leaves = new Export(page);
    await leaves.open("Held-out evaluation");
    const figure = await parsed(page, (await leaves.svg()).bytes.toString());
    assert.equal(figure.broken, undefined);
    assert.ok(["scIMF", "Stay put", "predicted"].every((words) => figure.texts.some((text) => text.startsWith(words))), figure.texts.join());
  });
});
