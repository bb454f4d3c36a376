// Who acts on whom: a series that cannot tell says so and is hatched, samples tell, and what was planted is found.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Evidence } from "../pages/evidence.js";
import { Export } from "../pages/export.js";
import { accessible, assertClose, eventually } from "../support/expect.js";
import { run, scimf } from "../support/oracle.js";
import { scratch } from "../support/scratch.js";
import { bare, withExplorer } from "../support/world.js";

const minutes = 60_000;
const types = 6;
const links = types * (types - 1);
let folder;

/** Simulates a small tissue, once of each design, and gives the path of its bundle. */
function tissue(design) {
  const output = path.join(folder, `${design}.zip`);
  if (existsSync(output)) return output;
  run("simulate-tissue", "--design", design, "--cells", "110", "--components", "8", "--strength", "2", "--output", output);
  return output;
}

/** Opens a study and waits until it is there. */
async function opened(explorer, file, name) {
  await explorer.times.first().waitFor({ timeout: minutes });
  await explorer.openFile(file);
  await eventually(`${name} is open`, async () => (await explorer.times.count()) === 7, { timeout: minutes });
}

before(async () => {
  folder = await scratch("evidence");
});
after(() => rm(folder, { recursive: true, force: true }));

test("one series does not determine who acts on whom: the page says so, hatches the links and names the experiment", { timeout: 3 * minutes }, async () => {
  const series = tissue("series");
  await withExplorer(bare, async (explorer, { page }) => {
    const [evidence, attention] = [new Evidence(explorer), new Attention(explorer)];
    await opened(explorer, series, "series");
    await explorer.startTraining({ updates: 1, cells: 16 });
    await explorer.trainingEnded();
    await evidence.open();
    assert.match(await evidence.words.innerText(), /One series does not determine who acts on whom/);
    const rows = await evidence.rows();
    assert.equal(rows.length, links);
    const open = rows.filter((row) => /cannot be known/.test(row.Verdict)).length;
    assert.ok(open >= 0.8 * links, `${open} of ${links} cannot be known`);
    assert.equal(await evidence.table.getByRole("columnheader", { name: "Contrast F" }).count(), 0, "nothing can be compared");

    await eventually("hatched links", async () => (await attention.chord.locator(".ribbon.open").count()) >= open / 2, { timeout: minutes });
    assert.equal(await attention.chord.locator(".hatch").count(), await attention.chord.locator(".ribbon.open").count());
    assert.match(await attention.panel.textContent(), /hatched: not known/);
    assert.match(await attention.panel.textContent(), /Read off the model, no effect/);
    // Too few progenitors are left at this time for a band of their own.
    const drawn = rows.findIndex((row) => ![row.Sender, row.Receiver].includes("Progenitor"));
    const link = evidence.row(drawn).getByRole("button");
    await link.focus();
    await eventually("the link of the row in focus alone", async () => (await attention.clearLinks()) === 1);
    await page.keyboard.press("Enter");
    assert.equal(await link.getAttribute("aria-pressed"), "true");
    assert.equal(await attention.panel.getByRole("group", { name: "Pinned" }).count(), 1);
    await page.keyboard.press("Escape");

    await attention.choose("Matrix");
    await eventually("hatched cells", async () => (await attention.panel.locator("td.open").count()) >= open);
    await attention.choose("Chord");

    const sample = evidence.next.locator("tbody tr").first();
    assert.match(await sample.innerText(), /^1\s/);
    assert.match(await evidence.next.innerText(), /A sample without .* would tell whether it acts on/);
    await accessible(page);

    const exported = new Export(page);
    await exported.open("Who listens to whom");
    const chord = (await exported.svg()).bytes.toString();
    assert.ok(chord.includes('class="open"') && chord.includes("hatched: not known"), "the figure is hatched, too");
  });
});

test("a sample is chosen like a time point, and two samples stand beside each other", { timeout: 3 * minutes }, async () => {
  const depletion = tissue("depletion");
  await withExplorer(bare, async (explorer, { page }) => {
    const attention = new Attention(explorer);
    await opened(explorer, depletion, "depletion");
    await explorer.startTraining({ updates: 1, cells: 16 });
    await explorer.trainingEnded();
    const sample = page.getByLabel("Sample", { exact: true });
    const names = await sample.locator("option").allInnerTexts();
    assert.equal(names.length, 1 + 1 + types, "all, the control and one without each type");
    const lacking = names.findIndex((name) => name.includes("Organizer"));
    const organizer = async () => (await attention.arc(1).textContent()).match(/(\d+) cells?$/)?.[1];
    await eventually("organizers of all samples", async () => Number(await organizer()) > 0, { timeout: minutes });
    await sample.selectOption({ index: lacking });
    await eventually("a chord without organizers", async () => (await organizer()) === "0", { timeout: minutes });
    await attention.compare.selectOption("s0");
    const captions = attention.panel.locator("figcaption");
    await eventually("both samples", async () => (await captions.allInnerTexts()).join("|") === `${names[lacking]}|control`, { timeout: minutes });
    await attention.change.waitFor({ timeout: minutes });
    await accessible(page);

    // Simulations and experiments begin with the chosen sample too.
    await explorer.openTab("Simulate");
    const simulate = page.getByRole("region", { name: "Simulate", exact: true });
    await simulate.getByText(`Cells of sample ${names[lacking]}, the chosen one.`).waitFor();
    await simulate.getByText(new RegExp(`cells of sample ${names[lacking]} from`)).waitFor({ timeout: minutes });
    await explorer.field("Part of the velocity").selectOption({ label: "Interaction" });
    await page.getByText(/ % of the interaction is one wind that all cells of a population share\./).waitFor({ timeout: minutes });
    await explorer.field("Part of the velocity").selectOption({ label: "Without wind" });
    await page.getByText(/one wind that all cells of a population share, which is taken out here/).waitFor({ timeout: minutes });
    await sample.selectOption({ index: 0 });
    await simulate.getByText("Cells of sample control: cells of different samples never met.", { exact: false }).waitFor();
    await eventually("all samples again", async () => (await captions.first().innerText()) === "all samples");
  });
});

test("samples of another composition tell: planted links are on top, and effects stand beside their twins", { timeout: 3 * minutes }, async () => {
  const depletion = tissue("depletion");
  await withExplorer(bare, async (explorer, { page }) => {
    const [evidence, attention] = [new Evidence(explorer), new Attention(explorer)];
    const chosen = () => attention.panel.getByRole("group", { name: "Measure" }).getByRole("button", { pressed: true }).innerText();
    await opened(explorer, depletion, "depletion");
    await evidence.open();
    await eventually("the contrasts", async () => (await evidence.heads()).includes("Contrast F"), { timeout: minutes });
    const rows = await evidence.rows();
    const planted = (row) => row.Planted !== "–";
    assert.ok(rows.slice(0, 4).filter(planted).length >= 3, `planted links are on top: ${JSON.stringify(rows.slice(0, 4))}`);
    assert.match(await evidence.words.innerText(), /can be known from these data/);

    // A model without interaction has nothing of its own: it says so, and the data's own evidence stands there.
    await explorer.chooseModel("OT-CFM");
    assert.match(await attention.panel.innerText(), /OT-CFM moves every cell alone: the data themselves tell/);
    assert.equal(await chosen(), "Contrast");
    await page.getByRole("checkbox", { name: "Show what was planted" }).first().check();
    const strongest = attention.chord.locator(".part:has(.ribbon)").last();
    await eventually("planted links are outlined", async () => (await attention.chord.locator(".ribbon.planted").count()) > 3);
    assert.match(await strongest.getAttribute("aria-label"), /contrast F [\d.]+/);
    assert.match(await attention.panel.innerText(), /Of the \d+ strongest, \d+ were planted/);

    await evidence.lookAgain({ fits: 2, twins: 2 });
    const [first] = await evidence.rows();
    assert.match(first.Effect, /^\d+(\.\d)? ± \d+(\.\d)? %$/);
    assert.equal(await chosen(), "Effect", "effects come first where there are any");
    assert.match(await attention.panel.innerText(), /Who acts on whom[^]*Effects of a linear drift[^]*Pale: in twins too/);
    await eventually("what exceeds a twin is solid", async () => (await attention.chord.locator(".beyond").count()) > 3);
    assert.ok((await attention.chord.locator(".ribbon.within").count()) >= (await attention.chord.locator(".beyond").count()));
    assert.match(await strongest.getAttribute("aria-label"), /effect .* twin .*beyond it/);
    await evidence.table.getByRole("button", { name: "Determinability" }).click();
    const sorted = (await evidence.rows()).map((row) => Number(row.Determinability));
    assert.deepEqual(sorted, [...sorted].sort((a, b) => b - a));

    const saved = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return readFile(await download.path(), "utf8");
    };
    assert.equal((await saved("Save links (CSV)")).trim().split("\n").length, links + 1);
    const told = JSON.parse(await saved("Save evidence (JSON)"));
    const judged = scimf("interactions", depletion, "--seeds", "2", "--twins", "2", "--linear");
    const verdicts = ({ links }) => links.map(({ receiver, sender, verdict }) => [receiver, sender, verdict]);
    assert.deepEqual(verdicts(told), verdicts(judged), "the command line says the same");
    told.links.forEach((link, at) => assertClose(link.determinability, judged.links[at].determinability, 1e-3, `link ${at}`));
    await accessible(page);
  });
});

test("the effects of a model are computed where it is shown, stopped, kept in a session, and gone on with after a reload", { timeout: 3 * minutes }, async () => {
  const depletion = tissue("depletion");
  await withExplorer(bare, async (explorer, { page }) => {
    const [evidence, attention] = [new Evidence(explorer), new Attention(explorer)];
    await opened(explorer, depletion, "depletion");
    await explorer.chooseModel("Mean field");
    await explorer.openTab("Train");
    await explorer.budget("Custom");
    await explorer.field("Updates").fill("2");
    await evidence.open();
    assert.equal(await evidence.panel.getByLabel("Effects in", { exact: true }).inputValue(), "mean-field", "the model that can answer");
    await evidence.panel.getByLabel("Fits", { exact: true }).fill("8");
    await evidence.panel.getByLabel("Twins", { exact: true }).fill("0");
    await attention.choice("Compute effects of Mean field").click();
    const stopped = attention.panel.getByText(/of 8 trainings are done/);
    await eventually("effects of the first training", async () => (await evidence.heads()).includes("Effect"), { timeout: minutes });
    await attention.choice("Stop").click();
    await stopped.waitFor({ timeout: minutes });
    const done = Number((await stopped.innerText()).match(/(\d+) of 8/)[1]);
    assert.ok(done >= 1 && done < 8, `${done} are done`);
    assert.match(await attention.panel.innerText(), /Effects in \d+ trainings? of Mean field/);
    const told = await evidence.rows();

    const session = await new Export(page).session(folder);
    await page.reload();
    await opened(explorer, session, "the session");
    await evidence.open();
    assert.deepEqual(await evidence.rows(), told, "the evidence is back");
    await stopped.waitFor({ timeout: minutes });
    await evidence.panel.getByRole("button", { name: "Go on" }).click();
    await eventually("all trainings", async () => /Effects in 8 trainings of Mean field/.test(await attention.panel.innerText()), { timeout: 2 * minutes });
  });
});
