const MENTION = /@\[([^\][]{1,100})\]/g;

/** As aliases are compared. */
export function aliasKey(alias: string): string {
  return alias.trim().toLowerCase();
}

/** What stands between `@[` and `]`, each once, in order. Pure. */
export function mentionsIn(text: string): string[] {
  const found = new Map<string, string>();
  for (const [, alias = ''] of text.matchAll(MENTION)) {
    if (!found.has(aliasKey(alias))) found.set(aliasKey(alias), alias.trim());
  }
  return [...found.values()];
}

/** What a text says beside whom it is for. Pure. */
export function withoutMentions(text: string): string {
  return text.replaceAll(MENTION, ' ').trim();
}
