/**
 * One-dimensional arrays in PostgreSQL's binary format. node-postgres sends a Buffer as a binary parameter, which
 * spares the escaping of array literals here and their parsing there.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html and `array_recv` in PostgreSQL's sources:
 * dimensions, has-nulls, element type, length, lower bound, then each element as its size (-1: null) and bytes
 */
const HEADER_BYTES = 20;
const SIZE_BYTES = 4;
const NULL_SIZE = -1;

const OID = { int8: 20, int4: 23, text: 25, json: 114, float8: 701, timestamptz: 1184, uuid: 2950 } as const;

/** PostgreSQL counts instants in microseconds from the start of 2000. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0);

export type Nullable<T> = readonly (T | null)[];

export function textArray(values: Nullable<string>): Buffer {
  return stringArray(OID.text, values);
}

/** Of JSON texts; PostgreSQL refuses the whole statement when one is malformed. */
export function jsonArray(values: Nullable<string>): Buffer {
  return stringArray(OID.json, values);
}

export function int4Array(values: Nullable<number>): Buffer {
  return fixedArray(OID.int4, 4, values, (buffer, value, offset) => buffer.writeInt32BE(value, offset));
}

/** Of safe integers. */
export function int8Array(values: Nullable<number>): Buffer {
  return fixedArray(OID.int8, 8, values, writeInt8);
}

export function float8Array(values: Nullable<number>): Buffer {
  return fixedArray(OID.float8, 8, values, (buffer, value, offset) => buffer.writeDoubleBE(value, offset));
}

export function timestampArray(values: Nullable<Date>): Buffer {
  return fixedArray(OID.timestamptz, 8, values, (buffer, value, offset) =>
    writeInt8(buffer, (value.getTime() - POSTGRES_EPOCH_MS) * 1_000, offset),
  );
}

/** Of 32 hexadecimal digits each, with or without hyphens. */
export function uuidArray(values: Nullable<string>): Buffer {
  return fixedArray(OID.uuid, 16, values, writeUuid);
}

function writeInt8(buffer: Buffer, value: number, offset: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  buffer.writeInt32BE(high, offset);
  buffer.writeUInt32BE(value - high * 0x1_0000_0000, offset + 4);
}

function writeUuid(buffer: Buffer, value: string, offset: number): void {
  const hex = value.length === 36 ? value.replaceAll('-', '') : value;
  if (hex.length !== 32 || buffer.write(hex, offset, 16, 'hex') !== 16) throw new RangeError(`not a uuid: ${value}`);
}

function fixedArray<T>(
  oid: number,
  bytes: number,
  values: Nullable<T>,
  write: (buffer: Buffer, value: T, offset: number) => void,
): Buffer {
  const nulls = values.reduce((count, value) => (value === null ? count + 1 : count), 0);
  const size = HEADER_BYTES + values.length * (SIZE_BYTES + bytes) - nulls * bytes;
  const buffer = Buffer.allocUnsafe(size);
  let offset = writeHeader(buffer, oid, values.length, nulls > 0);
  for (const value of values) {
    offset = buffer.writeInt32BE(value === null ? NULL_SIZE : bytes, offset);
    if (value === null) continue;
    write(buffer, value, offset);
    offset += bytes;
  }
  return buffer;
}

function stringArray(oid: number, values: Nullable<string>): Buffer {
  let size = HEADER_BYTES;
  let hasNulls = false;
  for (const value of values) {
    size += SIZE_BYTES + (value === null ? 0 : Buffer.byteLength(value));
    hasNulls ||= value === null;
  }
  const buffer = Buffer.allocUnsafe(size);
  let offset = writeHeader(buffer, oid, values.length, hasNulls);
  for (const value of values) offset = writeString(buffer, value, offset);
  return buffer;
}

function writeString(buffer: Buffer, value: string | null, offset: number): number {
  const start = offset + SIZE_BYTES;
  const written = value === null ? NULL_SIZE : buffer.write(value, start, 'utf8');
  buffer.writeInt32BE(written, offset);
  return value === null ? start : start + written;
}

/** An empty array has one dimension of length 0, which PostgreSQL takes as empty. */
function writeHeader(buffer: Buffer, oid: number, length: number, hasNulls: boolean): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNulls ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  return buffer.writeInt32BE(1, 16);
}
