// One tab for a long time: what it holds must not grow with what is done in it.

import { eventually } from "./expect.js";
import { beforeEngine } from "./worker.js";

const MEGABYTE = 1 << 20;

/** Remembers the memory of every WebAssembly program. */
const remember = `
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const plain = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await plain.apply(WebAssembly, given);
      (self.memories ??= []).push((made.instance ?? made).exports.memory);
      return made;
    };
  }`;

/** Counts the bytes of every WebAssembly memory, in the page and in its worker; to be done before the page is opened. */
export async function countMemory(page) {
  await beforeEngine(page, remember);
  await page.addInitScript(remember);
}

/** Megabytes of the page's JavaScript heap after a collection, its elements, and the two WebAssembly memories. */
export async function measure(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
  await session.detach();
  const bytes = (place) => place.evaluate(() => (self.memories ?? []).reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
  const [worker] = page.workers();
  return { heap: usedSize / MEGABYTE, page: (await bytes(page)) / MEGABYTE, engine: worker ? (await bytes(worker)) / MEGABYTE : NaN, nodes, listeners: jsEventListeners };
}

/** What has grown from one measurement to a later one. Memories of programs never shrink, so what they are allowed is little. */
export function grown(first, last) {
  const most = { heap: (was) => 1.25 * was + 1, page: (was) => 1.1 * was + 0.25, engine: (was) => 1.1 * was + 0.25 };
  const bound = (key) => (most[key] ?? ((was) => 1.1 * was + 2))(first[key]);
  return Object.keys(first).filter((key) => last[key] > bound(key)).map((key) => `${key} from ${first[key]} to ${last[key]}`);
}

/** Clicks through the page in turns: time points, models, panels of the drawer, selections. */
export async function click(explorer, count) {
  const { page } = explorer;
  const times = await explorer.times.count();
  const tabs = await page.getByRole("tab").all();
  for (let i = 0; i < count; i += 1) {
    switch (i % 4) {
      case 0:
        await explorer.times.nth((i / 4) % times).click({ force: true });
        break;
      case 1:
        await tabs[((i - 1) / 4) % tabs.length].click();
        break;
      case 2:
        await explorer.chooseModel(["scIMF", "Cell-MNN"][((i - 2) / 4) % 2]);
        break;
      default:
        await page.keyboard.press("Escape");
    }
  }
}

/** Trains so many updates on what is open. */
export async function train(explorer, updates) {
  await explorer.chooseModel("scIMF");
  await explorer.startTraining({ updates, cells: 16 });
  await eventually("the training began", async () => !(await explorer.startButton.isEnabled()));
  await eventually("the training ended", () => explorer.startButton.isEnabled(), { timeout: Math.max(300_000, updates * 5000) });
}
