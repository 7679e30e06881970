import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const LONGEST_SIDE = 1024;
const TRUECOLOUR = 2;

export interface PngWish {
  readonly width: number;
  readonly height: number;
  /** 24 bits each: the gradient's upper and lower colour. */
  readonly colours: readonly [number, number];
  /** Stored in the file as its description. */
  readonly description: string;
}

/** A PNG with a vertical gradient: bands of colour that compress to a few kilobytes, at most 1,024 pixels long. */
export function gradientPng({ width, height, colours, description }: PngWish): Buffer {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(columns, rows)),
    chunk('iTXt', Buffer.from(`Description\0\0\0\0\0${description}`)),
    chunk('IDAT', deflateSync(pixels(columns, rows, colours))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, TRUECOLOUR, 0, 0, 0], 8);
  return data;
}

function pixels(width: number, height: number, [from, to]: readonly [number, number]): Buffer {
  const stride = 1 + width * 3; // Each row begins with its filter, 0: none.
  const data = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row++) {
    const share = height === 1 ? 0 : row / (height - 1);
    const colour = [16, 8, 0].map((shift) => blend((from >> shift) & 255, (to >> shift) & 255, share));
    data.fill(Buffer.from(colour), row * stride + 1, (row + 1) * stride);
  }
  return data;
}

function blend(from: number, to: number, share: number): number {
  return Math.round(from + (to - from) * share);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
