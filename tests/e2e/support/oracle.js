// The command line program as the judge of the page's numbers.

import { execFileSync } from "node:child_process";

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
  return execFileSync(process.env.SCIMF ?? "../../target/debug/scimf", args, { encoding: "utf8" });
}
