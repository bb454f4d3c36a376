// A real Chromium, with or without WebGPU (the software adapter).

import { chromium } from "playwright-core";
import { rm } from "node:fs/promises";
import { scratch } from "./scratch.js";

const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const softwareGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Starts Chromium with an empty profile. Without `gpu` the page finds no adapter. */
export async function launch({ gpu = false, ...options } = {}) {
  const profile = await scratch("profile");
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...flags, ...(gpu ? softwareGpu : [])],
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}
