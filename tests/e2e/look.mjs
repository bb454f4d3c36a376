import { withExplorer } from "./support/world.js";
import { eventually } from "./support/expect.js";
import { Evidence } from "./pages/evidence.js";
const [which, out] = process.argv.slice(2);
await withExplorer({ query: "?device=cpu", viewport: { width: 1440, height: 900 } }, async (explorer, { page }) => {
  const evidence = new Evidence(explorer);
  await explorer.times.first().waitFor({ timeout: 120000 });
  const t0 = Date.now();
  if (which !== "demo") { await explorer.openFile(`/tmp/page/${which}.zip`); await eventually("7 times", async () => (await explorer.times.count()) === 7, { timeout: 120000 });
    await explorer.startTraining({ updates: 1, cells: 16 }); await explorer.trainingEnded(); } else await explorer.alive();
  console.log("trained", Date.now() - t0);
  const t1 = Date.now();
  await evidence.open(); console.log("evidence", Date.now() - t1);
  await page.waitForTimeout(1500);
  for (const [w, h] of [[1440, 900], [1280, 720], [820, 1180], [390, 844]]) for (const dark of [false, true]) {
    await page.setViewportSize({ width: w, height: h }); await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    if (dark && w !== 1440 && w !== 390) continue;
    await page.evaluate((d) => document.documentElement.dataset.theme = d ? "dark" : "light", dark);
    await page.waitForTimeout(500);
    await page.screenshot({ path: `/tmp/page/${out}-${w}${dark ? "-dark" : ""}.png` });
    if (w <= 820 && !dark) await page.screenshot({ path: `/tmp/page/${out}-${w}-full.png`, fullPage: true });
  }
});
process.exit(0);
