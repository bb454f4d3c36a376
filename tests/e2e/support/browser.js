// A real Chromium, with or without WebGPU (the software adapter).

import { chromium } from "playwright-core";
import { rm } from "node:fs/promises";
import { scratch } from "./scratch.js";

/** What Playwright switches off, and the menus of the address bar, each of which would be a page of its own in every window. */
const off = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];
const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${off.join(",")}`,
];
/** What gives a page a GPU: that of the machine, if `GPU_FLAGS` says how, else a software adapter. */
const gpuFlags = process.env.GPU_FLAGS?.split(" ") ?? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** How a Chromium is started. Without `gpu` the page finds no adapter. */
const start = (gpu) => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [...flags, ...(gpu ? gpuFlags : [])],
});
const plain = { viewport: { width: 1440, height: 900 }, acceptDownloads: true };

/** The browsers that tests of this process share, by whether they have a GPU; `pages` counts the open ones. */
const shared = new Map();
/** How long a browser waits for the next test, in milliseconds. */
const PATIENCE = 2000;

async function borrow(gpu) {
  if (!shared.get(gpu)?.browser.isConnected()) shared.set(gpu, { browser: await chromium.launch(start(gpu)), pages: 0 });
  const lent = shared.get(gpu);
  lent.pages += 1;
  return lent;
}

/** Without a test that goes on with it a browser ends, and lets the process end. */
function giveBack(gpu, lent) {
  lent.pages -= 1;
  setTimeout(() => {
    if (lent.pages > 0 || shared.get(gpu) !== lent) return;
    shared.delete(gpu);
    lent.browser.close();
  }, PATIENCE);
}

/**
 * Opens an empty page in Chromium that knows nothing of others: a context of a browser that the tests of this process share. No service worker is
 * started, which would fetch every file once more.
 */
export async function launch({ gpu = false, ...options } = {}) {
  const lent = await borrow(gpu);
  const context = await lent.browser.newContext({ ...plain, serviceWorkers: "block", ...options });
  await context.newPage();
  const close = async () => {
    await context.close();
    giveBack(gpu, lent);
  };
  return { context, close };
}

/** Starts a Chromium of its own with an empty profile on the disk, for what is about the browser itself: what it keeps, its service worker, its end. */
export async function launchAlone({ gpu = false, ...options } = {}) {
  const profile = await scratch("profile");
  const context = await chromium.launchPersistentContext(profile, { ...start(gpu), ...plain, ...options });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}
