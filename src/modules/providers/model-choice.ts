/** Which provider and model a caller asks for, each half on its own. */
export interface ModelWish {
  readonly providerId?: string | undefined;
  readonly model?: string | undefined;
}

export interface ModelWishes {
  /** Of the node itself. Named explicitly: never replaced, unusable or not. */
  readonly node?: ModelWish | undefined;
  /** Of the component type. Stands only while its provider is usable. */
  readonly type?: ModelWish | undefined;
  /** Of the flow, or of the run. Explicit as well. */
  readonly flow?: ModelWish | undefined;
  /** Of the installation: `DEFAULT_PROVIDER`, else the first usable, else `offline`; with `DEFAULT_MODEL`. */
  readonly installation: { readonly providerId: string; readonly model?: string | undefined };
}

export interface ModelChoice {
  readonly providerId: string;
  /** Undefined: the provider's own default. */
  readonly model: string | undefined;
}

/**
 * Chooses provider and model, each half on its own: the node's, then the type's default, then the flow's, then the
 * installation's. Pure.
 *
 * A type's default provider that has no key is passed over, so that a catalogue made for one vendor runs with any.
 * A default model counts only with the provider it was named for: another has no model of that name.
 */
export function chooseModel(wishes: ModelWishes, isUsable: (providerId: string) => boolean): ModelChoice {
  const typeProvider = wishes.type?.providerId;
  const usableTypeProvider = typeProvider !== undefined && isUsable(typeProvider) ? typeProvider : undefined;
  const providerId =
    wishes.node?.providerId ?? usableTypeProvider ?? wishes.flow?.providerId ?? wishes.installation.providerId;
  return { providerId, model: wishes.node?.model ?? defaultModelFor(providerId, wishes) };
}

/** The same wishes with each provider under its id. Pure. */
export function wishesById(wishes: ModelWishes, idOf: (name: string) => string): ModelWishes {
  const renamed = <W extends ModelWish>(wish: W): W =>
    wish.providerId === undefined ? wish : { ...wish, providerId: idOf(wish.providerId) };
  return {
    node: wishes.node && renamed(wishes.node),
    type: wishes.type && renamed(wishes.type),
    flow: wishes.flow && renamed(wishes.flow),
    installation: renamed(wishes.installation),
  };
}

function defaultModelFor(providerId: string, { type, flow, installation }: ModelWishes): string | undefined {
  if (type?.model !== undefined && type.providerId === providerId) return type.model;
  if (flow?.model !== undefined && (flow.providerId ?? providerId) === providerId) return flow.model;
  return installation.providerId === providerId ? installation.model : undefined;
}
