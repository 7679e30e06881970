const FINAL_TEXT_FRAME = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** A whole text message of a server as one WebSocket frame (RFC 6455, section 5.2): unmasked, unfragmented. */
export function wsTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < LENGTH_IN_16_BITS ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = FINAL_TEXT_FRAME;
  if (header === 2) frame[1] = length;
  else if (header === 4) frame.writeUInt16BE(length, frame.writeUInt8(LENGTH_IN_16_BITS, 1));
  else frame.writeBigUInt64BE(BigInt(length), frame.writeUInt8(LENGTH_IN_64_BITS, 1));
  frame.write(text, header);
  return frame;
}
