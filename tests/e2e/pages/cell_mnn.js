// Cell-MNN as its user meets it: the switch in the header, its operators beside the cells, and what the drawer says of genes.

import { eventually } from "../support/expect.js";

const patient = { timeout: 180_000 };

export class CellMnn {
  constructor(explorer) {
    this.explorer = explorer;
    this.page = explorer.page;
    this.switch = this.page.getByRole("group", { name: "Model", exact: true });
    this.panel = this.page.getByRole("region", { name: /How cells are driven/ });
    this.train = this.panel.getByRole("button", { name: /Train Cell-MNN/ });
    this.operator = this.panel.getByRole("table", { name: /Operator of/ });
    this.eigenvalues = this.panel.getByRole("table", { name: "Eigenvalues" });
    this.plane = this.panel.getByRole("img", { name: /Eigenvalues at/ });
    this.means = this.panel.getByRole("table", { name: "Mean over the cells of a type" });
    this.course = this.panel.getByRole("table", { name: /Mean operator of each type/ });
  }

  async choose(model) {
    await this.explorer.chooseModel(model);
  }

  async view(name) {
    await this.panel.getByRole("group", { name: "View" }).getByRole("button", { name, exact: true }).click();
  }

  /** Trains with the given settings in the Train tab. */
  async fit({ epochs, components = 5, seed = 0 }) {
    const { explorer } = this;
    await explorer.train({ Components: components, Epochs: epochs, Seed: seed });
    await eventually("the first epoch", async () => (await explorer.updatesDone()) > 0, patient);
    await explorer.trainingEnded();
    await this.settled();
  }

  /** Waits until what is shown of the operators is that of the weights in use. */
  async settled() {
    await eventually("the operators of the last weights", async () => (await this.panel.locator(".stage").getAttribute("aria-busy")) === "false", patient);
  }

  /** The entries of the shown operator, row by row. */
  entries() {
    return this.operator.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.dataset.value))));
  }

  /** Growth and rotation of each mode. */
  modes() {
    return this.eigenvalues.locator("[data-growth]").evaluateAll((rows) => rows.map((row) => [Number(row.dataset.growth), Number(row.dataset.rotation)]));
  }

  async known(locator, what) {
    await eventually(what, async () => (await locator.count()) > 0, patient);
  }

  /** Chooses a gene by name in one of the fields for genes. */
  async gene(field, name, button) {
    await this.page.getByLabel(field, { exact: true }).fill(name);
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }
}
