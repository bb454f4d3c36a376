// Words to the engine's worker before it starts. The page starts it from a blob, in front of which they stand.

/** Runs `script` in each engine before its own; to be asked for before the page is opened. */
export function beforeEngine(page, script) {
  return page.addInitScript((script) => {
    window.Blob = new Proxy(Blob, {
      construct: (Plain, [parts, options]) => new Plain(options?.type === "text/javascript" ? [script, ...parts] : parts, options),
    });
  }, script);
}

/** The engine's clock goes so many times as fast, so that what it does every few seconds comes sooner. */
export const hurried = (times) => (page) => beforeEngine(page, `{ const plain = performance.now.bind(performance); performance.now = () => ${times} * plain(); }`);

/** The engines among a page's workers: not the helpers that an engine starts itself. */
export async function engines(page) {
  const named = page.workers().map(async (worker) => ({ worker, name: await worker.evaluate(() => self.name).catch(() => "parts-") }));
  return (await Promise.all(named)).filter(({ name }) => !name.startsWith("parts-")).map(({ worker }) => worker);
}
