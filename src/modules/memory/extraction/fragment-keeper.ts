import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { idFrom } from '../../../common/ids/id.js';
import type { Owned } from '../../projects/access-policy.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { ItemRows } from '../items/item-rows.js';
import { draftOf, type MemoryDraft } from '../items/memory-draft.js';
import { MemoryReplacements } from '../items/memory-replacements.js';
import { MemoryStreams } from '../memory-streams.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { decideFacts, type KeptFact } from './decide-facts.js';
import type { Extracted, ExtractInput, ExtractOutput, KnownItem } from './extract-job.js';

/** Remembers what was taken out of conversations. */
@Injectable()
export class FragmentKeeper {
  constructor(
    private readonly owners: NamespaceOwners,
    private readonly rows: ItemRows,
    private readonly streams: MemoryStreams,
    private readonly replacements: MemoryReplacements,
  ) {}

  /** @throws {NamespaceNotFoundError} @throws {NotAllowedError} */
  ownerFor(userId: string, namespace: Namespace): Promise<Owned> {
    return this.owners.ownerFor(userId, namespace, 'write');
  }

  /** @param key the same key again changes nothing */
  async keep(
    userId: string,
    input: ExtractInput,
    found: Extracted,
    known: readonly KnownItem[],
    key: string,
  ): Promise<ExtractOutput> {
    const owned = await this.ownerFor(userId, input.namespace);
    const said = new Map(input.turns.map(({ turn, at }) => [turn, at]));
    const decision = decideFacts(found.facts, known, said);
    const drafts = decision.kept.map(({ fact, replacedBy }, index) => ({
      ...draftOf(owned, input.namespace, fieldsOf(fact, input, found.by, replacedBy), new Date()),
      id: idFrom(`${key}:${index}`, userId),
    }));
    const replaced = decision.kept.flatMap(({ replaces }) => replaces);
    await this.write(userId, drafts, decision.kept);
    return { by: found.by, saved: drafts.map(({ id }) => id), replaced, known: decision.known };
  }

  private write(userId: string, drafts: readonly MemoryDraft[], kept: readonly KeptFact[]): Promise<void> {
    return this.streams.commit(userId, async (manager) => {
      const ids = drafts.map(({ id }) => id);
      if (await isThere(manager, ids)) return { change: 'saved', items: [], answer: undefined };
      await this.rows.writeIn(manager, drafts);
      const pairs = drafts.flatMap(({ id }, index) => pairsOf(id, kept[index]));
      const ended = await this.replacements.replaceIn(manager, pairs);
      const items = await manager.findBy(MemoryItem, { id: In(ids) });
      return { change: 'saved', items, also: [{ change: 'changed', items: ended }], answer: undefined };
    });
  }
}

function pairsOf(id: string, kept: KeptFact | undefined): Array<{ older: string; newer: string }> {
  const older = (kept?.replaces ?? []).map((old) => ({ older: old, newer: id }));
  return kept?.replacedBy === undefined ? older : [...older, { older: id, newer: kept.replacedBy }];
}

async function isThere(manager: EntityManager, ids: readonly string[]): Promise<boolean> {
  return ids.length === 0 || manager.existsBy(MemoryItem, { id: In(ids) });
}

function fieldsOf(
  { content, turn, tags, pii, importance }: KeptFact['fact'],
  { origin, turns }: ExtractInput,
  by: Extracted['by'],
  replacedBy: string | undefined,
) {
  const said = turns.find((one) => one.turn === turn);
  const { run_id, session_id, agent_id } = origin;
  const metadata = {
    source: 'conversation',
    extracted_by: by,
    run_id,
    turn,
    ...(session_id !== null && { session_id }),
    ...(agent_id !== null && { agent_id }),
    ...(said && { speaker: said.speaker, at: said.at }),
  };
  const expiresAt = replacedBy === undefined ? null : new Date();
  return { kind: 'fragment' as const, content, tags, pii, importance, metadata, expiresAt };
}
