import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const DEFLATED = 8;

/** What is in a zip, by path: read from its directory, as most programs do. */
export function unzip(zip: Buffer): Map<string, Buffer> {
  return new Map([...entriesOf(zip)].map(([path, at]) => [path, contentAt(zip, at)]));
}

/** The kind and rights of each file, as Unix writes them: a link would not be of the kind 0o100000. */
export function modesIn(zip: Buffer): Map<string, number> {
  return new Map([...entriesOf(zip)].map(([path, at]) => [path, zip.readUInt16LE(at + 40)]));
}

function* entriesOf(zip: Buffer): Generator<readonly [path: string, at: number]> {
  const end = zip.length - END_BYTES;
  if (zip.readUInt32LE(end) !== END) throw new Error('no end of a zip');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [pathBytes, moreBytes, commentBytes] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place));
    const path = zip.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + pathBytes!);
    yield [path, at];
    at += ENTRY_BYTES + pathBytes! + moreBytes! + commentBytes!;
  }
}

function contentAt(zip: Buffer, entry: number): Buffer {
  const local = zip.readUInt32LE(entry + 42);
  const from = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(from, from + zip.readUInt32LE(entry + 20));
  return zip.readUInt16LE(entry + 10) === DEFLATED ? inflateRawSync(bytes) : bytes;
}
