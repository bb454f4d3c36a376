// A static host as plain as they come: no headers of its own, so what holds is what the page itself says.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const bundle = (name) => readFile(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)));

/** What may stand in the place of the demo. Most specs are about a series of snapshots with trained attention; a bare one has nothing to compute. */
export const demos = { series: await bundle("demo_series.zip"), bare: await bundle("bundle_python.zip"), published: null };

/** Gives another demo, whose hash the service worker knows. */
function withDemo(demo, name, body) {
  if (demo === null) return body;
  if (name === "demo.zip") return demo;
  const hash = createHash("sha256").update(demo).digest("hex");
  if (name === "sw.js") return Buffer.from(String(body).replace(/("demo\.zip":\s*)"[0-9a-f]+"/, `$1"${hash}"`));
  return body;
}

const mediaTypes = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

async function listen(handler) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    handler(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { origin, requests, close };
}

/**
 * Serves `folder` under `prefix`, which ends with a slash; everything else is not found. `change` may give another content for a file; `demo` is
 * one of `demos`.
 */
export async function serve(folder, prefix = "/some/sub/path/", change = (_, body) => body, demo = demos.series) {
  const server = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const name = pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) || "index.html" : null;
    try {
      const file = await readFile(path.join(folder, path.normalize(`/${name}`)));
      const body = change(name, withDemo(demo, name, file));
      response.writeHead(200, { "content-type": mediaTypes[path.extname(name)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return { ...server, address: server.origin + prefix };
}

/** Another origin that would gladly take data: it allows every request and remembers it. */
export function serveStranger() {
  return listen((_, response) => response.writeHead(200, { "access-control-allow-origin": "*" }).end("taken"));
}
