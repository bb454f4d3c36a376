// Who listens to whom, as its user meets it: chord, matrix, single cells, the strip of small chords and the drawer.

import { eventually } from "../support/expect.js";

export class Attention {
  constructor(explorer) {
    const { page } = explorer;
    this.explorer = explorer;
    this.page = page;
    this.panel = page.getByRole("region", { name: /Who (listens to|acts on) whom/ });
    this.chord = this.panel.locator(".chord-frame");
    this.chords = this.panel.getByRole("figure", { name: /^Who (listens to whom at|acts on whom)/ });
    this.tip = this.panel.getByRole("tooltip").filter({ hasText: /\S/ });
    this.change = this.panel.getByRole("table", { name: /^Change from/ });
    this.compare = page.getByLabel("Compare with", { exact: true });
    this.minis = page.getByRole("radiogroup", { name: "Time points" }).locator("svg.mini");
  }

  /** The strip knows the chord of every time point. */
  async known() {
    await eventually("the chords of all time points", async () => {
      const drawn = await this.minis.evaluateAll((minis) => minis.every((mini) => mini.querySelector("path.outgoing")));
      return drawn && (await this.minis.count()) > 0;
    }, { timeout: 120_000 });
  }

  choice(name) {
    return this.panel.getByRole("button", { name, exact: true });
  }

  async choose(name) {
    await this.choice(name).click();
    await eventually(`${name} is chosen`, async () => (await this.choice(name).getAttribute("aria-pressed")) === "true");
  }

  /** The arc of a type, by its place in the order of types. */
  arc(kind) {
    return this.chord.locator(`[data-part="${kind}"]`);
  }

  link(sender, receiver) {
    return this.chord.locator(`[data-part="${sender} ${receiver}"]`);
  }

  /** Number of links that stand out from the faded ones. */
  clearLinks() {
    return this.chord.locator(".ribbon:not(.faded)").count();
  }

  /** Number of types with enough cells at the chosen time point. */
  present() {
    return this.chord.locator(".arc:not(.absent)").count();
  }

  /** The drawn outline of each arc. */
  arcs() {
    return this.chord.locator(".outgoing").evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
  }

  /** The address's settings. */
  async address() {
    return Object.fromEntries(new URLSearchParams(new URL(this.page.url()).hash.slice(1)));
  }
}
