// Frames per second: a plane of 250,000 cells that is moved, and 2,000 simulated cells with trails, beside regl-scatterplot.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Explorer } from "../e2e/pages/explorer.js";
import { Scatter } from "../e2e/pages/scatter.js";
import { SimulatePanel } from "../e2e/pages/simulate.js";
import { launch } from "../e2e/support/browser.js";
import { eventually } from "../e2e/support/expect.js";
import { serve } from "../e2e/support/server.js";
import { dist } from "../e2e/support/world.js";
import { writeBundle } from "./bundle.js";
import { cells } from "./cells.js";
import { marks, move, watch } from "./frames.js";

const count = 250_000;
const simulated = 2_000;
const seconds = 8;

const folder = await mkdtemp(path.join(tmpdir(), "peers-"));
const [page, peers] = await Promise.all([serve(dist), serve(import.meta.dirname)]);
const browser = await launch({ gpu: false });
const figures = {};
try {
  const file = path.join(folder, "cells.zip");
  await writeBundle(file, cells(count, 2));

  const tab = await browser.context.newPage();
  await tab.addInitScript(watch);
  await tab.goto(page.address);
  const explorer = new Explorer(tab);
  const scatter = new Scatter(tab);
  await explorer.alive();

  // The demo's model moves as many cells as are asked for.
  const panel = new SimulatePanel(tab);
  await panel.open();
  await panel.field("Number of cells").fill(String(simulated));
  // A few intervals are long enough for trails.
  await panel.field("End at").selectOption({ index: 3 });
  await panel.says(/^2,?000 cells from/);
  await explorer.play(false);
  await explorer.button("Watch on the cells").click();
  figures.simulated = await tab.evaluate(marks, [await explorer.button("Play").elementHandle(), seconds]);
  await explorer.play(false);

  await explorer.openFile(file);
  await eventually("the cells", async () => (await scatter.plot.getAttribute("aria-label").catch(() => "")).includes(String(count)), { timeout: 120_000 });
  await scatter.cellsDrawn(true);
  const [width, height] = await scatter.plot.evaluate((plot) => [plot.clientWidth, plot.clientHeight]);
  Object.assign(figures, await tab.evaluate(move, ["[role=application][aria-label^='Scatter plot']", seconds]));
  await tab.close();

  const peer = await browser.context.newPage();
  await peer.addInitScript(watch);
  await peer.goto(`${peers.address}scatter.html`);
  await peer.waitForFunction(() => window.begin);
  await peer.evaluate((options) => window.begin(options), { count, size: [width, height], radius: 1 });
  const moved = await peer.evaluate(move, ["canvas", seconds]);
  figures.peer_frames = moved.frames;
  figures.peer_points = moved.points;
  await peer.reload();
  await peer.waitForFunction(() => window.begin);
  await peer.evaluate((options) => window.begin(options), { count: simulated, size: [width, height], radius: 3 });
  figures.peer_simulated = await peer.evaluate((seconds) => window.animate(seconds), seconds);
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  await Promise.all([page.close(), peers.close()]);
  await rm(folder, { recursive: true, force: true });
}
