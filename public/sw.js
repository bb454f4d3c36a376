// Keeps one version of the page, so that it opens without a network. This program knows the files of its version with their hashes
// (they are written in when the page is built) and touches nothing else: it asks for no other address and takes no message but one word.

const VERSION = "{version}";
const FILES = {files};

const prefix = `${registration.scope} `;
const name = prefix + VERSION;
// Many hosts answer index.html with a redirection to its folder.
const address = (file) => new URL(file === "index.html" ? "./" : file, registration.scope);

// All files or none: a host that is in the middle of an update gives files of two versions, and then this version is not kept.
async function keep() {
  const cache = await caches.open(name);
  await Promise.all(
    Object.entries(FILES).map(async ([file, hash]) => {
      const answer = await fetch(address(file), { cache: "no-cache", redirect: "error" });
      const content = answer.ok && (await answer.clone().arrayBuffer());
      if (!content || (await sha256(content)) !== hash) throw new Error(`${file} is not of this version`);
      await cache.put(file, answer);
    }),
  ).catch(async (error) => {
    await caches.delete(name);
    throw error;
  });
}

async function sha256(content) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Older versions go as soon as no other page is open that may still need its engine from them.
async function forget() {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length > 1) return;
  const old = (await caches.keys()).filter((other) => other.startsWith(prefix) && other !== name);
  await Promise.all(old.map((other) => caches.delete(other)));
}

// Loads the page again when the newer version answers for it, and at the latest after two seconds: it may have taken over before this is read.
// A refresh by header would stay on the empty page where the address has a fragment.
const AGAIN = `
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  setTimeout(() => location.reload(), 2000);`;

// A page that loads while a newer version waits is loaded once more as soon as the newer version has taken over. The engine's files carry their
// hash in their names, so an older page that is still open finds its own in its own cache.
async function open() {
  const others = await clients.matchAll({ type: "window" });
  if (registration.waiting && others.length < 2) {
    registration.waiting.postMessage("take over");
    return new Response(`<script>${AGAIN}</script>`, { headers: { "content-type": "text/html" } });
  }
  return answer("index.html");
}

async function answer(file) {
  const known = await (await caches.open(name)).match(file);
  return known ?? (await caches.match(file)) ?? fetch(address(file));
}

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  const scope = new URL(registration.scope);
  if (method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return;
  const file = pathname.slice(scope.pathname.length) || "index.html";
  if (mode === "navigate" && file === "index.html") {
    event.waitUntil(forget());
    event.respondWith(open());
  } else if (Object.hasOwn(FILES, file) || /^worker-[0-9a-f]+(_bg\.wasm|\.js)$/.test(file)) {
    event.respondWith(answer(file));
  }
});
