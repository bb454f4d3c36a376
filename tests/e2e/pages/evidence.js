// Who acts on whom, as far as the data tell: the panel, by the names that people rely on.

import { eventually } from "../support/expect.js";

const patient = { timeout: 60_000 };

export class Evidence {
  constructor(explorer) {
    const { page } = explorer;
    this.explorer = explorer;
    this.page = page;
    this.panel = page.getByRole("region", { name: "Evidence", exact: true });
    this.words = this.panel.getByRole("list", { name: "What the data tell" });
    this.table = this.panel.getByRole("table", { name: "Evidence for every link" });
    this.next = this.panel.getByRole("region", { name: "Which experiment would tell?" });
    this.look = this.panel.getByRole("button", { name: "Look for evidence" });
  }

  /** Opens the panel; what the data determine is looked for by itself. */
  async open() {
    await this.explorer.openTab("Evidence");
    await this.table.waitFor(patient);
  }

  /** Looks again with so many fits of a model, or of the linear drift, and twins. */
  async lookAgain({ fits, twins, model = "the linear drift, in seconds" }) {
    await this.panel.getByLabel("Effects in", { exact: true }).selectOption({ label: model });
    await this.panel.getByLabel("Fits", { exact: true }).fill(String(fits));
    await this.panel.getByLabel("Twins", { exact: true }).fill(String(twins));
    await this.look.click();
    if (!fits) return;
    await eventually("effects", async () => (await this.heads()).includes("Effect"), patient);
  }

  heads() {
    return this.table.getByRole("columnheader").allInnerTexts();
  }

  /** The rows as objects, by the heads of the columns. */
  async rows() {
    const heads = await this.heads();
    const rows = await this.table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
    return rows.map((cells) => Object.fromEntries(heads.map((head, at) => [head.trim(), cells[at]])));
  }

  row(at) {
    return this.table.locator("tbody tr").nth(at);
  }
}
