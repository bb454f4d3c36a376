// Everything that leaves the page: figures and the session, by the names that people rely on.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { eventually } from "../support/expect.js";

export class Export {
  constructor(page) {
    this.page = page;
    this.dialog = page.getByRole("dialog", { name: "Export a figure" });
    this.figure = this.dialog.getByLabel("Figure", { exact: true });
    this.title = this.dialog.getByLabel("Title", { exact: true });
    this.preview = this.dialog.getByRole("img", { name: /^Preview\./ });
    this.outcome = this.dialog.getByRole("status");
  }

  /** Opens the dialog from the header, or from the panel of this name. */
  async open(panel) {
    const name = panel ? `Export figure: ${panel}` : "Export";
    await this.page.getByRole("button", { name, exact: true }).click();
    await this.preview.waitFor();
  }

  /** The figures that can be saved now, by their keys. */
  there() {
    return this.figure.locator("option:not(:disabled)").evaluateAll((options) => options.map((option) => option.value));
  }

  async size(width, height) {
    await this.dialog.getByLabel("Width", { exact: true }).fill(String(width));
    await this.dialog.getByLabel("Height", { exact: true }).fill(String(height));
  }

  /** Presses a button and gives the bytes of the file that it leads to, with its name. */
  async saved(button, timeout = 30_000) {
    const [download] = await Promise.all([this.page.waitForEvent("download", { timeout }), button.press("Enter")]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  svg() {
    return this.saved(this.dialog.getByRole("button", { name: "Save SVG" }));
  }

  png() {
    return this.saved(this.dialog.getByRole("button", { name: "Save PNG" }));
  }

  /** The simulated cells on their way, as a GIF. */
  film() {
    return this.saved(this.dialog.getByRole("button", { name: "Save film (GIF)" }), 120_000);
  }

  /** The report of everything that is shown. */
  report() {
    return this.saved(this.dialog.getByRole("button", { name: "Save report" }));
  }

  /** Saves the session into a folder and gives the path of the file. */
  async session(folder) {
    const button = this.page.getByRole("button", { name: "Save session" });
    await eventually("a session to save", () => button.isEnabled());
    const [download] = await Promise.all([this.page.waitForEvent("download", { timeout: 120_000 }), button.press("Enter")]);
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);
    return file;
  }
}
