import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { type SharedEvent, SharedStreamWriter } from '../streams/shared-stream-writer.js';
import { StreamHub } from '../streams/stream-hub.js';
import { streamName } from '../streams/stream-name.js';
import { BehaviorProfiles, type CurrentRules, type ProfileHolder } from './behavior-profiles.js';
import { RuleNotFoundError, RulesConflictError } from './behavior.errors.js';
import type { AdjustBehaviorDto } from './dto/adjust-behavior.dto.js';
import type { AdjustedBehaviorDto } from './dto/behavior-response.dto.js';
import { type Adjustment, conflictReport, readAdjustment, sizeFaults } from './rules/adjustment.js';
import { diffRules, isSame } from './rules/diff-rules.js';
import { type MergedRules, mergeRules } from './rules/merge-rules.js';
import type { Rule } from './rules/rule.js';

interface Proposal {
  readonly rules: readonly Rule[];
  readonly conflicts?: MergedRules['conflicts'];
  readonly restoredFrom?: number;
}

/** Changes profiles: each change is a version, with its event, in one transaction. */
@Injectable()
export class BehaviorEditor {
  constructor(
    private readonly database: DataSource,
    private readonly profiles: BehaviorProfiles,
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @param editorId a user, or an operator
   * @throws {InvalidInputError} with all that is wrong
   * @throws {RuleNotFoundError} when that is ids only
   * @throws {RulesConflictError} with the report
   */
  adjust(editorId: string, holder: ProfileHolder, dto: AdjustBehaviorDto): Promise<AdjustedBehaviorDto> {
    return this.edit(editorId, holder, dto.dry_run, ({ rules }) => {
      const now = new Date();
      const adjustment = readAdjustment(dto, holder, rules, now);
      const merged = mergeRules(rules, adjustment.change, now);
      assertSound(adjustment, merged);
      if (!dto.dry_run) assertWithoutConflict(adjustment, merged);
      return merged;
    });
  }

  /** @throws {BehaviorVersionNotFoundError} */
  rollback(editorId: string, holder: ProfileHolder, version: number): Promise<AdjustedBehaviorDto> {
    return this.edit(editorId, holder, false, async ({ profile }, manager) => {
      const { rules } = await this.profiles.versionIn(manager, profile.id, version);
      return { rules, restoredFrom: version };
    });
  }

  private async edit(
    editorId: string,
    holder: ProfileHolder,
    isDryRun: boolean,
    propose: (current: CurrentRules, manager: EntityManager) => Proposal | Promise<Proposal>,
  ): Promise<AdjustedBehaviorDto> {
    const [answer, events] = await this.database.transaction(async (manager) => {
      const current = await this.profiles.lockIn(manager, holder);
      const proposal = await propose(current, manager);
      const answer = answerOf(holder, current, proposal, isDryRun);
      const isChange = proposal.restoredFrom !== undefined || !isSame(answer.changes);
      if (isChange && !isDryRun) answer.version = await this.saveIn(manager, editorId, current, proposal);
      await this.idempotency.answerIn(manager, answer);
      const told = isChange && !isDryRun ? await this.tellIn(manager, editorId, holder, answer, proposal) : [];
      return [answer, told] as const;
    });
    this.hub.publish(events);
    return answer;
  }

  private saveIn(manager: EntityManager, authorId: string, { profile }: CurrentRules, proposal: Proposal) {
    const { rules, restoredFrom = null } = proposal;
    return this.profiles.saveIn(manager, profile, { rules, authorId, restoredFrom });
  }

  /** Users by an event; what operators do stands in the audit trail. */
  private async tellIn(
    manager: EntityManager,
    editorId: string,
    holder: ProfileHolder,
    answer: AdjustedBehaviorDto,
    { restoredFrom }: Proposal,
  ) {
    const { version } = answer;
    if (holder.kind === 'system') {
      await this.audit.done(manager, { action: 'behavior.updated', details: { version } });
      return [];
    }
    return this.shared.appendIn(manager, [eventOf(editorId, answer, restoredFrom)]);
  }
}

function assertSound({ change, faults, missing }: Adjustment, merged: MergedRules): void {
  const invalid = [...faults, ...sizeFaults(merged)];
  if (invalid.length > 0) throw new InvalidInputError([...invalid, ...missing, ...conflictReport(merged, change)]);
  if (missing.length > 0) throw new RuleNotFoundError(missing);
}

function assertWithoutConflict({ change }: Adjustment, merged: MergedRules): void {
  if (merged.conflicts.length > 0) throw new RulesConflictError(conflictReport(merged, change));
}

function answerOf(
  holder: ProfileHolder,
  { profile, rules: before }: CurrentRules,
  { rules, conflicts = [] }: Proposal,
  isDryRun: boolean,
): AdjustedBehaviorDto {
  const projectId = holder.kind === 'project' ? holder.id : null;
  const changes = diffRules(before, rules);
  return { version: profile.version, project_id: projectId, dry_run: isDryRun, rules, changes, conflicts };
}

function eventOf(
  userId: string,
  { version, project_id: projectId, changes }: AdjustedBehaviorDto,
  restoredFrom: number | undefined,
): SharedEvent {
  const data = {
    version,
    project_id: projectId,
    added: changes.added.length,
    updated: changes.updated.length,
    removed: changes.removed.length,
    ...(restoredFrom !== undefined && { restored_from: restoredFrom }),
  };
  const payload = JSON.stringify(data);
  const owner = { ownerId: userId, projectId, traceId: currentTraceId() };
  return { stream: streamName('user', userId), type: 'behavior.update', payload, ...owner };
}
