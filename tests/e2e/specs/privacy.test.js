// "Your data never leaves this tab": the page's own policy refuses every way out, in the page and in its worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { serveStranger } from "../support/server.js";
import { withExplorer } from "../support/world.js";

/** Tries to send to `address`; tells the name of the failure, or `sent`. */
const send = (address) => fetch(address, { method: "POST", body: "cells" }).then(() => "sent", (error) => error.name);

test("nothing can be sent to another origin", async () => {
  const stranger = await serveStranger();
  try {
    await withExplorer({}, async (_, { page, server }) => {
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
            document.head.append(Object.assign(document.createElement("script"), { textContent: "window.injected = true" }));
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
