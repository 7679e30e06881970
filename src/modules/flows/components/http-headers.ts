const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Visible characters, spaces and tabs: nothing that could end the line (RFC 9110, 5.5). */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Set by whoever makes the connection. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Why a text is no list of headers, one `Name: value` on each line; undefined when it is one. */
export function findHeadersFault(text: string): string | undefined {
  for (const [name, value] of linesOf(text)) {
    if (!NAME.test(name)) return `must hold one header on each line, as in "Accept: application/json"`;
    if (!VALUE.test(value)) return `the value of ${name} has characters that a header cannot have`;
    if (RESERVED.has(name.toLowerCase())) return `${name} cannot be set`;
  }
  return undefined;
}

/** Only for a text without a fault. Names are in lower case; of two with one name the last counts. */
export function parseHeaders(text: string): Record<string, string> {
  return Object.fromEntries(linesOf(text).map(([name, value]) => [name.toLowerCase(), value]));
}

function linesOf(text: string): Array<readonly [name: string, value: string]> {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon === -1 ? 0 : colon).trim(), line.slice(colon + 1).trim()] as const;
    });
}
