/** What Flux Kontext takes: between 21:9 and 9:21. */
const RATIOS = ['21:9', '16:9', '3:2', '4:3', '1:1', '3:4', '2:3', '9:16', '9:21'] as const;

export type AspectRatio = (typeof RATIOS)[number];

/** The nearest ratio, by factor: 2:1 is as far from 1:1 as 1:2 is. Pure. */
export function aspectRatioOf(width: number, height: number): AspectRatio {
  const wanted = Math.log(width / height);
  const distance = (ratio: AspectRatio) => Math.abs(wanted - logOf(ratio));
  return RATIOS.reduce((nearest, ratio) => (distance(ratio) < distance(nearest) ? ratio : nearest));
}

function logOf(ratio: AspectRatio): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return Math.log(width / height);
}
