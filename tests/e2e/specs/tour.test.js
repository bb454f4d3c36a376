// Getting to know the page: a tour of five steps, and an explanation of everything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibleInBoth, eventually } from "../support/expect.js";
import { sharedExplorer } from "../support/world.js";

/** Nothing but the demo's time points is waited for: the tour is there before the demo answers. */
const shared = sharedExplorer({ query: "?tour" }, (explorer) => explorer.untrained());
const tour = (page) => page.locator(".tour");

test("the tour has five steps and can be walked by keyboard", async () => {
  await shared(async (explorer, { page }) => {
    await tour(page).waitFor();
    await eventually("the focus is led there", () => tour(page).evaluate((card) => card.contains(document.activeElement)));
    const titles = [];
    for (let step = 1; step <= 5; step++) {
      await page.getByText(`Step ${step} of 5`).waitFor();
      titles.push(await tour(page).getByRole("heading").innerText());
      assert.equal(await page.locator(".toured").count(), 1, "one part of the page is marked");
      const inside = await tour(page).evaluate((card) => {
        const { left, top, right, bottom } = card.getBoundingClientRect();
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      });
      assert.ok(inside, `step ${step} is within the window`);
      if (step < 5) {
        await tour(page).getByRole("button", { name: "Next" }).focus();
        await page.keyboard.press("Enter");
      }
    }
    assert.equal(new Set(titles).size, 5);
    await tour(page).getByRole("button", { name: "Close" }).press("Enter");
    await tour(page).waitFor({ state: "detached" });
    assert.equal(await page.locator(".toured").count(), 0);
  });
});

test("the tour is taken again from the help, can be left at any time, and does not come by itself then", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.button("Help").click();
    await explorer.button("Take the tour").click();
    await page.getByText("Step 1 of 5").waitFor();
    await tour(page).getByRole("button", { name: "Next" }).click();
    await explorer.chooseTime(2);
    assert.ok(await tour(page).isVisible(), "the page can be used meanwhile");
    await accessibleInBoth(page);
    await page.keyboard.press("Escape");
    await tour(page).waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => localStorage.getItem("scimf-tour")), "seen");
  });
});

test("everything is explained with its formula and its place in the paper", async () => {
  await shared(async (explorer, { page }) => {
    await explorer.alive();
    // The tour of a first visit stands before everything else.
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await help.waitFor();
    assert.ok((await help.locator("kbd").count()) > 10, "it opens with the keys");
    const topics = help.getByRole("navigation").getByRole("listitem").getByRole("button");
    const count = await topics.count();
    assert.equal(count, 20);
    for (let topic = 1; topic < count - 1; topic++) {
      await topics.nth(topic).press("Enter");
      const title = await topics.nth(topic).innerText();
      await help.getByRole("heading", { name: title, level: 3 }).waitFor();
      const { width, height } = await help.locator("math").boundingBox();
      assert.ok(width > 60 && height > 10, `${title}: the formula is drawn`);
      assert.equal(await help.locator("math mi, math mtext, math mo").evaluateAll((all) => all.every((it) => it.namespaceURI.endsWith("MathML"))), true);
      const papers = await help.getByRole("link", { name: /Jiang|von Bassewitz|Yeo|Zhang/ }).evaluateAll((links) => links.map((link) => link.href));
      assert.ok(papers.length > 0, `${title}: a paper is named`);
      for (const address of papers) assert.match(address, /^https:\/\/(doi|arxiv)\.org\//);
    }
    // The last one is the program itself, with what to cite.
    await topics.nth(count - 1).press("Enter");
    const citation = await help.getByLabel("Citation as BibTeX").innerText();
    assert.match(citation, /@misc\{scimf,[\s\S]*@software\{scimf_explorer/);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await help.getByRole("button", { name: "Copy BibTeX" }).press("Enter");
    await help.getByText("The citation was copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), citation);
    await accessibleInBoth(page);
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    for (const [panel, title] of [
      ["Cells", "Velocity"],
      ["Who listens to whom", "Attention"],
      ["Training loss", "Loss"],
    ]) {
      if (panel === "Training loss") await explorer.openTab("Train");
      await explorer.button(`What is this? ${panel}`).press("Enter");
      await help.getByRole("heading", { name: title, level: 3 }).waitFor();
      await help.getByRole("button", { name: "Close" }).click();
      await help.waitFor({ state: "hidden" });
    }
  });
});
