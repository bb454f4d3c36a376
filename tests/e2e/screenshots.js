// Pictures of the page's states, from the published demo and from fixtures: target/screenshots/<state>-<width>-<theme>.png, in both themes, on a
// desk and on a phone. With PICTURES=docs only those that the documents show, which take the place of the ones in docs/images.

import { access, copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Attention } from "./pages/attention.js";
import { CellMnn } from "./pages/cell_mnn.js";
import { Export } from "./pages/export.js";
import { Kept } from "./pages/kept.js";
import { Scatter } from "./pages/scatter.js";
import { ExperimentsPanel, GenesPanel, SimulatePanel } from "./pages/simulate.js";
import { eventually } from "./support/expect.js";
import { fixture, root, screenshots, withExplorer } from "./support/world.js";

const DOCS = process.env.PICTURES === "docs";
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const patient = { timeout: 120_000 };
const picture = (state, { width }, theme) => path.join(screenshots, `${state}-${width}-${theme}.png`);

/** What the demo shows of who acts on whom and who listens to whom. */
async function views(explorer, page, save) {
  await save("loading");
  await explorer.times.first().waitFor(patient);
  const attention = new Attention(explorer);
  await attention.chord.locator(".ribbon").first().waitFor(patient);
  await attention.known();
  await explorer.play(false);
  await page.getByLabel("Simulated cells").first().uncheck();
  await explorer.chooseTime(3);
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(0, 0);
  await save("demo");
  await attention.choose("Matrix");
  await page.getByLabel("Show what was planted").first().check();
  await save("matrix");
  await page.getByLabel("Show what was planted").first().uncheck();
  await attention.choose("Chord");
  await attention.choose("Attention");
  await attention.compare.selectOption({ label: "day 6" });
  await attention.change.waitFor(patient);
  await save("compare");
  await attention.compare.selectOption("");
  await new Scatter(page).flow.selectOption({ label: "Stream lines" });
  await attention.arc(1).focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(800);
  await save("pinned");
  await page.keyboard.press("Escape");
}

/** The cells, one by one and as a selection, and how a figure leaves. */
async function cells(explorer, page, save) {
  const [attention, scatter, leaves] = [new Attention(explorer), new Scatter(page), new Export(page)];
  await attention.choose("Cells");
  await page.waitForTimeout(4000);
  await save("cells");
  await attention.choose("Chord");
  await scatter.colour.selectOption({ label: "Speed" });
  await scatter.plot.evaluate((plot) => plot.scrollIntoView({ block: "start" }));
  await scatter.drag([[0.3, 0.25], [0.6, 0.25], [0.6, 0.6], [0.3, 0.6], [0.3, 0.26]], { shift: true });
  await page.waitForTimeout(800);
  await save("selection");
  await leaves.open("Cells");
  await page.waitForTimeout(800);
  await save("export");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear selection" }).click();
  await scatter.colour.selectOption({ label: "Type" });
  await scatter.plot.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(2000);
  await save("cell");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}

/** What simulated cells become, and what changes them. */
async function simulations(explorer, page, save) {
  const simulate = new SimulatePanel(page);
  await simulate.open();
  await page.waitForTimeout(3000);
  await simulate.observed.scrollIntoViewIfNeeded();
  await save("simulate");
  const genes = new GenesPanel(page);
  await genes.open();
  await genes.name.fill("simOrg03");
  await genes.name.press("Enter");
  await page.waitForTimeout(3000);
  await save("genes");
  const experiments = new ExperimentsPanel(page);
  await experiments.open();
  await experiments.field("Cell type to remove").selectOption("Organizer");
  await experiments.button("Remove type").click();
  await experiments.run.click();
  await experiments.ended();
  await experiments.findings.evaluate((it) => it.scrollIntoView({ block: "end" }));
  await page.waitForTimeout(1000);
  await save("experiment");
  await explorer.openTab("Evidence");
  await page.getByRole("table", { name: "Evidence for every link" }).waitFor(patient);
  await save("evidence");
}

/** Cell-MNN, trained for a moment, and what is read off its operators. */
async function operators(explorer, page, save) {
  const cellMnn = new CellMnn(explorer);
  await cellMnn.choose("Cell-MNN");
  await save("untrained");
  await cellMnn.fit({ epochs: 6 });
  await explorer.button("Close the drawer").click();
  await eventually("the operator", () => cellMnn.operator.isVisible(), patient);
  await page.waitForTimeout(800);
  await save("operator");
  await cellMnn.view("Eigenvalues");
  await cellMnn.plane.waitFor(patient);
  await save("eigenvalues");
  await cellMnn.view("Over time");
  await cellMnn.course.waitFor(patient);
  await save("operators");
  await explorer.openTab("Simulate");
  const beside = page.getByRole("region", { name: /and Cell-MNN side by side/ });
  await beside.getByRole("img").first().waitFor(patient);
  await beside.evaluate((it) => it.scrollIntoView());
  await save("side_by_side");
  await explorer.openTab("Genes");
  const network = page.getByRole("img", { name: /the strongest link/ });
  await network.waitFor(patient);
  await network.evaluate((it) => it.scrollIntoView({ block: "end" }));
  await save("gene_network");
  await cellMnn.choose("scIMF");
  await page.getByRole("button", { name: "Close the drawer" }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await save("help");
  await explorer.button("About").click();
  await save("about");
  await page.keyboard.press("Escape");
}

/** Files: one that cannot be read, columns, preparation; then training and evaluation on a small one. */
async function files(explorer, page, save) {
  await explorer.openFile(fixture("bad_not_hdf5.h5ad"));
  await explorer.alert.waitFor();
  await save("failed");
  await explorer.alert.getByRole("button").first().click();
  await explorer.openFile(fixture("gzip_csr.h5ad"));
  await explorer.mapping.waitFor();
  await save("columns");
  await explorer.acceptMapping();
  await explorer.openFile(fixture("counts_only.h5ad"));
  await explorer.chooseComputed({ matrix: "X", genes: 40, components: 8 });
  await save("mapping");
  await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
  await explorer.mapping.waitFor({ state: "hidden", ...patient });
  await page.getByText("How this was prepared").click();
  await save("prepared");
  await page.getByText("How this was prepared").click();
  await explorer.openTab("Train");
  await explorer.heldOut.nth(1).check({ force: true });
  await page.waitForTimeout(800);
  await save("hold_out");
  await explorer.startTraining({ updates: 20 });
  await explorer.lossesAfter(8, 120_000);
  await save("training");
  await explorer.trainingEnded();
  await save("trained");
  await explorer.chooseEvaluation({ times: [1], seeds: 2 });
  await save("evaluate");
  await explorer.button("Train and evaluate").click();
  await explorer.evaluation.getByRole("progressbar").waitFor();
  await save("evaluating");
  await explorer.tab("Evaluate").getByText(/done/).waitFor(patient);
  const whole = page.getByRole("region", { name: "Work with the model" }).getByRole("button", { name: /^Whole window/ });
  await whole.click();
  await explorer.scores.evaluate((it) => it.scrollIntoView({ block: "center" }));
  await save("evaluation");
  await page.keyboard.press("Escape");
  await explorer.evaluation.getByRole("heading", { name: "Predicted over observed" }).evaluate((it) => it.scrollIntoView());
  await page.waitForTimeout(500);
  await save("predictions");
  await explorer.startTraining({ updates: 20, seed: 1 });
  await explorer.trainingEnded();
  await explorer.openTab("Runs");
  await whole.click();
  for (const number of [1, 3]) await page.getByRole("checkbox", { name: String(number), exact: true }).check();
  await save("runs");
  await page.keyboard.press("Escape");
}

/** A training goes on, is kept, and found after a reload. */
async function kept(explorer, page, save) {
  await explorer.startTraining({ updates: 5000 });
  const saves = new Kept(page);
  await saves.written(2);
  await page.reload();
  await explorer.times.first().waitFor(patient);
  await saves.opened();
  await save("kept");
}

/** Goes through scenes on one screen. */
function run(viewport, colorScheme, scenes) {
  return withExplorer({ query: "?device=cpu", published: true, viewport, colorScheme }, async (explorer, { page }) => {
    const save = async (state) => {
      const file = picture(state, viewport, colorScheme);
      await page.screenshot({ path: file });
      const shown = path.join(root, "docs/images", `${state}.png`);
      const inDocs = DOCS && viewport === desk && (await access(shown).then(() => true, () => false));
      if (inDocs) await copyFile(file, shown);
      console.log(inDocs ? shown : file);
    };
    for (const scene of scenes) await scene(explorer, page, save);
  });
}

/** Four states on a phone, beside each other. */
async function strip() {
  const states = [["demo", "light"], ["matrix", "dark"], ["compare", "light"], ["pinned", "dark"]];
  const viewport = { width: 4 * phone.width + 60, height: phone.height };
  await withExplorer({ viewport }, async (_, { page }) => {
    const pictures = await Promise.all(states.map(([state, theme]) => readFile(picture(state, phone, theme), "base64")));
    await page.goto("about:blank");
    await page.setContent(`<body style="margin:0;display:flex;gap:20px;background:#dde3e8">${pictures.map((it) => `<img src="data:image/png;base64,${it}">`).join("")}`);
    await eventually("the pictures", () => page.evaluate(() => [...document.images].every((image) => image.complete)));
    await page.screenshot({ path: path.join(root, "docs/images/phone.png") });
  });
}

await mkdir(screenshots, { recursive: true });
if (DOCS) {
  await run(desk, "light", [views, cells, simulations, operators, files]);
  for (const theme of ["light", "dark"]) await run(phone, theme, [views]);
  await strip();
} else {
  for (const viewport of [desk, phone]) {
    for (const theme of ["light", "dark"]) await run(viewport, theme, [views, cells, simulations, operators, files, kept]);
  }
}
