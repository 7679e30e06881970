type NodeData = Readonly<Record<string, unknown>>;

/** The trimmed text of a field, `''` when it is absent. */
export function textField(data: NodeData, key: string): string {
  const value = data[key];
  return typeof value === 'string' ? value.trim() : '';
}

/** The trimmed tags of a field, empty ones left out. */
export function tagsField(data: NodeData, key: string): string[] {
  const value = data[key];
  const tags = Array.isArray(value) ? value.filter((tag) => typeof tag === 'string') : [];
  return tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

/** The number of a field, undefined when it is absent. */
export function numberField(data: NodeData, key: string): number | undefined {
  const value = data[key];
  return typeof value === 'number' ? value : undefined;
}
