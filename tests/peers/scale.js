// A million cells of 50 components in a tab: how long until they are drawn, and the memory of the tab's process at its peak.
// Other numbers of cells, or a file of one's own: node scale.js [cells] [file]. Of an .h5ad the components are computed and drawn.

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Explorer } from "../e2e/pages/explorer.js";
import { Scatter } from "../e2e/pages/scatter.js";
import { launch } from "../e2e/support/browser.js";
import { eventually } from "../e2e/support/expect.js";
import { serve } from "../e2e/support/server.js";
import { dist } from "../e2e/support/world.js";
import { writeBundle } from "./bundle.js";
import { cells } from "./cells.js";

const count = Number(process.argv[2] ?? 1_000_000);
const given = process.argv[3];

/** The most memory that the largest of the tab's processes, which holds page and worker, has had, in MB (Linux). */
async function peak(browser) {
  const session = await browser.context.browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return Math.max(...renderers.map(({ id }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1]) / 1e3));
}

const folder = await mkdtemp(path.join(tmpdir(), "peers-"));
const server = await serve(dist);
const browser = await launch();
try {
  const file = given ?? path.join(folder, "large.zip");
  if (!given) await writeBundle(file, cells(count, 50));
  const page = browser.context.pages()[0];
  await page.goto(server.address);
  const explorer = new Explorer(page);
  const scatter = new Scatter(page);
  await explorer.alive();
  const begin = performance.now();
  await explorer.openFile(file);
  const form = {};
  if (given?.endsWith(".h5ad")) {
    await explorer.mapping.waitFor({ timeout: 600_000 });
    Object.assign(form, { form: (performance.now() - begin) / 1000, formPeak: await peak(browser) });
    await explorer.mapping.getByLabel("Display space", { exact: true }).selectOption("components");
    await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
  }
  const label = async () => (await scatter.plot.getAttribute("aria-label").catch(() => null)) ?? "";
  await eventually("the cells", async () => {
    const problem = await explorer.alert.allInnerTexts();
    if (problem.join("")) throw new Error(problem.join(" "));
    return (await label()).replaceAll(",", "").includes(`of ${count} cells`);
  }, { timeout: 3_000_000 });
  await scatter.cellsDrawn(true);
  const seconds = (performance.now() - begin) / 1000;
  console.log(JSON.stringify({ ...form, seconds, peak: await peak(browser) }));
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
