// Cells in a plane: selected, coloured, asked who they listen to, and moved by their velocity; with the mouse and with the keyboard.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { Scatter } from "../pages/scatter.js";
import { accessible, accessibleInBoth, eventually } from "../support/expect.js";
import { bare, fixture, sharedExplorer, withExplorer } from "../support/world.js";

const around = [[0.02, 0.12], [0.98, 0.12], [0.98, 0.98], [0.02, 0.98]];
const left = [[0.02, 0.12], [0.5, 0.12], [0.5, 0.98], [0.02, 0.98]];

/** Waits for the demo, ends what plays by itself, and goes to a time point in the middle. */
async function atRest(explorer) {
  await explorer.alive();
  const still = await explorer.page.evaluate(() => matchMedia("(prefers-reduced-motion: reduce)").matches);
  if (!still) {
    await eventually("it plays by itself", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    await explorer.play(false);
  }
  await explorer.chooseTime(5);
}

/** The demo, alive and at rest. */
const withScatter = (options, use) =>
  withExplorer({ query: "?device=cpu", ...options }, async (explorer, world) => {
    await atRest(explorer);
    await use(new Scatter(world.page), { explorer, ...world });
  });

const shared = sharedExplorer({ query: "?device=cpu" }, atRest);
/** The same on one page, for tests of what can be taken back. */
const sameScatter = (use) => shared((explorer, world) => use(new Scatter(world.page), { explorer, ...world }));

test("a lasso selects, and selections can be taken back", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.drag(around, { shift: true });
    await eventually("a selection", () => scatter.selected(), { timeout: 10_000 });
    const all = await scatter.selected();
    assert.match(await scatter.selection.innerText(), /cells selected: /);
    await scatter.lasso.click();
    await scatter.drag(left);
    await eventually("another selection", async () => ![0, all].includes(await scatter.selected()), { timeout: 10_000 });
    const half = await scatter.selected();
    assert.ok(half < all, `${half} of ${all}`);
    await page.keyboard.press("Control+z");
    await scatter.selects(all);
    await page.keyboard.press("Control+Shift+z");
    await scatter.selects(half);
    await page.keyboard.press("Escape");
    await scatter.selects(0);
    await page.keyboard.press("Control+z");
    await scatter.selects(half);
  });
});

test("the keyboard selects the cells of a type", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.lasso.focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("Tab");
    const entry = await page.evaluate(() => document.activeElement.innerText.split(/\n/));
    const count = Number(entry.at(-1).replace(",", ""));
    await page.keyboard.press("Enter");
    await scatter.selects(count);
    assert.ok((await scatter.selection.innerText()).includes(entry[0].replace(/^\d+ /, "")));
    await page.keyboard.press("Escape");
    await scatter.selects(0);
  });
});

test("a selection stands out from the other cells", async () => {
  await sameScatter(async (scatter) => {
    const before = await scatter.cellsDrawn(true);
    await scatter.drag(left, { shift: true });
    await eventually("a selection", () => scatter.selected());
    await eventually("the others step back", async () => (await scatter.cells()).drawn < 0.9 * before.drawn);
  });
});

test("colours by speed and by potential receivers have a scale", async () => {
  await sameScatter(async (scatter) => {
    const byType = (await scatter.cellsDrawn(true)).colours.slice(0, 5);
    await scatter.colour.selectOption("speed");
    await scatter.legend.getByText(/speed, model space, per interval/).waitFor();
    const first = await scatter.scale.getAttribute("aria-label");
    assert.match(first, /colours from .*\d to .*\d/);
    await eventually("other colours", async () => `${(await scatter.cells()).colours.slice(0, 5)}` !== `${byType}`);
    await scatter.colour.selectOption("receivers");
    await scatter.sender.selectOption({ index: 1 });
    await eventually("a scale of receivers", async () =>
      /attention to .*colours from/.test((await scatter.scale.getAttribute("aria-label").catch(() => "")) ?? ""));
    await scatter.colour.selectOption("type");
    await scatter.legend.getByRole("button").first().waitFor();
  });
});

test("colours by annotation and by gene change the legend", async () => {
  await withExplorer(bare, async (explorer, { page }) => {
    await explorer.untrained();
    await explorer.openStudy(fixture("gzip_csr.h5ad"));
    const scatter = new Scatter(page);
    const columns = scatter.colour.locator("optgroup option");
    const name = await columns.first().textContent();
    await scatter.colour.selectOption({ label: name });
    await eventually("a legend of the column", async () => (await scatter.colour.inputValue()).startsWith("column:"));
    await eventually("its entries", async () => (await scatter.legend.getByRole("listitem").count()) + (await scatter.scale.count()) > 0);
    await explorer.openFile(fixture("counts_only.h5ad"));
    await explorer.chooseComputed({ matrix: "X", genes: 40, components: 8 });
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
    await explorer.mapping.waitFor({ state: "hidden", timeout: 120_000 });
    await scatter.colour.selectOption("gene");
    const gene = await eventually("suggestions", () => page.locator("#gene-names option").first().getAttribute("value").catch(() => null));
    await scatter.gene.fill("no such gene");
    await scatter.panel.getByText("No gene has this in its name.").waitFor();
    await scatter.chooseGene(gene);
    await scatter.scaleOf(`${gene}, measured, log-normalised`);
  });
});

test("a click on a cell shows who it listens to, Esc puts it away", async () => {
  await sameScatter(async (scatter, { page }) => {
    const tip = await scatter.findCell();
    const before = await scatter.picture();
    await page.mouse.down();
    await page.mouse.up();
    await scatter.card.waitFor();
    assert.ok((await scatter.card.innerText()).includes(tip.split(" · ")[0]));
    await eventually("its types, in both directions", async () => (await scatter.card.getByRole("listitem").count()) >= 2);
    const shares = (await scatter.card.locator("ol").first().locator(".count").allTextContents()).map(parseFloat);
    assert.ok(shares.every((share, i) => i === 0 || share <= shares[i - 1]), `${shares} fall`);
    assert.ok(shares[0] > 0 && shares.reduce((a, b) => a + b) <= 102);
    assert.notEqual(await scatter.picture(), before, "lines are drawn");
    await page.keyboard.press("Escape");
    await scatter.card.waitFor({ state: "hidden" });
  });
});

test("the keyboard goes from cell to cell and picks one", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.plot.focus();
    await page.keyboard.press("Enter");
    const first = await scatter.tip.boundingBox();
    await page.keyboard.press("ArrowRight");
    await eventually("the next cell", async () => (await scatter.tip.boundingBox()).x !== first.x);
    const name = (await scatter.tip.textContent()).split(" · ")[0];
    await page.keyboard.press("Enter");
    await scatter.card.waitFor();
    assert.ok((await scatter.card.innerText()).includes(name));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await scatter.card.waitFor({ state: "hidden" });
    const still = await scatter.picture();
    await page.keyboard.press("ArrowRight");
    await eventually("the plane moves again", async () => (await scatter.picture()) !== still);
    await page.keyboard.press("0");
  });
});

test("the velocity is drawn in every way", async () => {
  await sameScatter(async (scatter, { page }) => {
    await page.emulateMedia({ reducedMotion: "no-preference" });
    const seen = new Set();
    const another = (what) => eventually(what, async () => {
      const picture = await scatter.picture();
      return !seen.has(picture) && seen.add(picture);
    });
    // What stands still is new once two pictures are alike: the first may be of the moment before it is drawn.
    const still = (what) => eventually(what, async () => {
      const picture = await scatter.picture();
      await page.waitForTimeout(200);
      return picture === (await scatter.picture()) && !seen.has(picture) && seen.add(picture);
    });
    await eventually("a velocity", async () => /mean speed/.test(await scatter.panel.innerText()));
    await still("grid arrows");
    for (const way of ["None", "Stream lines", "Cell arrows"]) {
      await scatter.flow.selectOption({ label: way });
      await still(way);
    }
    await scatter.flow.selectOption({ label: "Particles" });
    await another("particles");
    await another("particles move");
    await another("and go on");
    await scatter.flow.selectOption({ label: "Stream lines" });
    await scatter.part.selectOption({ label: "Interaction" });
    await scatter.panel.getByText(/Velocity from interaction: mean speed/).waitFor();
    await another("stream lines of the interaction");
  });
});

test("particles are stream lines for who wants less motion", async () => {
  await sameScatter(async (scatter, { page }) => {
    await eventually("a velocity", async () => /mean speed/.test(await scatter.panel.innerText()));
    await scatter.flow.selectOption({ label: "None" });
    await page.waitForTimeout(500);
    const none = await scatter.picture();
    await scatter.flow.selectOption({ label: "Stream lines" });
    await eventually("stream lines", async () => (await scatter.picture()) !== none);
    const lines = await scatter.picture();
    await scatter.flow.selectOption({ label: "Particles" });
    await eventually("the same lines", async () => (await scatter.picture()) === lines);
    await page.waitForTimeout(500);
    assert.equal(await scatter.picture(), lines, "nothing moves");
  });
});

test("zoom and pan move the picture, 0 and Fit show everything again, points change their size", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.flow.selectOption({ label: "None" });
    await page.mouse.move(2, 2);
    await page.waitForTimeout(300);
    const whole = await scatter.picture();
    await scatter.plot.focus();
    const changed = async (what) => eventually(what, async () => (await scatter.picture()) !== whole);
    await page.keyboard.press("+");
    await changed("zoomed");
    await page.keyboard.press("0");
    await eventually("everything", async () => (await scatter.picture()) === whole);
    await scatter.drag([[0.5, 0.5], [0.6, 0.6]]);
    await page.mouse.move(2, 2);
    await changed("moved");
    assert.equal(await scatter.selected(), 0);
    const fit = page.getByRole("button", { name: "Fit", exact: true });
    await fit.click();
    await eventually("everything", async () => (await scatter.picture()) === whole);
    assert.ok(await fit.isDisabled());
    // Larger and fainter points, and back.
    const drawn = async () => (await scatter.cellsDrawn(true)).drawn;
    const usual = await drawn();
    await page.locator("summary", { hasText: "Points" }).press("Enter");
    await page.getByLabel("Size of the points").fill("2");
    await eventually("larger points", async () => (await drawn()) > 1.3 * usual);
    await page.getByRole("button", { name: "As usual" }).click();
    await eventually("points as before", async () => (await drawn()) === usual);
    // Lines of density, on the page and in the figure.
    await page.getByRole("checkbox", { name: "Density lines" }).check();
    await changed("lines of density");
    await page.keyboard.press("Escape");
    const leaves = new Export(page);
    await leaves.open("Cells");
    assert.equal((await leaves.svg()).bytes.toString().match(/class="density"/g).length, 8, "four lines with their halos");
    await page.keyboard.press("Escape");
    await page.locator("summary", { hasText: "Points" }).press("Enter");
    await page.getByRole("checkbox", { name: "Density lines" }).uncheck();
    await page.keyboard.press("Escape");

    // One field finds what has a name.
    const find = page.getByRole("dialog", { name: "Find" });
    const name = find.getByRole("combobox");
    await page.keyboard.press("/");
    await name.fill("strom");
    await find.getByRole("option", { name: /Stroma.*cell type/ }).waitFor();
    await accessible(page);
    await page.keyboard.press("Enter");
    await eventually("the type is pinned", async () => (await page.locator(".legend [aria-pressed=true]").innerText()).includes("Stroma"));
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await name.fill("day 4");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await eventually("the time point is chosen", () => page.getByRole("radio", { name: /^day 4/ }).first().isChecked());
    await page.keyboard.press("/");
    await name.fill("no such name");
    await find.getByText("Nothing here has this in its name.").waitFor();
    await page.keyboard.press("Escape");
    await find.waitFor({ state: "hidden" });
  });
});

test("without WebGL2 a plain canvas shows the same cells", async () => {
  let sharp;
  await sameScatter(async (scatter) => (sharp = await scatter.cellsDrawn(true)));
  const init = () => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...options) {
      return kind === "webgl2" ? null : get.call(this, kind, ...options);
    };
  };
  await withScatter({ init }, async (scatter) => {
    const plain = await eventually("the same picture", async () => {
      const plain = await scatter.cellsDrawn(false);
      return Math.abs(plain.drawn - sharp.drawn) < 0.05 * sharp.drawn && plain;
    });
    assert.deepEqual(new Set(plain.colours.slice(0, 4)), new Set(sharp.colours.slice(0, 4)), "the same colours");
  });
});

test("a lost GPU is replaced by a plain canvas until it comes back", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.cellsDrawn(true);
    await page.evaluate(() => {
      const gl = document.querySelector(".scatter-cells").getContext("webgl2");
      window.loss = gl.getExtension("WEBGL_lose_context");
      window.loss.loseContext();
    });
    await scatter.cellsDrawn(false);
    await page.evaluate(() => window.loss.restoreContext());
    await scatter.cellsDrawn(true);
  });
});

test("no serious accessibility violation", async () => {
  await sameScatter(async (scatter, { page }) => {
    await scatter.findCell();
    await page.mouse.down();
    await page.mouse.up();
    await scatter.card.waitFor();
    await scatter.drag(left, { shift: true });
    await scatter.menu.locator("summary").click();
    await accessibleInBoth(page);
    await page.keyboard.press("Escape");
    await scatter.colour.selectOption("speed");
    await scatter.scale.waitFor();
    await accessibleInBoth(page);
    await scatter.colour.selectOption("receivers");
    await accessibleInBoth(page);
  });
});

test("a gene is coloured as it was measured and as it is decoded", { timeout: 180_000 }, async () => {
  await sameScatter(async (scatter, { explorer, page }) => {
    const button = (name) => scatter.expression.getByRole("button", { name, exact: true });
    await scatter.colour.selectOption("gene");
    assert.equal(await scatter.expression.count(), 0, "the demo has no measured values to choose");
    await scatter.chooseGene((await eventually("its genes", async () => (await scatter.suggestions())[0])));
    await eventually("decoded colours", async () => /decoded expression/.test(await scatter.scale.getAttribute("aria-label").catch(() => "")));

    await explorer.openFile(fixture("counts_only.h5ad"));
    await explorer.chooseComputed({ matrix: "X", genes: 30, components: 8 });
    await explorer.acceptMapping();
    await scatter.colour.selectOption("gene");
    await eventually("measured comes first", async () => (await button("Measured").getAttribute("aria-pressed")) === "true");
    const measured = await eventually("genes", async () => (await scatter.suggestions()).length === 40 && scatter.suggestions());
    await button("Decoded").press("Enter");
    const decoded = await eventually("fewer genes", async () => (await scatter.suggestions()).length === 30 && scatter.suggestions());
    const gene = measured.find((gene) => decoded.includes(gene));
    const outside = measured.find((gene) => !decoded.includes(gene));
    await scatter.gene.fill(gene);
    await scatter.scaleOf(`${gene}, decoded expression`);
    const smooth = await scatter.picture();
    await button("Measured").press("Enter");
    await scatter.scaleOf(`${gene}, measured, log-normalised`);
    await eventually("other colours", async () => (await scatter.picture()) !== smooth);
    assert.match(page.url(), /color=measured-\d+/);
    await accessible(page);

    await scatter.gene.fill(outside);
    await scatter.scaleOf(`${outside}, measured, log-normalised`);
    await button("Decoded").press("Enter");
    await scatter.panel.getByText("No gene of the loadings has this in its name.").waitFor();
    await button("Measured").press("Enter");
    await scatter.gene.fill(gene);
    await scatter.scaleOf(`${gene}, measured, log-normalised`);

    const [download] = await Promise.all([page.waitForEvent("download"), explorer.button("Save session").click()]);
    const folder = await mkdtemp(path.join(tmpdir(), "measured-"));
    try {
      const file = path.join(folder, "measured.zip");
      await download.saveAs(file);
      await scatter.colour.selectOption("type");
      await explorer.openFile(file);
      await scatter.scaleOf(`${gene}, measured, log-normalised`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
