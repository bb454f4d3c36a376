// What tests/peers/gpu.sh measures; it says how this is run.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Scatter } from "../e2e/pages/scatter.js";
import { eventually } from "../e2e/support/expect.js";
import { withExplorer } from "../e2e/support/world.js";
import { writeBundle } from "./bundle.js";
import { cells } from "./cells.js";
import { move, watch } from "./frames.js";

const dry = Boolean(process.env.DRY_RUN);
const { SCIMF: scimf, PYTHON: python } = process.env;
const software = /swiftshader|llvmpipe|lavapipe|softpipe|software/i;

/** Studies as `cargo xtask bench` has them, with updates in all, and cells that are moved. */
const studies = dry
  ? [{ name: "small", counts: "20,20,20", updates: 3, moved: 16 }]
  : [
      { name: "small", counts: "300,350,350", updates: 40, moved: 512 },
      { name: "zebrafish size", counts: "3231,3000,3100,3200,3300,3400,3500,3300,3200,3200,3200,3100", updates: 8, moved: 512 },
    ];
/** Milliseconds that a program may take. */
const longest = 90_000;
const points = dry ? 20_000 : 250_000;
/** Milliseconds that a user reads before Start. */
const reading = dry ? 0 : 10_000;

/** Says a line of the table, at once. */
const say = (cells) => console.log(`${dry ? "software adapter: not a measurement: " : ""}| ${cells.join(" | ")} |`);
/** A row; without a figure it stays empty and says why. */
function row(what, figure, unit, note = "") {
  say([what, ...(Number.isFinite(figure) ? [figure.toPrecision(3), unit] : ["", ""]), note]);
}
const median = (seconds) => seconds.toSorted((a, b) => a - b)[seconds.length >> 1];
/** Updates a second, without the first, in which constants of the data are computed and programs are compiled. */
const rate = (seconds) => (seconds.length > 1 ? 1 / median(seconds.slice(1)) : undefined);

/** What a program prints, one JSON object a line; an error is its last words. */
function lines(program, ...options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { timeout: longest });
    let [out, wrong] = ["", ""];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (wrong += data));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal) return reject(new Error(`it was not done within ${longest / 1000} s`));
      if (code === 0) return resolve(out.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)));
      return reject(new Error(wrong.trim().split("\n").at(-1) || `it ended with ${code}`));
    });
  });
}

/** Measures a part; one that fails leaves its rows empty and the others as they are. */
async function part(what, measure) {
  try {
    await measure();
  } catch (error) {
    row(what, undefined, "", String(error.message).split("\n")[0]);
  }
}

/** Notes the seconds of each update and when it came, and when a GPU took a training over; runs before the page's own scripts. */
function tap() {
  globalThis.noted = { seconds: [], at: [], moved: [] };
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", ({ data }) => {
        const { Update, TrainingDevice } = data?.event ?? {};
        const { noted } = globalThis;
        if (Update) noted.at.push(performance.now()), noted.seconds.push(Update.seconds);
        if (TrainingDevice?.device.backend === "Gpu") noted.moved.push(performance.now());
      });
    }
  };
}

/** Refuses a page whose GPU is none. */
async function adapter(page) {
  const name = await page.evaluate(async () => {
    const info = (await navigator.gpu?.requestAdapter())?.info;
    return info ? [info.vendor, info.architecture, info.description, info.isFallbackAdapter ? "software" : ""].join(" ").trim() : "no adapter";
  });
  if (!dry && (name === "no adapter" || software.test(name))) throw new Error(`Chromium offers ${name}: no measurement`);
  return name;
}

async function native({ name, file, updates, moved }) {
  const weights = ["--output", `${file}.safetensors`];
  const events = await lines(scimf, "train", file, "--device", "gpu", "--updates", String(updates), "--cells", String(moved), ...weights, "--json");
  const device = events.find((event) => event.Ready)?.Ready.device.name ?? "a device that it does not name";
  if (!dry && software.test(device)) throw new Error(`wgpu offers ${device}: no measurement`);
  row(`updates a second, command line, ${name}`, rate(events.flatMap(({ Update }) => Update?.seconds ?? [])), "1/s", device);
}

async function torch({ name, file, updates, moved }) {
  const how = ["--updates", String(updates), "--simulated", String(moved), "--device", dry ? "cpu" : "cuda"];
  const updated = await lines(python, "scimf_torch.py", "time", file, ...how);
  row(`updates a second, PyTorch eager and geomloss, ${name}`, rate(updated.map(({ seconds }) => seconds)), "1/s");
}

/** Trains in the page on the GPU alone, or, `unasked`, as a user finds it: there the CPU begins. */
async function browser(unasked) {
  await withExplorer({ gpu: true, query: unasked ? "" : "?device=gpu", demo: "bare", init: tap }, async (explorer, { page }) => {
    await explorer.untrained();
    const offered = await adapter(page);
    for (const { name, file, updates, moved } of unasked ? studies.slice(0, 1) : studies) {
      await explorer.openFile(file);
      await eventually(name, async () => (await page.title()).includes(path.parse(file).name), { timeout: 60_000 });
      await page.waitForTimeout(reading);
      const begin = await page.evaluate(() => (Object.values(globalThis.noted).forEach((list) => list.splice(0)), performance.now()));
      await explorer.startTraining({ updates, cells: moved });
      await explorer.trainingEnded();
      const { seconds, at, moved: over } = await page.evaluate(() => globalThis.noted);
      const how = unasked ? "page, GPU chosen for the user" : "page, GPU alone";
      if (name === "small") row(`first update after Start, ${how}`, (at[0] - begin) / 1000, "s", offered);
      if (unasked) row("the GPU took over after Start", over.length ? (over[0] - begin) / 1000 : undefined, "s", offered);
      else row(`updates a second, page, ${name}`, rate(seconds), "1/s", offered);
    }
  });
}

async function plane(folder) {
  const file = path.join(folder, "cells.zip");
  await writeBundle(file, cells(points, 2));
  await withExplorer({ gpu: true, query: "?device=cpu", init: watch }, async (explorer, { page }) => {
    await explorer.alive();
    const renderer = await page.evaluate(() => {
      const gl = document.createElement("canvas").getContext("webgl2");
      return gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
    });
    if (!dry && software.test(renderer)) throw new Error(`Chromium draws with ${renderer}: no measurement`);
    const scatter = new Scatter(page);
    await explorer.openFile(file);
    const label = async () => (await scatter.plot.getAttribute("aria-label").catch(() => null)) ?? "";
    await eventually("the cells", async () => (await label()).replaceAll(",", "").includes(`of ${points} cells`));
    await scatter.cellsDrawn(true);
    const { frames, points: drawn } = await page.evaluate(move, ["[role=img][aria-label^='Scatter plot']", dry ? 2 : 8]);
    row(`${points} points, pan and zoom`, frames, "frames/s", renderer);
    row("the same, points drawn", drawn / 1e6, "million/s", renderer);
  });
}

say(["", "figure", "unit", "on"]);
say(["---", "---", "---", "---"]);
const folder = await mkdtemp(path.join(tmpdir(), "gpu-"));
try {
  for (const study of studies) {
    study.file = path.join(folder, `${study.name.replaceAll(" ", "-")}.npz`);
    await lines(python, "scimf_torch.py", "make", study.file, "--cells", study.counts);
  }
  for (const study of studies) {
    await part(`updates a second, command line, ${study.name}`, () => native(study));
    await part(`updates a second, PyTorch eager and geomloss, ${study.name}`, () => torch(study));
  }
  await part("the page, GPU alone", () => browser(false));
  await part("the page, GPU chosen for the user", () => browser(true));
  await part(`${points} points`, () => plane(folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}
