import { withExplorer } from "./support/world.js";
import { accessible } from "./support/expect.js";
import { writeFileSync } from "node:fs";
const sizes = (process.env.SIZES ?? "1440x900,390x844").split(",").map((s) => s.split("x").map(Number));
const themes = (process.env.THEMES ?? "light,dark").split(",");
writeFileSync("/tmp/fake/x.h5ad", "abc"); writeFileSync("/tmp/fake/y.mtx", "abcd");
for (const [width, height] of sizes) for (const colorScheme of themes) {
  await withExplorer({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" }, async (explorer, { page }) => {
    const save = async (name) => { await page.waitForTimeout(300); await page.screenshot({ path: `/tmp/fake/shots/${name}-${width}-${colorScheme}.png` });
      try { await accessible(page); } catch (e) { console.log(name, width, colorScheme, String(e.message).slice(0, 1500)); } };
    await explorer.alive();
    await save("1-page");
    await explorer.openFile("/tmp/fake/x.h5ad", "/tmp/fake/y.mtx");
    await explorer.mapping.waitFor();
    await save("2-mapping");
    await explorer.mapping.evaluate((d) => d.scrollTo(0, 1e5)); await save("2b-mapping-end");
    await explorer.mapping.getByLabel("Principal components", { exact: true }).fill("13");
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
    await page.waitForTimeout(3500); await save("3-preparing");
    await explorer.alert.waitFor(); await save("4-failed");
    await explorer.mapping.getByLabel("Principal components", { exact: true }).fill("50");
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
    await explorer.mapping.waitFor({ state: "hidden" });
    await page.getByText("How this was prepared").click(); await save("5-prepared"); await page.getByText("How this was prepared").click();
    await explorer.evaluation.locator("summary").click(); await save("6-drawer");
    await explorer.evaluation.getByRole("checkbox").nth(2).check({ force: true });
    if (await explorer.field("Predicted cells").isVisible()) await explorer.field("Predicted cells").fill("500");
    await explorer.button("Train and evaluate").click(); await page.waitForTimeout(2200); await save("7-evaluating");
    await page.getByText(/done/).last().waitFor(); await save("8-evaluated");
    await page.screenshot({ path: `/tmp/fake/shots/9-full-${width}-${colorScheme}.png`, fullPage: true });
  });
}
