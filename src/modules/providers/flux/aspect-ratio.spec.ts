import { describe, expect, it } from 'vitest';
import { aspectRatioOf } from './aspect-ratio.js';

describe('aspectRatioOf', () => {
  it.each([
    [1024, 1024, '1:1'],
    [1920, 1080, '16:9'],
    [1080, 1920, '9:16'],
    [1024, 768, '4:3'],
    [768, 1024, '3:4'],
    [1200, 800, '3:2'],
    [800, 1200, '2:3'],
    [2560, 1080, '21:9'],
    [1080, 2520, '9:21'],
    [4000, 100, '21:9'],
    [1, 5000, '9:21'],
    [1000, 1001, '1:1'],
  ])('maps %d × %d to %s', (width, height, ratio) => {
    expect(aspectRatioOf(width, height)).toBe(ratio);
  });
});
