/** E-mail and user name as they are compared: without regard to case or to the way a letter is composed. */
export function toKey(identifier: string): string {
  return identifier.normalize('NFKC').toLowerCase();
}
