// A static host as plain as they come: no headers of its own, so what holds is what the page itself says.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";

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

/** Serves `folder` under `prefix`, which ends with a slash; everything else is not found. `change` may give another content for a file. */
export async function serve(folder, prefix = "/some/sub/path/", change = (_, body) => body) {
  const server = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const name = pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) || "index.html" : null;
    try {
      const body = change(name, await readFile(path.join(folder, path.normalize(`/${name}`))));
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
