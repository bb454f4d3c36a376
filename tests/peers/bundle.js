// Dataset bundles of any size (docs/BUNDLE.md).

import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { times, types } from "./cells.js";

/** A `.npy` array of little-endian numbers. */
function npy(array, shape) {
  const kind = { Float32Array: "<f4", Uint16Array: "<u2" }[array.constructor.name];
  const words = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = words.padEnd(64 * Math.ceil((words.length + 11) / 64) - 11) + "\n";
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const head = Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(header)]);
  return [head, Buffer.from(array.buffer, array.byteOffset, array.byteLength)];
}

/** Writes entries, each a list of buffers, into a zip archive without compression. */
async function zip(path, entries) {
  const file = await open(path, "w");
  const directory = [];
  let at = 0;
  const write = async (buffer) => {
    await file.writeFile(buffer);
    at += buffer.length;
  };
  for (const [name, parts] of entries) {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const sum = parts.reduce((crc, part) => crc32(part, crc), 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(sum, 10);
    common.writeUInt32LE(size, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, tail, Buffer.from(name));
    for (const part of [Buffer.from("PK\x03\x04"), common, Buffer.from(name), ...parts]) await write(part);
  }
  const begin = at;
  for (const part of directory) await write(part);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(at - begin, 12);
  end.writeUInt32LE(begin, 16);
  await file.writeFile(end);
  await file.close();
}

/** Writes a bundle of the cells of cells.js, drawn in their first two components. */
export async function writeBundle(path, { states, timeOf, typeOf, dimensions }) {
  const named = (what, count) => Array.from({ length: count }, (_, i) => `${what} ${i + 1}`);
  const manifest = {
    format: "scimf-bundle", version: 1, name: "large", simulated: true,
    time_points: named("day", times), cell_types: named("type", types),
  };
  await zip(path, [
    ["manifest.json", [Buffer.from(JSON.stringify(manifest))]],
    ["states.npy", npy(states, [timeOf.length, dimensions])],
    ["times.npy", npy(timeOf, [timeOf.length])],
    ["cell_types.npy", npy(typeOf, [typeOf.length])],
  ]);
}
