// The scatter plot as its user meets it.

import { eventually } from "../support/expect.js";

export class Scatter {
  constructor(page) {
    this.page = page;
    this.panel = page.getByRole("region", { name: "Cells", exact: true });
    this.plot = this.panel.getByRole("application", { name: /^Scatter plot/ });
    this.colour = this.panel.getByLabel("Colour by", { exact: true });
    this.gene = this.panel.getByLabel("Gene", { exact: true });
    this.expression = this.panel.getByRole("group", { name: "Expression" });
    this.sender = this.panel.getByLabel("Sender", { exact: true });
    this.flow = this.panel.getByLabel("Velocity drawn as", { exact: true });
    this.part = this.panel.getByLabel("Part of the velocity", { exact: true });
    this.space = this.panel.getByLabel("Space", { exact: true });
    this.components = ["x", "y"].map((axis) => this.panel.getByLabel(`Component along ${axis}`, { exact: true }));
    this.legend = this.panel.getByLabel("Colours", { exact: true });
    this.scale = this.legend.getByRole("img");
    this.lasso = this.panel.getByRole("button", { name: "Lasso" });
    this.menu = this.panel.locator(".select-menu:not(.look)");
    this.selection = this.panel.locator("[data-selected]");
    this.card = this.panel.getByRole("region", { name: /^Cell [\d,]+$/ });
    this.tip = this.panel.getByRole("tooltip");
  }

  /** Number of selected cells. */
  async selected() {
    return Number(await this.selection.getAttribute("data-selected"));
  }

  async selects(count) {
    await eventually(`${count} selected cells`, async () => (await this.selected()) === count, { timeout: 10_000 });
  }

  /** Drags through places of the plot, given as shares of its width and height. */
  async drag(places, { shift = false } = {}) {
    const box = await this.plot.boundingBox();
    const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    if (shift) await this.page.keyboard.down("Shift");
    await this.page.mouse.move(...at(places[0]));
    await this.page.mouse.down();
    for (const place of places.slice(1)) await this.page.mouse.move(...at(place), { steps: 6 });
    await this.page.mouse.up();
    if (shift) await this.page.keyboard.up("Shift");
  }

  /** Moves the pointer along a line of the plot until it is on a cell, and says what stands there. */
  async findCell() {
    const box = await this.plot.boundingBox();
    for (let y = 0.5; y > 0.2; y -= 0.06) {
      for (let x = 0.25; x < 0.75; x += 0.012) {
        await this.page.mouse.move(box.x + x * box.width, box.y + y * box.height);
        if (await this.tip.evaluate((tip) => tip.classList.contains("shown"))) return this.tip.textContent();
      }
    }
    throw new Error("no cell under the pointer");
  }

  /** The plane that is drawn, as screen readers hear it. */
  async plane() {
    return /cells in (.+?), coloured by/.exec(await this.plot.getAttribute("aria-label"))?.[1];
  }

  async drawnIn(name) {
    await eventually(`cells in ${name}`, async () => (await this.plane()) === name);
  }

  /** Waits until the scale of colours is that of something. */
  async scaleOf(title) {
    await eventually(`the scale of ${title}`, async () => ((await this.scale.getAttribute("aria-label").catch(() => "")) ?? "").startsWith(`${title}:`));
  }

  /** The genes that are suggested. */
  suggestions() {
    return this.page.locator("#gene-names option").evaluateAll((options) => options.map((option) => option.value));
  }

  /** Chooses a gene by its name. */
  async chooseGene(name) {
    await this.colour.selectOption("gene");
    await this.gene.fill(name);
  }

  /** The layers as they are drawn now. */
  picture() {
    return this.plot.evaluate((plot) => [...plot.parentElement.querySelectorAll("canvas")].filter((layer) => !layer.hidden).map((layer) => layer.toDataURL()).join());
  }

  /** Which layer shows the cells, and in how many colours. */
  cells() {
    return this.plot.evaluate((plot) => {
      const layer = [...plot.parentElement.querySelectorAll(".scatter-cells, .scatter-cells-plain")].find((layer) => !layer.hidden);
      const copy = Object.assign(document.createElement("canvas"), { width: layer.width, height: layer.height });
      const context = copy.getContext("2d");
      context.drawImage(layer, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const seen = new Map();
      let drawn = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 200) continue;
        drawn += 1;
        const colour = (data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4);
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
      }
      const colours = [...seen].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
      return { onGpu: layer.classList.contains("scatter-cells"), drawn, colours };
    });
  }

  /** Waits until cells are drawn, on the GPU or not. */
  cellsDrawn(onGpu) {
    return eventually(`cells drawn ${onGpu ? "on the GPU" : "on a plain canvas"}`, async () => {
      const cells = await this.cells();
      return cells.onGpu === onGpu && cells.drawn > 500 && cells;
    });
  }
}
