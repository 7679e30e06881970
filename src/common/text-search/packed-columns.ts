/** What `array_send` writes before the elements: dimensions, whether there are nulls, type, length, lower bound. */
const HEAD_BYTES = 20;
/** Before each element: its length. */
const LENGTH_BYTES = 4;
const INTEGER_BYTES = 4;
const UUID_BYTES = 16;

/** SQL: a column of many rows as one value, which costs a fraction of a value for each row. It must not be null. */
export function packed(expression: string): string {
  return `array_send(array_agg(${expression}))`;
}

/** Integers packed by {@link packed}. */
export function unpackIntegers(bytes: Buffer | null, count: number): Int32Array {
  const integers = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    integers[at] = bytes?.readInt32BE(HEAD_BYTES + LENGTH_BYTES + at * (LENGTH_BYTES + INTEGER_BYTES)) ?? 0;
  }
  return integers;
}

/** One of the uuids packed by {@link packed}. */
export function unpackUuid(bytes: Buffer, at: number): string {
  const start = HEAD_BYTES + LENGTH_BYTES + at * (LENGTH_BYTES + UUID_BYTES);
  const hex = bytes.toString('hex', start, start + UUID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
