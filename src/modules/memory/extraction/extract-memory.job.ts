import { Injectable } from '@nestjs/common';
import { runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import type { RunContext, StepContext } from '../../../engine/index.js';
import { MemoryConfig } from '../../../config/config.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../../execution/system/system-job.js';
import { NotAllowedError } from '../../projects/projects.errors.js';
import { NamespaceNotFoundError } from '../memory.errors.js';
import { MemoryModel } from '../model/memory-model.js';
import { mayShow } from '../recall/pii-rule.js';
import { MemorySearch } from '../search/memory-search.service.js';
import type { MemoryHit } from '../search/rank-items.js';
import { EXTRACT_JOB, type Extracted, type ExtractInput, type ExtractOutput, type KnownItem } from './extract-job.js';
import { extractMemory, type ExtractPorts } from './extract-memory.program.js';
import { extractionRequest } from './extraction-request.js';
import { FragmentKeeper } from './fragment-keeper.js';
import { readFacts, turnsAsFacts } from './read-facts.js';

/** To each turn. */
const MAX_RELATED = 12;
const MAX_NEWEST = 12;
/** To each fact. */
const MAX_SAME = 3;
const MAX_QUESTION = 2_000;

/** Makes runs that take fragments out of conversations known. */
@Injectable()
@SystemWork(EXTRACT_JOB)
export class ExtractMemoryJob implements SystemJob<ExtractInput>, ExtractPorts {
  constructor(
    private readonly memory: MemorySearch,
    private readonly model: MemoryModel,
    private readonly keeper: FragmentKeeper,
    private readonly config: MemoryConfig,
  ) {}

  run(ctx: RunContext, input: ExtractInput): Promise<ExtractOutput> {
    return extractMemory(ctx, input, this);
  }

  async known({ ownerId, projectId }: RunContext, input: ExtractInput): Promise<readonly KnownItem[] | null> {
    try {
      const hits = await databaseInStep(() => this.relatedTo(ownerId, input));
      return hits.map((hit) => toKnown(hit, mayShow(hit.item, { projectId }, this.config.piiToModels)));
    } catch (error) {
      if (error instanceof NamespaceNotFoundError || error instanceof NotAllowedError) return null;
      throw error;
    }
  }

  async extract(
    ctx: RunContext,
    step: StepContext,
    { before, turns, model: wish, origin }: ExtractInput,
    known: readonly KnownItem[],
  ): Promise<Extracted> {
    const shown = known.filter(({ is_hidden: isHidden }) => !isHidden);
    const request = extractionRequest({ before, turns }, shown);
    const answer = await this.model.ask(ctx, step, request, { wish, agentId: origin.agent_id });
    const facts = answer === null ? null : readFacts(answer, turns, shown);
    return facts ? { by: 'model', facts } : { by: 'turns', facts: turnsAsFacts(turns) };
  }

  keep(
    ctx: RunContext,
    step: StepContext,
    input: ExtractInput,
    found: Extracted,
    known: readonly KnownItem[],
  ): Promise<ExtractOutput> {
    const keep = async () => {
      const there = [...known, ...(await this.sayingSo(ctx.ownerId, input, found))];
      return this.keeper.keep(ctx.ownerId, input, found, there, step.idempotencyKey);
    };
    return databaseInStep(() => runWithTrace(newTrace(ctx.traceId), keep));
  }

  /** A fact may say in other words than its turn what was known. What this run itself has kept before a crash is not that. */
  private async sayingSo(ownerId: string, { namespace, origin }: ExtractInput, { by, facts }: Extracted) {
    if (by === 'turns') return [];
    const sayings = facts.map(({ content }) => content.slice(0, MAX_QUESTION).toWellFormed()).filter(Boolean);
    const wish = { namespace, limit: MAX_SAME, isByWords: true };
    const found = await Promise.all(sayings.map((q) => this.memory.candidates(ownerId, { ...wish, q })));
    const others = found.flat().filter(({ item }) => item.metadata['run_id'] !== origin.run_id);
    return others.map(({ item }) => toKnown({ item }, false));
  }

  /** By each of the turns, and the newest: what contradicts them may say it in other words. */
  private async relatedTo(ownerId: string, { namespace, turns }: ExtractInput): Promise<readonly MemoryHit[]> {
    await this.keeper.ownerFor(ownerId, namespace);
    const questions = turns.map(({ content }) => content.trim().slice(0, MAX_QUESTION).toWellFormed());
    const found = await Promise.all([
      ...questions.filter(Boolean).map((q) => this.memory.search(ownerId, { q, namespace, limit: MAX_RELATED })),
      this.memory.search(ownerId, { kind: 'fragment', namespace, limit: MAX_NEWEST }),
    ]);
    const hits = new Map(found.flat().map((hit) => [hit.item.id, hit]));
    return [...hits.values()].filter(({ item }) => item.kind !== 'summary');
  }
}

function toKnown(
  { item: { id, kind, content, metadata, saidAt, createdAt, pinned } }: Pick<MemoryHit, 'item'>,
  isShown: boolean,
): KnownItem {
  const at = (saidAt ?? createdAt).toISOString();
  const isHeard = kind === 'fragment' && metadata['source'] === 'conversation';
  return { id, content, at, is_replaceable: isHeard && !pinned, ...(!isShown && { is_hidden: true }) };
}
