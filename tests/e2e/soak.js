// `node soak.js [updates] [clicks]`: one tab, 3,000 updates and 10,000 clicks, with its memory written out as it goes. Ends with 1 if what it
// holds has grown after the first tenth.

import { Explorer } from "./pages/explorer.js";
import { launchAlone } from "./support/browser.js";
import { serve } from "./support/server.js";
import { click, countMemory, grown, measure, train } from "./support/soak.js";
import { dist, fixture } from "./support/world.js";

const [updates, clicks] = [Number(process.argv[2] ?? 3000), Number(process.argv[3] ?? 10_000)];
const ROUNDS = 10;

const server = await serve(dist);
const browser = await launchAlone();
const page = browser.context.pages()[0];
await countMemory(page);
await page.goto(`${server.address}?device=cpu`);
const explorer = new Explorer(page);
await explorer.alive();
await explorer.openFile(fixture("gzip_csr.h5ad"));
await explorer.acceptMapping();

const found = [];
console.log("updates\tclicks\tJS heap MB\tpage MB\tengine MB\telements\tlisteners");
for (let round = 1; round <= ROUNDS; round += 1) {
  await train(explorer, updates / ROUNDS);
  await click(explorer, clicks / ROUNDS);
  const now = await measure(page);
  found.push(now);
  const numbers = [now.heap, now.page, now.engine].map((value) => value.toFixed(1));
  console.log([(updates * round) / ROUNDS, (clicks * round) / ROUNDS, ...numbers, now.nodes, now.listeners].join("\t"));
}
await browser.close();
await server.close();

const [first, last] = [found[0], found[ROUNDS - 1]];
const more = grown(first, last);
console.log(more.length ? `grown: ${more.join(", ")}` : "flat");
process.exitCode = more.length ? 1 : 0;
