/** All ways in which a secret may stand in JSON text: as it is, escaped, URL-encoded, or within base64. */
export function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, encodeURIComponent(secret), ...base64FormsOf(secret)])];
}

/**
 * Base64 of a longer text that contains the secret, wherever it starts: three alignments, each cut to the characters
 * that depend on the secret alone.
 */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const end = Math.floor((bytes.length * 8) / 6);
    const base64 = bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), end);
    return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
