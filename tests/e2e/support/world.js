// What a test stands on: the served page in a browser, watched for requests to anywhere else and for errors of the page.

import assert from "node:assert/strict";
import path from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { Explorer } from "../pages/explorer.js";
import { launch as launchChromium } from "./browser.js";
import { demos, serve } from "./server.js";

const here = path.dirname(fileURLToPath(import.meta.url));
/** Moving pictures cost a software renderer most of its time. */
const still = { reducedMotion: "reduce" };
/** The folder of the checkout. */
export const root = path.resolve(here, "../../..");

/** The built page. */
export const dist = path.resolve(process.env.DIST ?? path.join(root, "target/web-dist"));
/** A page that computes on the CPU and has nothing to compute before a test opens a study of its own. */
export const bare = { query: "?device=cpu", demo: "bare" };
/** A file of tests/fixtures/h5ad. */
export const fixture = (name) => path.join(root, "tests/fixtures/h5ad", name);
/** A file of the real studies, which lie beside the checkout where they are available. */
export const study = (name) => path.resolve(root, "../shared/data", name);
/** Where pictures go. */
export const screenshots = path.join(root, "target/screenshots");

/**
 * Runs `test` on a freshly opened page and then checks what must hold for every test: no request left the page's own origin, nothing was
 * thrown but what `mayThrow` matches. `query` is the page's URL query and `site` the folder that is served; `init` runs in the page before its own scripts, `before` is done with it
 * before it is opened; `demo` is the name of what stands in the demo's place (`series`, `bare` or `published`); `gpu` gives the browser a software adapter; `launch` starts another browser than Chromium; other options are those of a browser context.
 * The user prefers reduced motion: tests of what moves ask for `reducedMotion: "no-preference"`.
 */
export async function withExplorer(options, test) {
  const opened = await open(options);
  try {
    await test(opened.explorer, opened.world);
    opened.check();
  } finally {
    await opened.close();
  }
}

/**
 * A page for tests whose choices can be undone: the first of them opens it with `options` and `prepare`, and it lasts to the end of the file. Before
 * each other one everything is taken back, the size of the window and the wish for less motion too; on the bare page another study may stay open.
 * What `withExplorer` checks is checked after each. A page of its own follows a test that failed, and one after which not all could be taken back.
 */
export function sharedExplorer(options, prepare = (explorer) => (options.demo === "bare" ? explorer.untrained() : explorer.alive())) {
  let opened, time, study, viewport;
  const close = async () => {
    await opened?.close();
    opened = undefined;
  };
  const takeBack = async () => {
    const { explorer, world } = opened;
    await world.page.setViewportSize(viewport);
    await world.page.emulateMedia(still);
    const same = (await explorer.study.innerText()) === study;
    if (!same && options.demo !== "bare") return close();
    await explorer.takeBack(same ? time : undefined).catch((error) => {
      console.log(`the page is opened anew: ${error.message}`);
      return close();
    });
  };
  after(close);
  return async (test) => {
    try {
      if (opened) await takeBack();
      if (!opened) {
        opened = await open(options);
        const { explorer, world } = opened;
        await prepare(explorer, world);
        [time, study, viewport] = [await explorer.chosenTime(), await explorer.study.innerText(), world.page.viewportSize()];
      }
      await test(opened.explorer, opened.world);
      opened.check();
    } catch (error) {
      await close();
      throw error;
    }
  };
}

/** Opens the page as `withExplorer` says. */
async function open({ query = "", init, before, mayThrow, site = dist, launch = launchChromium, demo = "series", ...options }) {
  const server = await serve(site, undefined, undefined, demos[demo]);
  const browser = await launch({ ...still, ...options });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  const page = browser.context.pages()[0];
  const foreign = [];
  const thrown = [];
  browser.context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== server.origin) foreign.push(request);
  });
  page.on("pageerror", (error) => mayThrow?.test(String(error)) || thrown.push(error));
  const check = () => {
    // What the page's own policy refused never left the browser.
    const left = foreign.filter((request) => request.failure()?.errorText !== "csp").map((request) => request.url());
    assert.deepEqual(left, [], "requests to other origins");
    assert.deepEqual(thrown, [], "errors of the page");
  };
  try {
    // While a software adapter compiles no page is drawn, and a press waits for that.
    if (options.gpu) page.setDefaultTimeout(180_000);
    if (init) await page.addInitScript(init);
    await before?.(page);
    await page.goto(server.address + query);
  } catch (error) {
    await close();
    throw error;
  }
  return { explorer: new Explorer(page), world: { page, server, browser }, check, close };
}
