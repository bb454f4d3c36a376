// What the page keeps on this computer: the list that offers it, and the database behind.

import { eventually } from "../support/expect.js";

export class Kept {
  constructor(page) {
    this.page = page;
    this.recent = page.locator("details.recent");
    this.card = this.recent.locator("section.kept");
    this.offers = this.card.getByRole("listitem");
    this.wish = page.getByRole("checkbox", { name: "Keep what is learned on this computer", includeHidden: true });
    this.words = page.locator("#panel-train .keep p");
  }

  /** Waits until this tab has written a state of at least so many updates. */
  async written(update = 1, timeout = 120_000) {
    const done = async () => Number(/Kept up to \w+ ([\d,]+)/.exec(await this.words.textContent())?.[1]?.replace(",", "") ?? 0);
    return eventually(`update ${update} kept`, async () => (await done()) >= update && done(), { timeout });
  }

  /** Waits until something is offered, and opens the list. */
  async opened() {
    await this.recent.waitFor();
    if ((await this.recent.getAttribute("open")) === null) await this.recent.locator("summary").click();
    await this.card.waitFor();
  }

  async goOn(index = 0) {
    await this.opened();
    await this.offers.nth(index).getByRole("button", { name: "Go on" }).click();
  }

  async forget(index = 0) {
    await this.opened();
    const count = await this.offers.count();
    await this.offers.nth(index).getByRole("button", { name: "Forget", exact: true }).click();
    await this.offers.nth(index).getByRole("button", { name: "Really forget" }).click();
    await eventually("the offer gone", async () => (await this.offers.count()) === count - 1);
  }

  /** The keys in the database, and of each generation its number and words. */
  database() {
    return this.page.evaluate(async () => {
      const ask = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
      const database = await ask(indexedDB.open("scimf-saves"));
      const transaction = database.transaction(["datasets", "generations"]);
      const datasets = await ask(transaction.objectStore("datasets").getAllKeys());
      const keys = await ask(transaction.objectStore("generations").getAllKeys());
      const records = await ask(transaction.objectStore("generations").getAll());
      database.close();
      return { datasets, generations: records.map(({ generation, head }, i) => ({ key: keys[i], generation, head: JSON.parse(head) })) };
    });
  }

  /** Changes the newest generation behind the page's back: flips a bit of its bytes, or gives it another version. */
  async spoil(how) {
    await this.page.evaluate(async (how) => {
      const ask = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
      const database = await ask(indexedDB.open("scimf-saves"));
      const transaction = database.transaction("generations", "readwrite");
      const store = transaction.objectStore("generations");
      const keys = await ask(store.getAllKeys());
      const records = await ask(store.getAll());
      const order = records.map((record, i) => ({ record, key: keys[i] })).sort((a, b) => b.record.generation - a.record.generation);
      for (const { record, key } of how === "version" ? order : order.slice(0, 1)) {
        if (how === "version") record.head = JSON.stringify({ ...JSON.parse(record.head), version: 99 });
        else record.parts[0][record.parts[0].length >> 1] ^= 1;
        await ask(store.put(record, key));
      }
      // A page that is left before takes its changes back.
      await new Promise((resolve, reject) => ((transaction.oncomplete = resolve), (transaction.onabort = () => reject(transaction.error))));
      database.close();
    }, how);
  }
}
