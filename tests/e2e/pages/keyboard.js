// Hands that have no mouse: everything is reached with the Tab key, or not at all.

import assert from "node:assert/strict";

/** Most stops on the way to a control. */
const MOST = 120;

export class Keyboard {
  constructor(page) {
    this.page = page;
  }

  /** What has the focus, as a screen reader would name it. */
  focused() {
    return this.page.evaluate(() => {
      const own = document.activeElement;
      if (!own || own === document.body) return { name: "", role: "" };
      const labels = own.labels ? [...own.labels].map((label) => label.textContent).join(" ") : "";
      const name = own.getAttribute("aria-label") ?? (labels || own.textContent);
      return { name: name.trim().replace(/\s+/g, " "), role: own.getAttribute("role") ?? own.localName };
    });
  }

  /** Goes on with Tab (or back) until a control has the focus whose name fits, and, if it is given, whose role. */
  async reach(name, { role, back = false } = {}) {
    const seen = [];
    const fits = (focus) => (typeof name === "string" ? focus.name === name : name.test(focus.name)) && (!role || focus.role === role);
    for (let stop = 0; stop < MOST; stop += 1) {
      const focus = await this.focused();
      if (fits(focus)) return focus;
      seen.push(`${focus.role} ${focus.name.slice(0, 40)}`);
      await this.page.keyboard.press(back ? "Shift+Tab" : "Tab");
    }
    assert.fail(`${name} is not reached with the Tab key; on the way: ${[...new Set(seen)].join(" | ")}`);
  }

  /** Reaches a control and presses a key on it. */
  async press(name, key = "Enter", options) {
    await this.reach(name, options);
    await this.page.keyboard.press(key);
  }

  /** Reaches a menu and goes down, or up, to an entry. */
  async choose(name, entry, options) {
    await this.reach(name, { role: "select", ...options });
    const at = () =>
      this.page.evaluate(() => {
        const { selectedIndex, options } = document.activeElement;
        return { selectedIndex, texts: [...options].map((option) => option.textContent.trim()), open: [...options].map((option) => !option.disabled) };
      });
    const { texts, open } = await at();
    const wanted = texts.findIndex((text) => (typeof entry === "string" ? text === entry : entry.test(text)));
    assert.ok(wanted >= 0 && open[wanted], `${entry} among ${texts.join(", ")}`);
    for (let step = 0; step < texts.length; step += 1) {
      const { selectedIndex } = await at();
      if (selectedIndex === wanted) return;
      await this.page.keyboard.press(selectedIndex < wanted ? "ArrowDown" : "ArrowUp");
    }
    assert.fail(`${entry} is not reached with the arrow keys`);
  }

  /** Reaches a field and writes in it. */
  async write(name, text, options) {
    await this.reach(name, options);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  /** Reaches a button and takes the file that it leads to. */
  async download(name, options) {
    await this.reach(name, options);
    const [download] = await Promise.all([this.page.waitForEvent("download", { timeout: 120_000 }), this.page.keyboard.press("Enter")]);
    return download.suggestedFilename();
  }
}
