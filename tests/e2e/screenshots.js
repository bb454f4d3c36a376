// Pictures of the page's states in both themes, on a desk and on a phone: target/screenshots/<state>-<width>-<theme>.png.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Attention } from "./pages/attention.js";
import { Export } from "./pages/export.js";
import { Scatter } from "./pages/scatter.js";
import { ExperimentsPanel, GenesPanel } from "./pages/simulate.js";
import { fixture, screenshots, withExplorer } from "./support/world.js";

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

await mkdir(screenshots, { recursive: true });
for (const viewport of sizes) {
  for (const colorScheme of ["light", "dark"]) {
    await withExplorer({ query: "?device=cpu", viewport, colorScheme }, async (explorer, { page }) => {
      const save = async (state) => {
        const file = path.join(screenshots, `${state}-${viewport.width}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
      };
      await save("loading");
      await explorer.alive();
      await explorer.chooseTime(5);
      const attention = new Attention(explorer);
      await attention.known();
      await explorer.button("Play").isEnabled();
      await page.waitForTimeout(1500);
      await save("demo");
      await attention.choose("Matrix");
      await save("matrix");
      await attention.choose("Cells");
      await page.waitForTimeout(4000);
      await save("cells");
      await attention.choose("Chord");
      await attention.compare.selectOption({ index: 2 });
      await page.waitForTimeout(1000);
      await save("compare");
      await attention.compare.selectOption("");
      const scatter = new Scatter(page);
      await explorer.play(false);
      await page.getByLabel("Simulated cells").first().uncheck();
      await scatter.flow.selectOption({ label: "Stream lines" });
      await attention.arc(1).focus();
      await page.keyboard.press("Enter");
      await page.waitForTimeout(800);
      await save("pinned");
      await page.keyboard.press("Escape");
      await scatter.colour.selectOption({ label: "Speed" });
      await scatter.plot.evaluate((plot) => plot.scrollIntoView({ block: "start" }));
      await scatter.drag([[0.3, 0.25], [0.6, 0.25], [0.6, 0.6], [0.3, 0.6], [0.3, 0.26]], { shift: true });
      await page.waitForTimeout(800);
      await save("selection");
      await new Export(page).open("Cells");
      await page.waitForTimeout(800);
      await save("export-shown");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Clear selection" }).click();
      await scatter.colour.selectOption({ label: "Type" });
      await scatter.plot.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(2000);
      await save("card");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await explorer.openTab("Simulate");
      await page.getByRole("img", { name: /composition/i }).first().waitFor({ timeout: 60_000 }).catch(() => {});
      await page.waitForTimeout(3000);
      await save("simulate");
      const genes = new GenesPanel(page);
      await genes.open();
      await genes.name.fill("simOrg03");
      await genes.name.press("Enter");
      await page.waitForTimeout(3000);
      await save("genes");
      const experiments = new ExperimentsPanel(page);
      await experiments.open();
      await save("experiments");
      await experiments.field("Cell type to remove").selectOption("Organizer");
      await experiments.button("Remove type").click();
      await experiments.run.click();
      await experiments.ended();
      await page.waitForTimeout(1000);
      await save("experiment");
      await page.getByRole("button", { name: "Close the drawer" }).click();
      await new Export(page).open();
      await save("export");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Help" }).waitFor();
      await save("help");
      await page.keyboard.press("Escape");
      await explorer.openFile(fixture("bad_zstd.h5ad"));
      await explorer.alert.waitFor();
      await save("failed");
      await explorer.alert.getByRole("button").first().click();
      await explorer.openFile(fixture("gzip_csr.h5ad"));
      await explorer.mapping.waitFor();
      await save("mapping");
      await explorer.acceptMapping();
      await explorer.openFile(fixture("counts_only.h5ad"));
      await explorer.chooseComputed({ matrix: "X", genes: 40, components: 8 });
      await save("steps");
      await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
      await explorer.mapping.getByRole("progressbar").waitFor();
      await save("preparing");
      await explorer.mapping.waitFor({ state: "hidden" });
      await page.getByText("How this was prepared").click();
      await save("prepared");
      await page.getByText("How this was prepared").click();
      await explorer.startTraining({ updates: 20 });
      await explorer.lossesAfter(8, 120_000);
      await save("training");
      await explorer.trainingEnded();
      await save("trained");
      await explorer.chooseEvaluation({ times: [1], seeds: 2 });
      await save("evaluate");
      await explorer.button("Train and evaluate").click();
      await explorer.evaluation.getByRole("progressbar").waitFor();
      await save("evaluating");
      await explorer.tab("Evaluate").getByText(/done/).waitFor({ timeout: 120_000 });
      await explorer.scores.scrollIntoViewIfNeeded();
      await save("evaluated");
      await explorer.evaluation.getByRole("heading", { name: "Predicted over observed" }).scrollIntoViewIfNeeded();
      await save("predictions");
    });
  }
}
