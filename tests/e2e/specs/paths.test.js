// The paths that are walked most, each in at most three actions of the user.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Export } from "../pages/export.js";
import { ExperimentsPanel } from "../pages/simulate.js";
import { eventually } from "../support/expect.js";
import { fixture, withExplorer } from "../support/world.js";

const minutes = 60_000;

/** Does the actions one after the other; there may be three. */
async function walk(name, ...actions) {
  assert.ok(actions.length <= 3, `${name} takes ${actions.length} actions`);
  for (const action of actions) await action();
}

test("dropping, mapping, training, a time point, comparing, removing a type and exporting take three actions at most", { timeout: 10 * minutes }, async () => {
  await withExplorer({ query: "?device=cpu" }, async (explorer, { page }) => {
    await explorer.alive();

    const experiments = new ExperimentsPanel(page);
    await experiments.open();
    await experiments.small();
    await explorer.tab("Experiments").click();
    await walk(
      "removing a type",
      () => explorer.tab("Experiments").click(),
      () => experiments.button("Remove type").click(),
      () => experiments.run.click(),
    );
    await experiments.ended();
    await explorer.tab("Experiments").click();
    // Any type, not only the one that is proposed: where it is shown, with the mouse and with the keyboard.
    const kind = (name) => page.getByRole("region", { name: "Cells", exact: true }).getByLabel("Colours", { exact: true }).getByRole("button", { name });
    const done = (what) => page.getByText(new RegExp(`${what}; from`)).waitFor({ timeout: 3 * minutes });
    await walk(
      "removing any type",
      () => kind(/5 Stroma/).click(),
      () => page.getByRole("button", { name: "Run without it" }).first().click(),
    );
    await done("Remove Stroma");
    await walk(
      "removing any type by keyboard",
      () => kind(/3 Epithelium/).focus(),
      () => page.keyboard.press("Delete"),
    );
    await done("Remove Epithelium");
    await page.keyboard.press("Escape");
    await explorer.tab("Experiments").click();

    await walk("a time point", () => explorer.times.nth(6).click({ force: true }));
    assert.ok(await explorer.times.nth(6).isChecked());

    const attention = new Attention(explorer);
    await attention.known();
    await walk("comparing", () => attention.compare.selectOption({ index: 3 }));
    await page.getByRole("table", { name: /change/i }).first().waitFor();

    const leaves = new Export(page);
    let file;
    await walk(
      "exporting",
      () => leaves.open(),
      async () => (file = await leaves.svg()),
    );
    assert.match(file.name, /\.svg$/);
    await page.keyboard.press("Escape");

    await walk(
      "dropping and mapping",
      () => explorer.dropFile(fixture("gzip_csr.h5ad")),
      () => explorer.mapping.getByRole("button", { name: "Open", exact: true }).click({ timeout: 2 * minutes }),
    );
    await eventually("the study", async () => (await explorer.times.count()) === 3);

    await walk(
      "training",
      () => explorer.tab("Train").click(),
      () => explorer.startButton.click(),
    );
    await eventually("updates", async () => (await explorer.updatesDone()) > 0, { timeout: 3 * minutes });
    await explorer.button("Stop").click();
    await explorer.trainingEnded();
  });
});
