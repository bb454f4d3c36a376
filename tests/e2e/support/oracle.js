// The command line program as the judge of the page's numbers.

import { execFileSync } from "node:child_process";
import path from "node:path";

/** What `scimf <arguments> --json` prints. */
export function scimf(...args) {
  return JSON.parse(run(...args, "--json"));
}

/** Trains from `seed` on the CPU with no time point held out and gives the path of the weights, `output`. */
export function train(file, output, { updates, cells, seed }) {
  const settings = ["--updates", updates, "--cells", cells, "--seed", seed].map(String);
  run("train", file, "--device", "cpu", ...settings, "--output", output);
  return output;
}

/** What `scimf <arguments>` prints. */
export function run(...args) {
  return runIn(".", ...args);
}

/** What `scimf <arguments>` prints in a folder. */
export function runIn(folder, ...args) {
  const program = path.resolve(process.env.SCIMF ?? "../../target/debug/scimf");
  return execFileSync(program, args, { cwd: folder, encoding: "utf8" });
}
