// Runs the specs, three at a time. A test that fails runs once more by itself, since browsers on two busy cores can starve each other: only
// what fails again has failed, and what passed then is named at the end. Many that fail are no matter of luck, and are not tried again.

import { readdir } from "node:fs/promises";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const LUCK = 6;
/** Specs at once. Much of a spec is waiting, also on two cores. */
const LANES = 3;
/** Specs that take longest: they come first, so that no lane waits for the other at the end. */
const LONG = ["train", "cell-mnn", "models", "soak", "autosave", "evidence", "verdict", "attention", "offline", "names"];
const folder = path.join(import.meta.dirname, "specs");
const names = (await readdir(folder)).filter((name) => name.endsWith(".test.js")).sort();
const long = LONG.map((name) => `${name}.test.js`);
const specs = [...long, ...names.filter((name) => !long.includes(name))].map((name) => path.join(folder, name));

/** Runs tests of `files` and gives how many passed, and those that failed: `{ name, file }`. */
async function pass(options) {
  const failed = [];
  let passed = 0;
  const events = run({ forceExit: true, ...options });
  events.on("test:pass", ({ nesting, skip }) => (passed += nesting === 0 && skip === undefined));
  events.on("test:fail", ({ nesting, name, file }) => nesting === 0 && failed.push({ name, file }));
  const reporter = events.compose(new spec());
  reporter.pipe(process.stdout);
  await new Promise((resolve) => reporter.on("end", resolve));
  return { passed, failed };
}

/** A pattern of this name alone. */
const exactly = (name) => new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

const first = await pass({ files: specs, concurrency: LANES });
const [starved, failed] = [[], []];
for (const { name, file } of first.failed) {
  if (first.failed.length > LUCK) {
    failed.push(name);
    continue;
  }
  console.log(`\nonce more, alone: ${name}`);
  const again = await pass({ files: [file], concurrency: 1, testNamePatterns: [exactly(name)] });
  (again.passed === 1 && again.failed.length === 0 ? starved : failed).push(name);
}
for (const name of starved) console.log(`passed only alone: ${name}`);
for (const name of failed) console.log(`failed: ${name}`);
console.log(`end to end: ${first.passed + starved.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 || first.passed === 0 ? 1 : 0);
