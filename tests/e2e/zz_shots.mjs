import { CellMnn } from "./pages/cell_mnn.js";
import { withExplorer } from "./support/world.js";
const epochs = Number(process.env.EPOCHS ?? 40);
const [w, h] = (process.env.SIZE ?? "1440x900").split("x").map(Number);
const colorScheme = process.env.SCHEME ?? "light";
const only = process.env.ONLY?.split(",");
await withExplorer({ query: "?device=cpu", viewport: { width: w, height: h }, colorScheme }, async (explorer, { page }) => {
  page.on("console", (m) => m.type() === "error" && console.log("console:", m.text()));
  const save = async (n, full = false) => { const f = `/tmp/mnn_shots/${n}-${w}-${colorScheme}.png`; await page.screenshot({ path: f, fullPage: full }); console.log(f); };
  await explorer.alive();
  const c = new CellMnn(explorer);
  await c.choose("Cell-MNN");
  await save("untrained");
  const t0 = Date.now();
  await c.fit({ epochs });
  console.log("trained in", (Date.now() - t0) / 1000, await explorer.status.first().innerText());
  await save("train");
  await page.getByRole("button", { name: "Close the drawer" }).click();
  await c.known(c.operator, "operator");
  await page.waitForTimeout(1500);
  await save("operator");
  await c.view("Eigenvalues");
  await c.known(c.plane, "plane");
  await page.waitForTimeout(500);
  await save("eigenvalues");
  await c.view("Over time");
  await c.known(c.course, "course");
  await page.waitForTimeout(500);
  await save("course");
  await c.view("Operator");
  await explorer.field("Colour by").selectOption("growth");
  await page.waitForTimeout(3000);
  await save("growth");
  await explorer.openTab("Genes");
  await page.getByRole("img", { name: /strongest link/ }).waitFor({ timeout: 60000 }).catch((e) => console.log("genes", e.message));
  await page.waitForTimeout(500);
  await save("genes", true);
  const target = await page.getByRole("table", { name: "Strongest gene interactions", includeHidden: true }).locator("tbody tr td:nth-of-type(3)").first().textContent().catch(() => null);
  console.log("target", target);
  if (target) {
    await c.gene("Why does this gene change?", target.trim(), "Explain");
    await page.waitForTimeout(1500);
    await save("why", true);
  }
  await explorer.openTab("Simulate");
  await page.waitForTimeout(8000);
  await save("simulate", true);
  await explorer.openTab("Experiments");
  if (target) {
    await c.gene("Gene to set", target.trim(), "Set");
    await page.waitForTimeout(3000);
  }
  await save("perturbation", true);
  await explorer.openTab("Evaluate");
  await save("evaluate", true);
}).catch((e) => console.log("ERR", e));
