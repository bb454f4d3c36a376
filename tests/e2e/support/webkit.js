// A real WebKit (WebKitGTK's MiniBrowser), driven through WebDriver. It needs a screen, which Xvfb gives it.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { eventually } from "./expect.js";

/** Name of the key under which WebDriver hands out elements. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs `test` with a page of a fresh WebKit at `address`. */
export async function withWebKit(address, test) {
  const port = await freePort();
  const screen = ["-a", "-s", "-screen 0 1440x900x24", process.env.WEBKIT_DRIVER ?? "WebKitWebDriver", `--port=${port}`];
  const driver = spawn("xvfb-run", screen, { stdio: "ignore", detached: true, env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } });
  let failed;
  driver.on("error", (error) => (failed = error));
  const call = async (method, path, body) => {
    const options = { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json" } };
    const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, options)).json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    await eventually("WebKitWebDriver", async () => {
      if (failed) throw failed;
      return call("GET", "/status").then(() => true, () => false);
    });
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { args: ["--automation"] } } };
    const { sessionId } = await call("POST", "/session", { capabilities });
    const page = new Page((method, path, body) => call(method, `/session/${sessionId}${path}`, body));
    await page.send("POST", "/window/rect", { width: 1440, height: 900 });
    await page.send("POST", "/url", { url: address });
    await test(page);
    await call("DELETE", `/session/${sessionId}`);
  } finally {
    // The driver, its screen and what it started.
    process.kill(-driver.pid);
  }
}

/** A page, by CSS selectors and scripts. */
class Page {
  constructor(send) {
    this.send = send;
  }

  /** What a function says in the page. */
  evaluate(script, ...args) {
    return this.send("POST", "/execute/sync", { script: `return (${script})(...arguments);`, args });
  }

  /** Clicks the first element of a selector. */
  async click(selector) {
    await this.send("POST", `/element/${await this.#find(selector)}/click`, {});
  }

  /** Types into the first element of a selector; a file input takes a path. */
  async type(selector, text) {
    await this.send("POST", `/element/${await this.#find(selector)}/value`, { text });
  }

  async #find(selector) {
    return (await this.send("POST", "/element", { using: "css selector", value: selector }))[ELEMENT];
  }
}
