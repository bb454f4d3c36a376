// Names come from a file: wherever they are shown or saved they are text, never markup.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { eventually } from "../support/expect.js";
import { bare, withExplorer } from "../support/world.js";

const evil = (what) => `<img src=x onerror=window.injected=1>${what}<script>window.injected=1</script>`;
const types = ["one", "two"].map(evil);
const genes = Array.from({ length: 24 }, (_, gene) => evil(`gene${gene}`));

/** Counts of 120 cells at three time points. */
function table() {
  const rows = Array.from({ length: 120 }, (_, cell) => {
    const counts = genes.map((_, gene) => ((cell * 7 + gene * 13) % 9) + (cell % 2) * gene);
    return [`c${cell}`, `day ${Math.floor(cell / 40)} ${evil("")}`, types[cell % 2], ...counts].map((value) => `"${value}"`).join(",");
  });
  return [["id", "day", "cell_type", ...genes].map((name) => `"${name}"`).join(","), ...rows].join("\n");
}

test("names with markup are text in every view and in every file", { timeout: 10 * 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "names-"));
  try {
    await withExplorer(bare, async (explorer, { page, browser }) => {
      const exported = new Export(page);
      // A page without a policy, to look into files with a parser of its own.
      const plain = await browser.context.newPage();
      const clean = async (where) => {
        assert.equal(await page.evaluate(() => window.injected), undefined, `${where}: a name ran`);
        assert.equal(await page.locator("img[src='x']").count(), 0, `${where}: a name became an element`);
      };
      await explorer.untrained();
      const file = path.join(folder, "study<img src=x onerror=window.injected=1>.csv");
      await writeFile(file, table());
      await explorer.openFile(file);
      await explorer.chooseComputed({ matrix: "X", genes: 20, components: 6, umap: false });
      await clean("mapping");
      await explorer.acceptMapping();
      await explorer.startTraining({ updates: 1, cells: 16 });
      await explorer.trainingEnded();
      const shown = async () => (await explorer.attentionTable()).senders.map((name) => name.replace(/^\d+ /, ""));
      await eventually("attention of the study", async () => (await shown()).join() === types.join(), { timeout: 180_000 });
      await clean("attention");
      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
        await clean(await tab.innerText());
      }
      await exported.open();
      for (const figure of await exported.there()) {
        await exported.figure.selectOption(figure);
        await exported.preview.waitFor();
        const svg = (await exported.svg()).bytes.toString();
        const found = await plain.evaluate((svg) => {
          const document = new DOMParser().parseFromString(svg.replace(/<\?xml[^>]*>/, ""), "image/svg+xml");
          const names = [...document.querySelectorAll("*")].map((it) => it.localName);
          const handlers = [...document.querySelectorAll("*")].flatMap((it) => it.getAttributeNames().filter((name) => /^on/i.test(name)));
          return { wrong: names.filter((name) => ["img", "script", "parsererror", "foreignObject"].includes(name)), handlers };
        }, svg);
        assert.deepEqual(found, { wrong: [], handlers: [] }, figure);
      }
      await page.keyboard.press("Escape");
      await clean("export");
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
