/** The trimmed text of a field, `''` when it is absent. */
export function textField(data: Readonly<Record<string, unknown>>, key: string): string {
  const value = data[key];
  return typeof value === 'string' ? value.trim() : '';
}
