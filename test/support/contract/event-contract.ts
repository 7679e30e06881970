import { readRepositoryFile } from '../repository-file.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { closed, createAjv, faultsOf, type Schema } from './schemas.js';

interface Catalogue {
  readonly events: Readonly<Record<string, { readonly streams: readonly string[]; readonly schema: Schema }>>;
}

export interface GivenEvent {
  readonly type: string;
  readonly data: unknown;
  readonly stream?: string | undefined;
}

/** Holds events against events.json: a type that the stream carries, with the data it says. */
export class EventContract {
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly catalogue = JSON.parse(readRepositoryFile('events.json')) as Catalogue;

  constructor() {
    const ajv = createAjv();
    for (const [type, { schema }] of Object.entries(this.catalogue.events)) {
      this.validators.set(type, ajv.compile(closed(schema) as object));
    }
  }

  /** @throws {Error} telling all that the catalogue does not say */
  check(event: GivenEvent): void {
    const faults = this.faultsOf(event);
    if (faults.length > 0) throw new Error(`${event.type}: ${faults.join('; ')}\n${JSON.stringify(event)}`);
  }

  faultsOf({ type, data, stream }: GivenEvent): string[] {
    const validate = this.validators.get(type);
    if (!validate) return ['a type that the catalogue does not know'];
    const kind = stream?.split(':')[0];
    const { streams } = this.catalogue.events[type]!;
    // Whoever follows a user or a group is told of its runs too, under the run's own stream.
    const isElsewhere = kind !== undefined && !streams.includes(kind);
    return [...(isElsewhere ? [`not of a stream of the kind ${kind}`] : []), ...faultsOf(validate, data)];
  }
}
