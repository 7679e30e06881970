import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import type { InputFault } from '../../common/errors/domain.error.js';
import type { SaveTaskDto } from './dto/save-task.dto.js';
import type { TaskScheduleDto } from './dto/task-schedule.dto.js';
import type { Task } from './entities/task.entity.js';
import { CronExpression, CronSyntaxError, expressionOf } from './schedule/cron-expression.js';
import { nextDueWithin } from './schedule/task-timing.js';
import { isTimezone } from '../../common/time/zone-offsets.js';
import { NO_RETRY } from './task-retry.js';
import { boundsOf, type TimedFields, timingOf } from './task-timing-of.js';

/** What a user says of a task. */
export type TaskContent = Pick<
  Task,
  | 'name'
  | 'type'
  | 'plan'
  | 'schedule'
  | 'cron'
  | 'timezone'
  | 'target'
  | 'systemPrompt'
  | 'prompt'
  | 'attachments'
  | 'dedicatedContext'
  | 'overlap'
  | 'misfire'
  | 'misfireWindowSeconds'
  | 'jitterMs'
  | 'startAt'
  | 'endAt'
  | 'maxRuns'
  | 'retry'
>;

export const NEW_TASK: TaskContent = {
  name: 'Untitled task',
  type: 'adhoc',
  plan: null,
  schedule: null,
  cron: null,
  timezone: 'UTC',
  target: null,
  systemPrompt: '',
  prompt: '',
  attachments: [],
  dedicatedContext: false,
  overlap: 'skip',
  misfire: 'latest',
  misfireWindowSeconds: 86_400,
  jitterMs: 0,
  startAt: null,
  endAt: null,
  maxRuns: null,
  retry: NO_RETRY,
};

/**
 * Lays what is given over what was there, and checks the whole.
 *
 * @throws {InvalidInputError} with every fault of its timing
 */
export function mergeTask(before: TaskContent, dto: SaveTaskDto): TaskContent {
  const timed = mergeTiming(before, dto);
  const content: TaskContent = {
    ...timed,
    type: dto.type ?? typeOf(timed),
    name: dto.name ?? before.name,
    target: dto.target === undefined ? before.target : dto.target,
    systemPrompt: dto.system_prompt ?? before.systemPrompt,
    prompt: dto.prompt ?? before.prompt,
    attachments: dto.attachments ?? before.attachments,
    dedicatedContext: dto.dedicated_context ?? before.dedicatedContext,
    overlap: dto.overlap ?? before.overlap,
    misfire: dto.misfire ?? before.misfire,
    misfireWindowSeconds: dto.misfire_window_seconds ?? before.misfireWindowSeconds,
    jitterMs: dto.jitter_ms ?? before.jitterMs,
    maxRuns: dto.max_runs === undefined ? before.maxRuns : dto.max_runs,
    retry: dto.retry ? Object.assign({}, dto.retry) : before.retry,
  };
  const faults = [...timingFaults(content), ...typeFaults(content)];
  if (faults.length > 0) throw new InvalidInputError(faults);
  return content;
}

/** Of `POST /tasks/preview`. @throws {InvalidInputError} */
export function readTiming(dto: TaskScheduleDto): TimedFields {
  const timed = mergeTiming(NEW_TASK, dto);
  const content = { ...timed, type: typeOf(timed) };
  const faults = timingFaults(content);
  if (content.type === 'adhoc') faults.push(fault('', 'SCHEDULE_MISSING', 'needs plan, schedule or cron'));
  if (faults.length > 0) throw new InvalidInputError(faults);
  return content;
}

/** Whoever sends one of plan, schedule and cron means that one. */
function mergeTiming(before: TaskContent, dto: TaskScheduleDto): Omit<TimedFields, 'type'> {
  const isRetimed = [dto.plan, dto.schedule, dto.cron].some((given) => given !== undefined && given !== null);
  const kept = isRetimed ? NEW_TASK : before;
  return {
    plan: dto.plan === undefined ? kept.plan : dto.plan && toPlan(dto.plan),
    schedule: dto.schedule === undefined ? kept.schedule : dto.schedule && Object.assign({}, dto.schedule),
    cron: dto.cron === undefined ? kept.cron : dto.cron,
    timezone: dto.timezone ?? before.timezone,
    startAt: dto.start_at === undefined ? before.startAt : toDate(dto.start_at),
    endAt: dto.end_at === undefined ? before.endAt : toDate(dto.end_at),
  };
}

function toPlan(plan: readonly string[]): string[] {
  const instants = new Set(plan.map((instant) => new Date(instant).toISOString()));
  return [...instants].toSorted();
}

function toDate(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}

function typeOf({ plan, schedule, cron }: Omit<TimedFields, 'type'>): Task['type'] {
  if (plan !== null) return 'planned';
  return schedule !== null || cron !== null ? 'scheduled' : 'adhoc';
}

function typeFaults(content: TimedFields): InputFault[] {
  if (content.type === typeOf(content)) return [];
  const needed = { adhoc: 'neither plan nor schedule', planned: 'a plan', scheduled: 'schedule or cron' }[content.type];
  return [fault('/type', 'SCHEDULE_MISMATCH', `${content.type} goes with ${needed}`)];
}

function timingFaults(fields: TimedFields): InputFault[] {
  const { plan, schedule, cron, timezone, startAt, endAt } = fields;
  const faults: InputFault[] = [];
  if ([plan, schedule, cron].filter((given) => given !== null).length > 1) {
    faults.push(fault('', 'SCHEDULE_AMBIGUOUS', 'must hold one of plan, schedule and cron'));
  }
  if (!isTimezone(timezone)) faults.push(fault('/timezone', 'TIMEZONE_UNKNOWN', 'must be an IANA name'));
  if (startAt && endAt && endAt < startAt) faults.push(fault('/end_at', 'BEFORE_START', 'must not be before start_at'));
  faults.push(...cronFaults(fields));
  return faults.length > 0 ? faults : neverFaults(fields);
}

function cronFaults({ schedule, cron }: TimedFields): InputFault[] {
  try {
    if (cron !== null) new CronExpression(cron);
    else if (schedule !== null) new CronExpression(expressionOf(schedule));
    return [];
  } catch (error) {
    if (!(error instanceof CronSyntaxError)) throw error;
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return [fault(cron === null ? '/schedule' : '/cron', 'SCHEDULE_MALFORMED', `is not valid${cause}`)];
  }
}

/** Whether there is any due instant at all, at whatever time; what is over by now is another question. */
function neverFaults(fields: TimedFields): InputFault[] {
  if (typeOf(fields) === 'adhoc') return [];
  const start = fields.startAt?.getTime() ?? EPOCH_MS;
  if (nextDueWithin(timingOf(fields), boundsOf(fields), start - 1) !== undefined) return [];
  const path = { adhoc: '', planned: '/plan', scheduled: fields.cron === null ? '/schedule' : '/cron' }[typeOf(fields)];
  return [fault(path, 'SCHEDULE_NEVER_FIRES', 'can never fire')];
}

/** Years ago, so that whatever comes at all has come since. */
const EPOCH_MS = 0;

function fault(path: string, code: string, message: string): InputFault {
  return { path, code, message };
}
