// What a user does with links and types: a ribbon in the hand, and cells that are sorted otherwise.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Attention } from "../pages/attention.js";
import { Export } from "../pages/export.js";
import { Scatter } from "../pages/scatter.js";
import { GenesPanel } from "../pages/simulate.js";
import { accessible, eventually } from "../support/expect.js";
import { sharedExplorer } from "../support/world.js";

const minutes = 60_000;
const shared = sharedExplorer({ query: "?device=cpu" });

/** A place on a ribbon between two types, where nothing lies over it. */
const onRibbon = (attention) =>
  attention.chord.locator(".part:has(.ribbon)").evaluateAll((parts) => {
    for (const part of parts) {
      const [sender, receiver] = part.dataset.part.split(" ");
      const path = part.querySelector(".ribbon");
      const box = path.getBoundingClientRect();
      for (let i = 0; sender !== receiver && i < 2500; i += 1) {
        const [x, y] = [box.x + (box.width * (i % 50)) / 50, box.y + (box.height * Math.floor(i / 50)) / 50];
        if (document.elementFromPoint(x, y)?.closest(".part") === part) return { x, y, part: part.dataset.part };
      }
    }
    return null;
  });

test("a ribbon is dragged, and the future is simulated again over the noise floor", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    await explorer.chooseTime(6);
    const attention = new Attention(explorer);
    await attention.known();
    const { x, y, part } = await onRibbon(attention);
    const width = () => attention.chord.locator(`[data-part="${part}"] .ribbon`).getAttribute("d");
    const before = await width();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 60, { steps: 4 });
    await attention.chord.getByText("160 %: let go to simulate").waitFor();
    assert.notEqual(await width(), before, "the ribbon is as wide as what is held");
    await page.mouse.up();
    const pinned = attention.panel.getByRole("group", { name: "Pinned" });
    const number = pinned.getByLabel("Strength in per cent", { exact: true });
    assert.equal(await number.inputValue(), "160");
    await eventually("what came of it", async () => /hears .* at 160 %: /.test(await explorer.status.first().innerText()), { timeout: 2 * minutes });
    await accessible(page);
    // The number and the keys do the same; 0 % is the mute, and 100 % the model's own.
    await number.fill("0");
    await number.press("Enter");
    await eventually("the mute", async () => /does not hear .*: /.test(await explorer.status.first().innerText()), { timeout: 2 * minutes });
    const slider = pinned.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("End");
    assert.equal(await slider.inputValue(), "300");
    await eventually("three times as much", async () => /hears .* at 300 %: /.test(await explorer.status.first().innerText()), { timeout: 2 * minutes });
    await pinned.getByRole("button", { name: "As the model gives it" }).click();
    await eventually("as it was", async () => /as the model gives it/.test(await explorer.status.first().innerText()));
    // The field that has the focus goes with what is pinned.
    await number.focus();
    await page.keyboard.press("Escape");
    await explorer.openTab("Runs");
    await page.getByRole("region", { name: "Runs" }).getByText(/at 160 %/).first().waitFor();
  });
});

test("types are left out, merged, drawn and put in order; it is undone, and a session keeps it", { timeout: 5 * minutes }, async () => {
  await shared(async (explorer, { page }) => {
    const attention = new Attention(explorer);
    const scatter = new Scatter(page);
    const names = async () => (await scatter.legend.locator(".name").allInnerTexts()).map((name) => name.replace(/^\d+ /, ""));
    const first = await names();
    const dialog = page.getByRole("dialog", { name: "Types of the cells" });
    const edit = async () => {
      await attention.panel.locator(".pick summary").click();
      await attention.panel.getByRole("button", { name: "Edit types…" }).click();
      await dialog.waitFor();
    };
    // Only one type, then two.
    await attention.panel.locator(".pick summary").click();
    await attention.panel.getByRole("button", { name: `Only ${first[0]}` }).click();
    await attention.panel.getByRole("checkbox", { name: new RegExp(first[1]) }).check();
    await page.keyboard.press("Escape");
    assert.equal(await attention.panel.locator(".pick summary").innerText(), `2 of ${first.length} types`);
    await page.locator("footer").click();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await eventually("all types", async () => (await attention.panel.locator(".pick summary").innerText()) === `${first.length} types`);

    await edit();
    await accessible(page);
    await dialog.getByLabel(`Name of ${first[1]}`, { exact: true }).fill(first[0]);
    await dialog.getByText(`Rows with the same name become one type: ${first.length - 1} types of ${first.length}.`).waitFor();
    await dialog.getByRole("button", { name: `Down: ${first[2]}` }).click();
    await dialog.getByRole("checkbox", { name: `Show ${first[4]}` }).uncheck();
    await dialog.getByRole("button", { name: "Use these types" }).click();
    const merged = [first[0], first[3], first[2], ...first.slice(4)];
    await eventually("merged and in order", async () => (await names()).join() === merged.join());
    await eventually("the attention of the merged types", async () => (await explorer.attentionTable()).receivers.length === merged.length - 1, { timeout: minutes });
    await page.locator("footer").click();
    await page.keyboard.press("Control+z");
    await eventually("as it was", async () => (await names()).join() === first.join());
    await page.keyboard.press("Control+Shift+z");
    await eventually("merged again", async () => (await names()).join() === merged.join());

    await scatter.drag([[0.02, 0.12], [0.45, 0.12], [0.45, 0.98], [0.02, 0.98]], { shift: true });
    const drawn = await eventually("a selection", () => scatter.selected(), { timeout: 10_000 });
    await scatter.panel.getByRole("button", { name: "Make a type" }).click();
    await dialog.getByLabel("Name of the selected cells", { exact: true }).fill("left");
    await dialog.getByRole("button", { name: "Use these types" }).click();
    await eventually("a type of its own", async () => (await names())[0] === "left");
    const count = async () => Number((await scatter.legend.locator("li").first().locator(".count").innerText()).match(/\d+/)[0]);
    assert.equal(await count(), drawn);

    const genes = new GenesPanel(page);
    await genes.open();
    await genes.name.fill("simMus01");
    await genes.name.press("Enter");
    await genes.followed.getByText("simMus01").waitFor();
    const folder = await mkdtemp(path.join(tmpdir(), "types-"));
    const session = await new Export(page).session(folder);
    await page.reload();
    await explorer.alive();
    await explorer.openFile(session);
    await eventually("the session's types", async () => (await names())[0] === "left", { timeout: minutes });
    assert.ok((await attention.panel.locator(".pick summary").innerText()).includes(" of "), "one is left out");
    await genes.open();
    await genes.followed.getByText("simMus01").waitFor();
    await rm(folder, { recursive: true });
  });
});
