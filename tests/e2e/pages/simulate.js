// The panels Simulate, Genes and Experiments as their user meets them.

import { eventually } from "../support/expect.js";

const patient = { timeout: 180_000 };

/** Opens a panel where panels lie behind tabs. */
async function open(page, name) {
  const tab = page.getByRole("tab", { name, exact: true });
  if (await tab.count()) await tab.click();
}

/** Names of columns and rows of a table with its numbers; a cell without a number is NaN. */
const numbers = (table) =>
  table.evaluate((table) => ({
    columns: [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim()),
    rows: [...table.tBodies[0].rows].map((row) => ({
      name: row.cells[0].textContent.trim(),
      values: [...row.cells].slice(1).map((cell) => Number(cell.dataset.value ?? NaN)),
      words: [...row.cells].slice(1).map((cell) => cell.textContent.trim()),
    })),
  }));

/** Opens the details with this summary, if they are closed, and gives the table in them. */
async function tableIn(page, summary, name) {
  const details = page.locator("details").filter({ has: page.locator("summary", { hasText: summary }) });
  if (!(await details.evaluate((it) => it.open))) await details.locator("summary").click();
  return page.getByRole("table", { name });
}

export class SimulatePanel {
  constructor(page) {
    this.page = page;
    this.standing = page.locator("#panel-simulate .standing");
    this.progress = page.getByRole("progressbar", { name: "Progress of the simulation" });
    this.scrubber = page.getByRole("slider", { name: "Time of the simulated cells" });
    this.simulated = page.getByRole("img", { name: /Composition of the simulated cells/ });
    this.observed = page.getByRole("img", { name: /Composition of the observed cells/ });
  }

  async open() {
    await open(this.page, "Simulate");
    await this.simulated.waitFor(patient);
  }

  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  type(name) {
    return this.page.getByRole("group", { name: /Begin with/ }).getByRole("checkbox", { name });
  }

  /** Waits until the simulation that is there is said to be as asked. */
  async says(pattern) {
    await eventually(`the simulation ${pattern}`, async () => pattern.test(await this.standing.first().innerText().catch(() => "")), patient);
  }

  /** Shares of the types among the simulated cells at the time points. */
  async composition() {
    return numbers(await tableIn(this.page, "Composition in numbers", "Composition of the simulated cells"));
  }

  /** Where the playback stands, in words. */
  time() {
    return this.scrubber.getAttribute("aria-valuetext");
  }
}

export class GenesPanel {
  constructor(page) {
    this.page = page;
    this.name = page.getByLabel("Gene to follow", { exact: true });
    this.followed = page.getByRole("list", { name: "Genes that are followed" });
  }

  open() {
    return open(this.page, "Genes");
  }

  course(gene) {
    return this.page.getByRole("group", { name: new RegExp(`^${gene} over time`) });
  }

  /** What is read at a time of a gene's curve. */
  readout(gene) {
    return this.page.locator("figure").filter({ has: this.course(gene) }).locator("figcaption").innerText();
  }

  async table() {
    return numbers(await tableIn(this.page, "Genes in numbers", /Mean expression/));
  }
}

export class ExperimentsPanel {
  constructor(page) {
    this.page = page;
    this.changes = page.getByRole("list", { name: "Changes" });
    this.run = page.getByRole("button", { name: "Run experiment", exact: true });
    this.progress = page.getByRole("progressbar", { name: "Progress of the experiment" });
    this.findings = page.getByRole("list", { name: "What the experiment says" });
    this.played = page.getByRole("group", { name: "Simulated cells of the experiment" });
  }

  async open() {
    await open(this.page, "Experiments");
    await this.run.waitFor();
  }

  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Small and short, for a test. */
  async small({ start = "day 6", cells = 60, pairs = 2 } = {}) {
    await this.field("Experiment starts at").selectOption({ label: start });
    await this.field("Cells per simulation").fill(String(cells));
    await this.field("Pairs of simulations").fill(String(pairs));
  }

  /** Waits until the running experiment has its result. */
  async ended() {
    await eventually("the experiment's end", async () => !(await this.progress.count()) && (await this.findings.count()), patient);
  }

  async fates() {
    return numbers(await tableIn(this.page, "Shares in numbers", "Shares of the cell types at the end"));
  }

  async moved() {
    return numbers(await tableIn(this.page, "Displacement in numbers", "Displacement by the type at the start"));
  }

  genes() {
    return numbers(this.page.getByRole("table", { name: "Change of mean expression at the end" }));
  }
}
