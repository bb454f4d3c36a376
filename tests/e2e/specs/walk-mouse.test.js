// A walk through the whole page with the mouse. Entries of menus are chosen as a browser's own menus allow it; all else is pointed at, pressed or dragged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Export } from "../pages/export.js";
import { Scatter } from "../pages/scatter.js";
import { ExperimentsPanel, GenesPanel, SimulatePanel } from "../pages/simulate.js";
import { accessible, accessibleInBoth, eventually } from "../support/expect.js";
import { fixture, sharedExplorer } from "../support/world.js";

const minutes = 60_000;
const middle = [[0.3, 0.2], [0.7, 0.2], [0.7, 0.75], [0.3, 0.75], [0.3, 0.21]];

const shared = sharedExplorer({ query: "?device=cpu" }, async (explorer) => {
  await explorer.alive();
  await new Attention(explorer).known();
  await explorer.chooseTime(5);
});

/** The demo, alive and at rest, at a time point with all types. */
const walk = (use) => shared((explorer, world) => use({ explorer, attention: new Attention(explorer), ...world }));

/** Clicks in the middle of what is there, whatever lies over it. */
async function clickOn(page, target, key) {
  const box = await target.boundingBox();
  if (key) await page.keyboard.down(key);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  if (key) await page.keyboard.up(key);
}

/** Presses something that leads to a file, and gives the file's name. */
async function download(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 2 * minutes }), button.click()]);
  return download.suggestedFilename();
}

test("time points, playback and comparison", { timeout: 5 * minutes }, async () => {
  await walk(async ({ explorer, attention, page }) => {
    await clickOn(page, attention.minis.nth(4));
    await eventually("a small chord is a time point", () => explorer.times.nth(4).isChecked());
    await explorer.button("Play").click();
    const slider = page.getByRole("slider", { name: "Time of the simulated cells" });
    await eventually("it plays", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    await explorer.button("Play").click();
    const box = await slider.boundingBox();
    await page.mouse.move(box.x + 0.2 * box.width, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.6 * box.width, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    assert.match(await slider.getAttribute("aria-valuetext"), /day [46]/, "scrubbed");
    await page.getByText("Simulated cells", { exact: true }).click();
    assert.equal(await slider.getAttribute("aria-valuetext"), "not shown");
    await page.getByText("Simulated cells", { exact: true }).click();
    await clickOn(page, attention.minis.nth(2), "Shift");
    await eventually("two chords", async () => (await attention.chords.count()) === 2);
    assert.ok((await attention.change.locator("tbody td").count()) > 4, "a matrix of differences");
    const address = await attention.address();
    assert.deepEqual([address.time, address.compare], ["day 4", "day 2"], "the address knows");
    const leaves = new Export(page);
    await leaves.open("Who listens to whom");
    assert.equal(await leaves.figure.inputValue(), "change", "the difference is a figure");
  });
});

test("chord, matrix and single cells", { timeout: 5 * minutes }, async () => {
  await walk(async ({ attention, page, explorer }) => {
    for (const name of ["Influence", "Enrichment", "Attention", "Out", "In", "Both"]) await attention.choose(name);
    await attention.panel.getByText("Hide self").click();
    const organizer = attention.arc(1).locator("text");
    await organizer.hover();
    await attention.tip.waitFor();
    assert.match(await attention.tip.innerText(), /cells: sends/);
    await organizer.click();
    await page.mouse.move(3, 3);
    assert.equal(await attention.arc(1).getAttribute("aria-pressed"), "true", "pinned");
    const legend = new Scatter(page).legend.getByRole("button", { name: /2 Organizer/ });
    assert.equal(await legend.getAttribute("aria-pressed"), "true", "in every view");
    await attention.panel.getByRole("button", { name: "Let go of what is pinned" }).click();
    assert.equal(await legend.getAttribute("aria-pressed"), "false");
    await attention.panel.getByText(/^6 types$/).click();
    await attention.panel.getByText("Colours for all kinds of colour vision").click();
    await attention.panel.getByRole("group", { name: "Types" }).getByText(/^4 Secretory/).click();
    await eventually("five types", async () => (await attention.arcs()).length === 5);
    await attention.panel.getByText(/^5 of 6 types$/).click();
    const leaves = new Export(page);
    await leaves.open("Who listens to whom");
    const chord = (await leaves.svg()).bytes.toString();
    assert.ok(chord.includes("Drawn: 5 of 6 types. Without what types say to themselves.") && !chord.includes("4 Secretory"), "the figure shows what the page shows");
    await page.keyboard.press("Escape");
    assert.match(await download(page, attention.choice("CSV")), /attention\.csv$/);
    await attention.choose("Matrix");
    await explorer.attention.first().locator("tbody td").first().hover();
    await attention.tip.waitFor();
    assert.ok((await attention.tip.locator(".spark").count()) === 1, "its course over time");
    await attention.choose("Cells");
    const heat = attention.panel.getByRole("group", { name: /^Attention between/ });
    await heat.waitFor({ timeout: 2 * minutes });
    const box = await heat.boundingBox();
    await page.mouse.move(box.x + 0.45 * box.width, box.y + 0.5 * box.height);
    await eventually("two cells", async () => /listens to/.test(await attention.tip.innerText()));
    await leaves.open("Who listens to whom");
    assert.equal(await leaves.figure.inputValue(), "cell-matrix");
    assert.match((await leaves.svg()).bytes.toString(), /data:image\/png/);
  });
});

test("cells: planes, colours, velocity, selection, one cell; the figure is what is seen", { timeout: 6 * minutes }, async () => {
  await walk(async ({ page, explorer }) => {
    const scatter = new Scatter(page);
    const leaves = new Export(page);
    const figure = async () => {
      await leaves.open("Cells");
      const svg = (await leaves.svg()).bytes.toString();
      await leaves.dialog.getByRole("button", { name: "Close" }).click();
      return svg;
    };
    assert.match(await figure(), /class="velocity"/, "arrows");
    await scatter.flow.selectOption({ label: "Stream lines" });
    await scatter.part.selectOption({ label: "Intrinsic" });
    await eventually("lines of the part", async () => /Lines: along the mean intrinsic velocity/.test(await figure()));
    await scatter.colour.selectOption({ label: "Time" });
    assert.match(await figure(), /coloured by time point/);
    await scatter.colour.selectOption({ label: "Speed" });
    await scatter.drag(middle, { shift: true });
    const count = await eventually("a selection", () => scatter.selected());
    const selected = await figure();
    assert.match(selected, /coloured by speed, model space, per interval/);
    assert.ok(selected.includes(`${count} selected cells are outlined`) && selected.includes("linearGradient"));
    await page.getByRole("button", { name: "Undo selection" }).click();
    await scatter.selects(0);
    await scatter.colour.selectOption({ label: "Type" });
    const box = await scatter.plot.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -600);
    await eventually("a part of the plane", async () => /A part of the plane/.test(await figure()));
    await scatter.plot.dblclick({ position: { x: 8, y: box.height - 150 } });
    await scatter.findCell();
    await page.mouse.down();
    await page.mouse.up();
    await scatter.card.getByRole("heading", { name: /Listens to/ }).waitFor();
    await eventually("its lines", async () => /class="joined"/.test(await figure()));
    await scatter.card.getByRole("button", { name: /Close/ }).click();
    await explorer.button("Play").click();
    await explorer.button("Play").click();
    assert.match(await figure(), /simulated cells at /, "simulated cells as they are");
    const spaces = await scatter.space.locator("option").count();
    await scatter.space.selectOption({ index: spaces - 1 });
    await eventually("another plane", async () => (await scatter.space.inputValue()) !== "0");
  });
});

test("simulation and genes", { timeout: 6 * minutes }, async () => {
  await walk(async ({ page, explorer }) => {
    const [scatter, simulate, genes] = [new Scatter(page), new SimulatePanel(page), new GenesPanel(page)];
    await scatter.drag(middle, { shift: true });
    await eventually("a selection", () => scatter.selected());
    await simulate.open();
    await page.getByText(/^Selected cells only/).click();
    await simulate.says(/cells from day 6/);
    await simulate.field("End at").selectOption({ label: "day 10 + 1 interval" });
    await simulate.says(/beyond day 10/);
    await explorer.button("Watch on the cells").click();
    await eventually("it plays", async () => (await explorer.button("Play").getAttribute("aria-pressed")) === "true");
    await explorer.button("Play").click();
    assert.match(await download(page, explorer.button("Save cells (.h5ad)")), /\.h5ad$/);
    assert.match(await download(page, explorer.button("Save composition (CSV)")), /\.csv$/);
    await genes.open();
    await eventually("the genes are known", () => genes.name.isEnabled());
    await genes.name.click();
    await page.keyboard.type("simOrg03");
    await explorer.button("Add gene").click();
    const course = genes.course("simOrg03");
    await course.waitFor({ timeout: 2 * minutes });
    const box = await course.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await eventually("mean and band", async () => /mean .*10–90 %/.test(await genes.readout("simOrg03")));
  });
});

test("experiments: a type, a link, selected cells", { timeout: 8 * minutes }, async () => {
  await walk(async ({ page, attention, explorer }) => {
    const [scatter, experiments] = [new Scatter(page), new ExperimentsPanel(page)];
    await experiments.open();
    await experiments.field("Cells per simulation").fill("60");
    await experiments.field("Pairs of simulations").fill("2");
    await scatter.legend.getByRole("button", { name: /5 Stroma/ }).click();
    await scatter.panel.getByRole("button", { name: "Run without it" }).click();
    await experiments.ended();
    assert.match(await experiments.changes.innerText(), /Remove Stroma/);
    assert.ok((await experiments.fates()).rows.every(({ values }) => values[3] >= 0), "a noise floor");
    await experiments.played.getByRole("button", { name: "Changed", exact: true }).click();
    await explorer.button("Watch the experiment").click();
    await explorer.play(false);
    const leaves = new Export(page);
    await leaves.open();
    await leaves.figure.selectOption("experiment");
    assert.match((await leaves.png()).name, /experiment\.png$/);
    await leaves.dialog.getByRole("button", { name: "Close" }).click();
    await attention.choose("Matrix");
    await explorer.attention.first().locator("tbody tr").nth(2).locator("td").nth(1).click();
    await attention.panel.getByRole("button", { name: "Run with it muted" }).click();
    await page.getByText(/Epithelium does not hear Organizer; from day 6/).waitFor({ timeout: 3 * minutes });
    assert.match(await experiments.changes.innerText(), /Epithelium does not hear Organizer/);
  });
});

test("the list of runs, what is pinned and the mapping of a file are accessible", { timeout: 6 * minutes }, async () => {
  // All other panels and dialogs are so in the specs about them.
  await walk(async ({ page, explorer }) => {
    await explorer.openTab("Runs");
    await accessibleInBoth(page);
    await page.getByRole("button", { name: "Close the drawer" }).click();
    await new Scatter(page).legend.getByRole("button", { name: /2 Organizer/ }).click();
    await accessibleInBoth(page);
    await explorer.openFile(fixture("counts_only.h5ad"));
    await explorer.chooseComputed({ matrix: "X", genes: 40, components: 8 });
    await accessibleInBoth(page);
  });
});

test("a study is dropped, trained and leaves; help, tour and undo", { timeout: 6 * minutes }, async () => {
  await walk(async ({ page, explorer }) => {
    await explorer.dropFile(fixture("gzip_csr.h5ad"));
    await explorer.acceptMapping();
    await page.getByRole("button", { name: /^Loss – no training yet/ }).click();
    await explorer.budget("Custom");
    await explorer.field("Updates").fill("4");
    await explorer.field("Simulated cells per update").fill("32");
    await explorer.startButton.click();
    await explorer.lossesAfter(4, 2 * minutes);
    await explorer.trainingEnded();
    // Beside an open panel the strip has no room for the loss, which the panel shows.
    await explorer.button("Close the drawer").click();
    await page.getByRole("button", { name: /^Loss [\d.]+ after update 4 of 4/ }).click();
    assert.match(await download(page, explorer.button("Save weights")), /\.safetensors$/);
    assert.match(await download(page, explorer.button("Save settings")), /train\.toml$/);
    assert.match(await download(page, explorer.button("Save session")), /\.(npz|zip)$/);
    await explorer.button("Dark colours").click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    await accessible(page);
    await explorer.button("What is this? Cells").click();
    const help = page.getByRole("dialog", { name: "Help" });
    await help.getByRole("heading", { name: "Velocity", level: 3 }).waitFor();
    await help.getByRole("button", { name: "Take the tour" }).click();
    await page.getByText("Step 1 of 5").waitFor();
    await page.locator(".tour").getByRole("button", { name: "Next" }).click();
    await page.locator(".tour").getByRole("button", { name: "Leave" }).click();
    await page.locator(".tour").waitFor({ state: "detached" });
  });
});
