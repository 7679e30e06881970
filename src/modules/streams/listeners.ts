/** Sets of listeners by key, without empty sets left behind. */
export class Listeners<T> {
  readonly #byKey = new Map<string, Set<T>>();

  add(key: string, listener: T): void {
    const set = this.#byKey.get(key);
    if (set) set.add(listener);
    else this.#byKey.set(key, new Set([listener]));
  }

  remove(key: string, listener: T): void {
    const set = this.#byKey.get(key);
    if (set?.delete(listener) && set.size === 0) this.#byKey.delete(key);
  }

  has(key: string | null): boolean {
    return key !== null && this.#byKey.has(key);
  }

  of(key: string | null): Iterable<T> {
    return (key !== null && this.#byKey.get(key)) || [];
  }
}
