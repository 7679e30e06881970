/** How a provider is called. */
export interface ProviderIdentity {
  readonly id: string;
  /** Other names under which requests and the catalogue know it. */
  readonly aliases?: readonly string[];
}

/** The providers of one kind by id and alias, in the order in which they were added. */
export class ProviderTable<P extends { isUsable(): boolean }> {
  private readonly byId = new Map<string, P>();
  private readonly aliasesById = new Map<string, readonly string[]>();
  private readonly idByName = new Map<string, string>();

  /** @param kind names the decorator in messages */
  constructor(private readonly kind: string) {}

  /** @throws {Error} when another provider has one of the names */
  add({ id, aliases = [] }: ProviderIdentity, provider: P): void {
    for (const name of [id, ...aliases]) {
      if (this.idByName.has(name)) throw new Error(`Two classes are @${this.kind}('${name}')`);
      this.idByName.set(name, id);
    }
    this.byId.set(id, provider);
    this.aliasesById.set(id, aliases);
  }

  /** The id behind an alias; an id, or a name that is not known, as it is. */
  idOf(name: string): string {
    return this.idByName.get(name) ?? name;
  }

  /** By id or alias, usable or not. */
  find(name: string): P | undefined {
    return this.byId.get(this.idOf(name));
  }

  aliasesOf(id: string): readonly string[] {
    return this.aliasesById.get(id) ?? [];
  }

  isUsable(name: string): boolean {
    return this.find(name)?.isUsable() ?? false;
  }

  listUsable(): ReadonlyArray<readonly [id: string, provider: P]> {
    return [...this.byId].filter(([, provider]) => provider.isUsable());
  }
}
