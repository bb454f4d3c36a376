// A walk through the whole page with the keyboard alone: no pointer, no focus from outside; what the Tab key does not reach is not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Export } from "../pages/export.js";
import { Keyboard } from "../pages/keyboard.js";
import { Scatter } from "../pages/scatter.js";
import { ExperimentsPanel, GenesPanel, SimulatePanel } from "../pages/simulate.js";
import { eventually } from "../support/expect.js";
import { fixture, sharedExplorer } from "../support/world.js";

const minutes = 60_000;

const shared = sharedExplorer({ query: "?device=cpu" }, async (explorer) => {
  await explorer.alive();
  await new Attention(explorer).known();
});

/** The demo, alive and at rest, with hands on the keyboard. */
const walk = (use) =>
  shared(async (explorer, world) => {
    const attention = new Attention(explorer);
    await use({ keys: new Keyboard(world.page), press: (key) => world.page.keyboard.press(key), explorer, attention, ...world });
  });

test("time points, playback and comparison", { timeout: 5 * minutes }, async () => {
  await walk(async ({ keys, press, explorer, attention, page }) => {
    await press("3");
    await eventually("a digit chooses a time point", () => explorer.times.nth(2).isChecked());
    await keys.reach("day 2", { role: "input" });
    await press("End");
    assert.ok(await explorer.times.nth(7).isChecked());
    await press("ArrowLeft");
    assert.ok(await explorer.times.nth(6).isChecked());
    await keys.press("Play", "Space", { back: true });
    await eventually("it plays", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    await press("Space");
    await keys.reach("Time of the simulated cells");
    const before = await page.evaluate(() => document.activeElement.value);
    await press("ArrowRight");
    await eventually("the slider moves", async () => (await page.evaluate(() => document.activeElement.value)) !== before);
    await keys.press("Simulated cells", "Space", { back: true });
    await press("Space");
    await keys.choose("Compare with", "day 2");
    await eventually("two chords", async () => (await attention.chords.count()) === 2);
    assert.ok((await attention.change.locator("tbody td").count()) > 4, "a matrix of differences");
    assert.equal((await attention.address()).compare, "day 2", "it stands in the address");
  });
});

test("chord, matrix and single cells", { timeout: 5 * minutes }, async () => {
  await walk(async ({ keys, press, attention, page, explorer }) => {
    await press("6");
    assert.match(await keys.download("CSV"), /attention\.csv$/);
    await keys.press("Influence");
    await eventually("influence", async () => /influence/.test(await explorer.attention.first().locator("caption").innerText()));
    await keys.press("Attention", "Enter", { role: "button", back: true });
    await keys.press("Out");
    await keys.press("Hide self", "Space");
    await keys.press(/^6 types/);
    await keys.press(/Colours for all kinds of colour vision/, "Space");
    await keys.press(/^6 Muscle/, "Space");
    await eventually("five types", async () => (await attention.arcs()).length === 5);
    await press("Escape");
    await keys.reach(/^2 Organizer/, { role: "button" });
    await attention.tip.waitFor();
    await press("Enter");
    const group = attention.panel.getByRole("group", { name: "Pinned" });
    assert.match(await group.innerText(), /2 Organizer/);
    await keys.reach(/Organizer → .* rank \d+ of \d+/, { back: true });
    await eventually("its course over time", async () => (await attention.tip.locator(".spark circle").count()) > 1);
    await press("Escape");
    await eventually("let go", async () => (await group.count()) === 0);
    await keys.press("Matrix", "Enter", { back: true });
    await keys.reach(/^1 Progenitor/, { role: "th" });
    await press("ArrowRight");
    await eventually("a readout", async () => /rank \d+|not shown/.test(await attention.tip.innerText()));
    await keys.press("Cells", "Enter", { role: "button", back: true });
    await attention.panel.getByRole("group", { name: /^Attention between/ }).waitFor({ timeout: 2 * minutes });
    await keys.reach(/^Attention between/);
    await press("ArrowDown");
    await eventually("two cells", async () => /listens to/.test(await attention.tip.innerText()));
    assert.deepEqual(
      await attention.address().then(({ view, direction }) => [view, direction]),
      ["cells", "out"],
      "the address knows",
    );
  });
});

test("cells: planes, colours, velocity, selection, one cell", { timeout: 5 * minutes }, async () => {
  await walk(async ({ keys, press, page }) => {
    await press("6");
    const scatter = new Scatter(page);
    const drawn = await scatter.picture();
    for (const [menu, entry] of [["Velocity drawn as", "Cell arrows"], ["Velocity drawn as", "Stream lines"], ["Part of the velocity", "Interaction"]]) {
      await keys.choose(menu, entry);
    }
    await eventually("another picture", async () => (await scatter.picture()) !== drawn);
    await keys.choose("Colour by", "Speed", { back: true });
    await scatter.legend.getByText(/per interval/).waitFor();
    await keys.choose("Colour by", "Gene");
    await keys.write("Gene", "simOrg03");
    await scatter.legend.getByText(/simOrg03/).first().waitFor();
    await keys.choose("Colour by", "Receivers", { back: true });
    await keys.choose("Sender", /Stroma/);
    await keys.choose("Colour by", "Type", { back: true });
    await keys.press("Select", "Enter", { role: "summary" });
    await keys.press(/^3 Epithelium/, "Enter", { role: "button" });
    await eventually("a selection", () => scatter.selected());
    await press("Control+z");
    await scatter.selects(0);
    await press("Control+Shift+z");
    await eventually("the selection again", () => scatter.selected());
    await keys.press("Clear selection");
    await keys.reach(/^Scatter plot of/);
    const before = await scatter.picture();
    await press("+");
    await eventually("it is larger", async () => (await scatter.picture()) !== before);
    await press("0");
    await press("Enter");
    await press("ArrowRight");
    await press("Enter");
    await scatter.card.getByRole("heading", { name: /Listens to/ }).waitFor();
    // First the crosshair goes, then the card.
    await press("Escape");
    await press("Escape");
    await scatter.card.waitFor({ state: "detached" });
  });
});

test("simulation and genes", { timeout: 6 * minutes }, async () => {
  await walk(async ({ keys, press, page }) => {
    const [simulate, genes] = [new SimulatePanel(page), new GenesPanel(page)];
    await keys.reach(/^Train/, { role: "tab" });
    await press("ArrowRight");
    await press("Enter");
    await simulate.simulated.waitFor({ timeout: 2 * minutes });
    await keys.choose(/^Start at/, "day 4");
    await keys.press(/^Stroma/, "Space");
    await keys.choose(/^End at/, "day 10 + 1 interval");
    await keys.write("Number of cells", "60");
    await keys.write("Noise", "0.5");
    await keys.write("Random seed", "3");
    await simulate.says(/60 cells from day 4 to 1.00 intervals beyond day 10, noise × 0.5, seed 3/);
    assert.match(await keys.download("Save cells (.npz)"), /\.npz$/);
    assert.match(await keys.download("Save cells (.h5ad)"), /\.h5ad$/);
    await keys.press("Composition in numbers", "Enter", { role: "summary" });
    assert.match(await keys.download("Save composition (CSV)"), /\.csv$/);
    await keys.reach(/^Simulate/, { role: "tab", back: true });
    await press("ArrowRight");
    await press("ArrowRight");
    await eventually("the genes are known", () => genes.name.isEnabled());
    await keys.write("Gene to follow", "simMus01");
    await press("Enter");
    await keys.reach(/^simMus01 over time/);
    await press("Home");
    await eventually("mean and band", async () => /mean .*10–90 %/.test(await genes.readout("simMus01")));
  });
});

test("experiments: a type, a link, a gene", { timeout: 8 * minutes }, async () => {
  await walk(async ({ keys, press, page, attention }) => {
    const experiments = new ExperimentsPanel(page);
    await press("6");
    await keys.reach(/^Train/, { role: "tab" });
    await press("ArrowRight");
    await press("ArrowRight");
    await press("Enter");
    await keys.write("Cells per simulation", "60");
    await keys.write("Pairs of simulations", "2");
    await keys.write("First seed", "5");
    // From the chord straight to the result.
    await keys.reach(/^5 Stroma/, { role: "button", back: true });
    await press("Delete");
    await experiments.ended();
    assert.match(await experiments.changes.innerText(), /Remove Stroma/);
    await page.getByText(/2 pairs, seeds 5 to 6\./).waitFor();
    await keys.press("Shares in numbers", "Enter", { role: "summary" });
    assert.match((await experiments.fates()).rows[4].name, /^5 Stroma$/, "types have their numbers");
    assert.match(await keys.download("Save shares (CSV)"), /\.csv$/);
    // A link, from the matrix.
    await keys.press("Matrix", "Enter", { back: true });
    await keys.reach(/Progenitor/, { role: "th" });
    await press("ArrowDown");
    await press("ArrowRight");
    await press("Enter");
    await keys.press("Run with it muted");
    await page.getByText(/does not hear .*; from day 6/).waitFor({ timeout: 3 * minutes });
    await press("Escape");
    // A gene, in the drawer.
    await keys.press(/^Take back/);
    await keys.write("Shift by", "-2");
    await keys.write("Gene to shift", "simMus01");
    await press("Enter");
    await keys.press("Run experiment");
    await page.getByText(/simMus01 −2\.000 at the start; from day 6/).waitFor({ timeout: 3 * minutes });
    assert.equal((await keys.focused()).name, "Run experiment", "the focus stays");
    assert.equal(await attention.choice("Matrix").getAttribute("aria-pressed"), "true");
  });
});

test("help, tour, theme and the device", { timeout: 3 * minutes }, async () => {
  await walk(async ({ keys, press, page }) => {
    await press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await help.waitFor();
    await keys.press("Take the tour");
    await page.getByText("Step 1 of 5").waitFor();
    await keys.press("Next");
    await page.getByText("Step 2 of 5").waitFor();
    await press("Escape");
    await page.locator(".tour").waitFor({ state: "detached" });
    await keys.press("What is this? Who listens to whom");
    await help.getByRole("heading", { name: "Attention", level: 3 }).waitFor();
    await press("Escape");
    await help.waitFor({ state: "hidden" });
    await keys.press("Dark colours", "Enter", { back: true });
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await press("Control+z");
    await eventually("undone", async () => (await page.locator("html").getAttribute("data-theme")) === "light");
    await keys.reach(/CPU/, { role: "summary" });
  });
});

test("a study is opened, trained and evaluated; everything leaves", { timeout: 8 * minutes }, async () => {
  await walk(async ({ keys, press, page, explorer }) => {
    // Asked for before the first key: the browser learns of it on a way of its own, which a key can overtake.
    const chooser = page.waitForEvent("filechooser");
    await keys.reach("Open dataset");
    await press("Enter");
    await (await chooser).setFiles(fixture("gzip_csr.h5ad"));
    await explorer.mapping.waitFor({ timeout: minutes });
    await keys.press("Open", "Enter", { role: "button" });
    await explorer.mapping.waitFor({ state: "hidden", timeout: 2 * minutes });
    await keys.reach(/^Train/, { role: "tab" });
    await press("Enter");
    await keys.press(/^Custom/);
    await keys.write("Updates", "4");
    await keys.write("Simulated cells per update", "32");
    await keys.press("Start training");
    await explorer.lossesAfter(4, 2 * minutes);
    await explorer.trainingEnded();
    await keys.press("Close the drawer", "Enter", { back: true });
    await keys.press(/^Loss [\d.]+ after update 4 of 4/, "Enter", { back: true });
    assert.match(await keys.download("Save weights"), /\.safetensors$/);
    const leaves = new Export(page);
    await keys.press("Export", "Enter", { back: true });
    await leaves.preview.waitFor();
    await keys.choose("Figure", "Training loss");
    await keys.write("Title", "The loss");
    await keys.write("Width", "640");
    assert.match(await keys.download("Save SVG"), /loss\.svg$/);
    assert.match(await keys.download("Save PNG"), /loss\.png$/);
    await press("Escape");
    assert.match(await keys.download("Save session", { back: true }), /\.npz|\.zip/);
    await keys.reach(/^Evaluate/, { role: "tab" }).catch(() => keys.reach(/^Train/, { role: "tab" }));
    await press("End");
    await keys.press("day 4", "Space", { role: "input" });
    await keys.press(/^Custom/);
    await keys.write("Seeds", "2");
    await keys.write("Predicted cells", "32");
    await keys.write("Updates of scIMF", "2");
    await keys.press("Train and evaluate");
    await explorer.tab("Evaluate").getByText(/done/).waitFor({ timeout: 3 * minutes });
    assert.ok((await explorer.scoreRows()).length >= 4);
  });
});
