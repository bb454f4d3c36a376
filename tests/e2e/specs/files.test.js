// Files that cannot be used are refused in words, and the open dataset stays.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { eventually } from "../support/expect.js";
import { bare, fixture, sharedExplorer, study } from "../support/world.js";

const shared = sharedExplorer(bare);

const refused = {
  "bad_nan_in_pca.h5ad": /NaN|not a number|finite/i,
  "bad_not_hdf5.h5ad": /HDF5/i,
  "bad_truncated.h5ad": /truncated|incomplete|cut|end of|damaged/i,
};

test("a bad file shows its message once and keeps the old dataset", { timeout: 5 * 60_000 }, async () => {
  await shared(async (explorer, { page }) => {
    const shown = async () => [await explorer.timeLabels(), await explorer.study.innerText()];
    const before = await shown();
    for (const [name, reason] of Object.entries(refused)) {
      await explorer.dropFile(fixture(name));
      // Some are seen to be bad only when the mapping is applied.
      await eventually(`an answer to ${name}`, async () => (await explorer.alert.isVisible()) || (await explorer.mapping.isVisible()));
      if (await explorer.mapping.isVisible()) {
        await explorer.mapping.getByRole("button", { name: "Open", exact: true }).click();
      }
      await eventually(`the reason for ${name}`, async () => reason.test((await explorer.alert.allTextContents()).join()));
      assert.equal(await explorer.alert.count(), 1, `${name}: one message`);
      if (await explorer.mapping.isVisible()) await page.keyboard.press("Escape");
      assert.deepEqual(await shown(), before, `${name}: the dataset stays`);
      await explorer.alert.getByRole("button").first().click();
      await explorer.alert.waitFor({ state: "hidden" });
    }
  });
});

test("what cannot be guessed is asked for", { timeout: 5 * 60_000 }, async () => {
  await shared(async (explorer) => {
    await explorer.dropFile(fixture("bad_no_time.h5ad"));
    await explorer.mapping.waitFor();
    const open = explorer.mapping.getByRole("button", { name: "Open", exact: true });
    assert.match(await explorer.mapping.getByRole("status").first().innerText(), /at which time/);
    assert.ok(await open.isDisabled(), "nothing is chosen yet");
    await explorer.mapping.getByLabel("Time", { exact: true }).selectOption("cell_type");
    const rows = explorer.mapping.getByRole("list", { name: "Time points in order" }).getByRole("listitem");
    const names = async () => (await rows.locator(".name").allInnerTexts()).map((name) => name.trim());
    const before = await names();
    assert.ok(before.length > 2 && (await open.isEnabled()));
    await explorer.mapping.getByRole("button", { name: "Reverse" }).click();
    assert.deepEqual(await names(), [...before].reverse());
    await rows.first().getByRole("checkbox").click();
    assert.equal(await rows.count(), before.length - 1, "a time point without a tick is left out");
    await explorer.acceptMapping();
    await eventually("the chosen time points", async () => (await explorer.times.count()) === before.length - 1);
  });
});

/** Real studies are not part of the checkout: where they are missing, their tests are skipped and say so. */
const withStudy = (name) => ({ skip: existsSync(study(name)) ? false : `${study(name)} is not here`, timeout: 3 * 60_000 });

test("a study with a latent space opens through it", withStudy("pbmc_21_hours.h5ad"), async () => {
  await shared(async (explorer, { page }) => {
    await explorer.openFile(study("pbmc_21_hours.h5ad"));
    await explorer.mapping.waitFor();
    assert.match(await explorer.mapping.innerText(), /latent_rep/);
    await explorer.acceptMapping();
    await eventually("21 time points", async () => (await explorer.times.count()) === 21);
    assert.equal(await page.getByRole("alert").count(), 0);
  });
});
