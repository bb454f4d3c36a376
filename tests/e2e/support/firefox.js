// A real Firefox, driven through WebDriver BiDi.
//
// The version of Playwright is the last that asks a Firefox ESR for nothing that it does not know.

import { firefox } from "playwright-firefox";

/** Starts Firefox with an empty profile. */
export async function launchFirefox(options = {}) {
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    timeout: 60_000,
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await context.newPage();
  return { context, close: () => browser.close() };
}
