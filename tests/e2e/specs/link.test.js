// A link opens a study of the page's own folder, and what it shows leaves again: as AnnData, as a report, as a link.

import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Export } from "../pages/export.js";
import { eventually } from "../support/expect.js";
import { run, train } from "../support/oracle.js";
import { scratch } from "../support/scratch.js";
import { bare, dist, fixture, withExplorer } from "../support/world.js";

test("a published study opens by its link and leaves as AnnData and as a report", async () => {
  const folder = await scratch("site");
  const site = path.join(folder, "page");
  await cp(dist, site, { recursive: true });
  const weights = train(fixture("gzip_csr.h5ad"), path.join(folder, "w.safetensors"), { updates: 1, cells: 8, seed: 0 });
  const link = run("publish", fixture("gzip_csr.h5ad"), "--weights", weights, "--into", site, "--name", "small", "--view", "time=day+10").trim();
  const query = link.replace("#", "&device=cpu#");
  try {
    await withExplorer({ site, query }, async (explorer, { page }) => {
      await eventually("the study", async () => (await explorer.times.count()) === 3);
      await eventually("its time point", () => explorer.times.nth(2).isChecked());
      assert.match(page.url(), /data=studies%2Fsmall.zip|data=studies\/small.zip/);

      await explorer.openTab("Train");
      await eventually("weights", () => explorer.button("Save as .h5ad").isEnabled());
      const [download] = await Promise.all([page.waitForEvent("download", { timeout: 120_000 }), explorer.button("Save as .h5ad").click()]);
      const saved = path.join(folder, "saved.h5ad");
      await download.saveAs(saved);
      assert.equal(JSON.parse(run("info", saved, "--json")).cells, 240);

      const leaves = new Export(page);
      await leaves.open();
      const report = await leaves.report();
      assert.match(report.name, /-report\.html$/);
      assert.match(report.bytes.toString(), /<svg[\s\S]*@misc\{scimf/);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await explorer.button("Copy link").press("Enter");
      await leaves.dialog.getByText("The link was copied.", { exact: false }).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
      await page.keyboard.press("Escape");

      // The gallery beside it leads to the same study.
      await page.goto(new URL("studies/index.html", page.url()).href);
      await page.getByRole("link", { name: "gzip_csr" }).click();
      await eventually("the study again", async () => (await explorer.times.count()) === 3);

      // Another study is not what the link says.
      await explorer.dropFile(fixture("gzip_csr.h5ad"));
      await explorer.acceptMapping();
      assert.doesNotMatch(page.url(), /data=/);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a link to elsewhere is refused in words, and the demo opens", async () => {
  for (const data of ["../secret.zip", "https://example.org/a.zip", "studies/missing.zip"]) {
    await withExplorer({ ...bare, query: `?device=cpu&data=${encodeURIComponent(data)}` }, async (explorer) => {
      await explorer.alert.getByText(data, { exact: false }).waitFor();
      await explorer.opened("My study");
    });
  }
});
