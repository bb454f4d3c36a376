// The command line program as the judge of the page's numbers.

import { execFileSync } from "node:child_process";

/** What `scimf <arguments> --json` prints. */
export function scimf(...args) {
  const text = execFileSync(process.env.SCIMF ?? "../../target/debug/scimf", [...args, "--json"], { encoding: "utf8" });
  return JSON.parse(text);
}
