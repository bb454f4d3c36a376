// Room for what is large, such as a browser's profile: beside what was built. The system's folder for temporary files may be small.

import { mkdir, mkdtemp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where it is. */
export const place = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../target/e2e");

/** Makes an empty folder. Whoever asks for it removes it. */
export async function scratch(name) {
  await mkdir(place, { recursive: true });
  return mkdtemp(path.join(place, `${name}-`));
}
