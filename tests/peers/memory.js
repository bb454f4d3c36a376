// What a tab holds after 100 and after 1,000 updates of one training each, in megabytes: node memory.js

import { countMemory, measure, train } from "../e2e/support/soak.js";
import { fixture, withExplorer } from "../e2e/support/world.js";

await withExplorer({ query: "?device=cpu", before: countMemory }, async (explorer, { page }) => {
  await explorer.alive();
  await explorer.openFile(fixture("gzip_csr.h5ad"));
  await explorer.acceptMapping();
  await train(explorer, 100);
  const first = await measure(page);
  await train(explorer, 1000);
  const last = await measure(page);
  console.log(JSON.stringify({ first, last }));
});
