// Bytes of the two programs, script and wasm together, as they are and compressed.

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { dist } from "../e2e/support/world.js";

const sizes = {};
const names = await readdir(dist);
for (const program of ["ui", "worker"]) {
  const files = names.filter((name) => name.startsWith(`${program}-`) && /\.(js|wasm)$/.test(name));
  if (files.length !== 2) throw new Error(`${dist} should hold a script and a wasm of ${program}: ${files}`);
  const contents = await Promise.all(files.map((name) => readFile(path.join(dist, name))));
  const total = (compress) => contents.map((content) => compress(content).length).reduce((a, b) => a + b);
  sizes[`${program}_raw`] = total((content) => content);
  sizes[`${program}_gzip`] = total((content) => gzipSync(content, { level: 9 }));
  sizes[`${program}_brotli`] = total((content) =>
    brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }),
  );
}
console.log(JSON.stringify(sizes));
