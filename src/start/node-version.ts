/** The oldest Node that everything here was tried with. */
const OLDEST = [22, 18] as const;

/** @returns what to tell somebody whose Node is too old, undefined when it is not */
export function nodeVersionFault(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return (
    `Troupe needs Node ${OLDEST.join('.')} or newer, this is ${version}. Start it with \`npm start\`: \`npm ci\` brings ` +
    'Node 24 along as an optional package (not with --omit=optional), and npm scripts use that.'
  );
}
