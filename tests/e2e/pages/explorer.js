// The explorer as its user meets it: by the names that people and screen readers rely on.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { eventually } from "../support/expect.js";

const patient = { timeout: 120_000 };

export class Explorer {
  constructor(page) {
    this.page = page;
    this.status = page.getByRole("status");
    this.alert = page.getByRole("alert");
    this.times = page.getByRole("radiogroup", { name: "Time points" }).getByRole("radio");
    this.attention = page.getByRole("table", { name: "Cell-type attention" });
    this.mapping = page.getByRole("dialog");
    this.study = page.locator("header .dataset strong");
    this.speed = page.getByText(/mean speed/i).first();
    // The drawer keeps what is in its closed panels.
    this.heldOut = page.locator("#panel-train").getByRole("group", { name: /hold out/i, includeHidden: true }).getByRole("checkbox", { includeHidden: true });
    this.startButton = page.getByRole("button", { name: "Start training", exact: true, includeHidden: true });
    this.losses = page.getByTestId("loss-log").locator("[data-update]");
    this.evaluation = page.getByRole("region", { name: "Evaluate" });
    this.scores = this.evaluation.getByRole("table", { name: "Distance to the observed cells" });
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  tab(name) {
    return this.page.getByRole("tab", { name });
  }

  /** Chooses a model by its name: a button of the switch, or one in its menu. */
  async chooseModel(name) {
    const models = this.page.getByRole("group", { name: "Model", exact: true });
    const button = models.getByRole("button", { name, exact: true, includeHidden: true });
    if (!(await button.isVisible())) await models.locator("summary").click();
    await button.click();
  }

  /** Opens a panel of the drawer. */
  async openTab(name) {
    if ((await this.tab(name).getAttribute("aria-selected")) !== "true") await this.tab(name).click();
  }

  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  /** Waits until the demo answers: its time points are there and its attention is in the table. */
  async alive() {
    await this.times.first().waitFor(patient);
    // A software adapter takes its time for the first answers.
    await this.attention.first().waitFor({ state: "attached", timeout: 240_000 });
    await eventually("the demo's attention", async () => (await this.attentionTable()).values.some((row) => row.some(Number.isFinite)), patient);
  }

  /** A study without a trained model is open. */
  async untrained() {
    await this.times.first().waitFor(patient);
  }

  /** Waits until the study of this name is open. */
  async opened(name) {
    await eventually(`${name} is open`, async () => (await this.study.allInnerTexts()).includes(name), patient);
  }

  /** Closes what is open and takes back every choice, as a user would; `time` is the time point that is chosen then. */
  async takeBack(time) {
    const { page } = this;
    await page.mouse.move(0, 0);
    for (let i = 0; i < 2; i += 1) await page.keyboard.press("Escape");
    if (await this.button("Close the drawer").isVisible()) await this.button("Close the drawer").click();
    await page.locator('[role="tab"][tabindex="0"]').press("Home");
    // The Tab key begins at the top again.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
    });
    await eventually("nothing left to undo", async () => {
      for (let i = 0; i < 8; i += 1) await page.keyboard.press("Control+z");
      return /nothing to undo/.test(await this.status.first().innerText());
    });
    // Some choices are no steps that can be undone: addresses name them.
    const first = "view=chord&measure=attention&direction=both&velocity=arrows&part=total&color=type";
    await page.evaluate((hash) => (location.hash = hash), first);
    if (time !== undefined) await this.chooseTime(time);
  }

  /** Which time point is chosen. */
  chosenTime() {
    return this.times.evaluateAll((radios) => radios.findIndex((radio) => radio.checked));
  }

  /** The labels of the time points, in order. */
  timeLabels() {
    return this.times.evaluateAll((radios) =>
      radios.map((radio) => radio.getAttribute("aria-label") ?? radio.labels?.[0]?.textContent.trim() ?? radio.textContent.trim()),
    );
  }

  async chooseTime(index) {
    const radio = this.times.nth(index);
    await radio.click({ force: true });
    await eventually(`time point ${index} chosen`, () => radio.isChecked());
  }

  /** The numbers behind the chord: receivers are rows, senders are columns; a cell without a number is NaN. */
  async attentionTable() {
    return this.attention.first().evaluate((table) => {
      const head = [...table.tHead.rows[0].cells];
      const body = [...table.tBodies[0].rows].map((row) => [...row.cells]);
      const number = (cell) => (/\d/.test(cell.textContent) ? Number(cell.dataset.value ?? cell.textContent.replace("\u2212", "-")) : NaN);
      return {
        senders: head.slice(1).map((cell) => cell.textContent.trim()),
        receivers: body.map((cells) => cells[0].textContent.trim()),
        values: body.map((cells) => cells.slice(1).map(number)),
      };
    });
  }

  /** Mean speed of the chosen time point's cells, as it is written. */
  async meanSpeed() {
    const text = await this.speed.textContent();
    return Number(/mean speed\D*?([\d.]+(?:e[+-]?\d+)?)/i.exec(text)?.[1]);
  }

  /** Chooses a file, or several that belong together, with the file input. */
  async openFile(...files) {
    await this.page.getByLabel("Open dataset").setInputFiles(files);
  }

  /** Opens a file as it is proposed, and waits for its cells. */
  async openStudy(file) {
    await this.openFile(file);
    await this.acceptMapping();
    await this.opened(path.parse(file).name);
  }

  /** Drops a file, or several that belong together, on the page. */
  async dropFile(...files) {
    const contents = await Promise.all(
      files.map(async (file) => ({ name: path.basename(file), content: (await readFile(file)).toString("base64") })),
    );
    const transfer = await this.page.evaluateHandle((contents) => {
      const transfer = new DataTransfer();
      for (const { name, content } of contents) {
        transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
      }
      return transfer;
    }, contents);
    for (const type of ["dragenter", "dragover", "drop"]) {
      await this.page.dispatchEvent("body", type, { dataTransfer: transfer });
    }
  }

  /** Accepts the proposed mapping and waits for the dataset. */
  async acceptMapping() {
    await this.mapping.waitFor(patient);
    await this.mapping.getByRole("button", { name: "Open", exact: true }).click();
    await this.mapping.waitFor({ state: "hidden", ...patient });
  }

  /** Chooses how components and UMAP are computed in the open mapping: an expression matrix by name, with numbers for its steps. */
  async chooseComputed({ matrix, genes, components, umap = true }) {
    await this.mapping.waitFor(patient);
    await this.mapping.getByLabel("Model space", { exact: true }).selectOption(`computed:${matrix}`);
    if (genes) {
      await this.mapping.getByRole("checkbox", { name: /Variable genes/ }).check();
      await this.mapping.getByLabel("Number of variable genes").fill(String(genes));
    }
    if (components) await this.mapping.getByLabel("Principal components", { exact: true }).fill(String(components));
    if (umap) await this.mapping.getByLabel("Display space", { exact: true }).selectOption("umap");
  }

  /** Chooses how long trainings take in the open panel: "Quick look", "Good", "As published" or "Custom". */
  async budget(name) {
    await this.page.getByRole("group", { name: "Time for the training" }).filter({ visible: true }).getByRole("button", { name }).click();
  }

  /** Opens the evaluation and chooses what to predict. */
  async chooseEvaluation({ times, seeds = 1, cells = 64, updates = 2, cellMnn = false }) {
    await this.openTab("Evaluate");
    await this.budget("Custom");
    for (const time of times) await this.evaluation.getByRole("checkbox").nth(time).check({ force: true });
    await this.field("Seeds").fill(String(seeds));
    await this.field("Predicted cells").fill(String(cells));
    await this.field("Updates of scIMF").fill(String(updates));
    await this.field("Epochs of Cell-MNN").fill(String(updates));
    await this.evaluation.getByRole("checkbox", { name: "Cell-MNN", exact: true }).setChecked(cellMnn);
  }

  /** The evaluation's table: the name of each row with its numbers; where there is none, NaN. */
  scoreRows() {
    return this.scores.evaluate((table) =>
      [...table.tBodies[0].rows].map((row) => ({
        name: row.cells[0].firstChild.textContent.trim(),
        values: [...row.querySelectorAll("td:not(.effort)")].map((cell) => Number(cell.dataset.value ?? NaN)),
        marked: [...row.querySelectorAll("td:not(.effort)")].map((cell) => /lowest/.test(cell.textContent)),
        seeds: row.querySelector(".effort").textContent,
      })),
    );
  }

  /** Starts a training in which no time point is held out; `step` is a part of the interval between two. */
  async startTraining({ updates, cells = 64, seed = 0, step, scaling }) {
    await this.train({ Updates: updates, "Simulated cells per update": cells, Seed: seed, "Time step": step, Scaling: scaling });
  }

  /** Starts a training of the shown model in which no time point is held out; the settings as `set` takes them. */
  async train(settings, known) {
    await this.openTab("Train");
    await this.budget("Custom");
    for (const box of await this.heldOut.all()) await box.uncheck({ force: true });
    await this.set(settings, known);
    await this.button("Start training").click();
  }

  /** Fills in settings by their names, the advanced ones too; those of `known` only where the model has them. */
  async set(settings, known = {}) {
    for (const [name, value] of Object.entries({ ...settings, ...known })) {
      const field = this.field(name);
      if (value === undefined || (name in known && !(await field.count()))) continue;
      if (!(await field.isVisible())) await this.page.getByText("Advanced settings", { exact: true }).click();
      await field.fill(String(value));
    }
  }

  /** Presses "Play" down (the simulated cells move) or up. */
  async play(down) {
    const pressed = async () => (await this.button("Play").getAttribute("aria-pressed")) === "true";
    if ((await pressed()) !== down) await this.button("Play").click();
    await eventually(`Play is ${down ? "down" : "up"}`, async () => (await pressed()) === down);
  }

  /** The updates in the table, which holds the last hundred: `[update, total loss]`, the oldest first. */
  course() {
    return this.losses.evaluateAll((items) =>
      items.map((item) => [Number(item.dataset.update), Number(item.dataset.total)]).sort(([a], [b]) => a - b),
    );
  }

  /** How many updates are done. */
  async updatesDone() {
    return (await this.course()).at(-1)?.[0] ?? 0;
  }

  /** Waits until `count` updates are done and gives the total loss of each in the table. */
  async lossesAfter(count, timeout) {
    await eventually(`${count} updates`, async () => (await this.updatesDone()) >= count, { timeout });
    return (await this.course()).map(([, total]) => total);
  }

  /** Waits until the training is over. */
  async trainingEnded() {
    await eventually("the end of the training", () => this.startButton.isEnabled().catch(() => false), patient);
  }

  /** Saves the weights and gives the path of the file. */
  async saveWeights(folder) {
    await this.openTab("Train");
    const [download] = await Promise.all([this.page.waitForEvent("download", patient), this.button("Save weights").click()]);
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);
    return file;
  }
}
