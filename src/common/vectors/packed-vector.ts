/** What `array_send` writes before the elements, and before each element. */
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const ELEMENT_BYTES = 8;

/** An array of `real` as `array_send` writes it. */
export function unpackReals(bytes: Buffer): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reals = new Float32Array(Math.max(0, bytes.byteLength - HEAD_BYTES) / ELEMENT_BYTES);
  for (let at = 0; at < reals.length; at += 1) {
    reals[at] = view.getFloat32(HEAD_BYTES + LENGTH_BYTES + at * ELEMENT_BYTES);
  }
  return reals;
}

/** Of the same direction and of length 1, so that products of two are cosines. Nothing stays nothing. */
export function unitVector(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}

/** Of two of the same size. */
export function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
