import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { BatchLane } from '../../common/batch-lane.js';
import type { Statement } from '../../database/dedicated-connection.js';
import { type CallRecord, isMade, rowOf, type VoidCall } from './call-record.js';
import { RecentRecords } from './recent-records.js';
import { UsageConnection } from './usage-connection.js';

const METER: Statement = {
  name: 'meter_model_calls',
  text: 'SELECT call_id, budget_id FROM meter_model_calls($1::json, $2::json)',
};
type SoftLimitRow = [callId: string, budgetId: string];

/** Data exceptions and constraints: one call is at fault, and not the database. */
const FAULT_OF_DATA = /^2[23]/;
const RETRY_MS = 500;
/** At the end, for what aborted calls still have to report. */
const LAST_WORDS_MS = 2_000;

/**
 * Records calls, many at once, and settles what they had reserved in the same transaction. A step that made a call waits
 * for it, so that no result is on the disk whose cost is not.
 */
@Injectable()
export class UsageRecorder implements OnApplicationShutdown {
  private readonly logger = new Logger(UsageRecorder.name);
  private readonly lane: BatchLane<CallRecord | VoidCall, readonly string[]>;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly recent = new RecentRecords<CallRecord | VoidCall>();
  private isClosing = false;

  constructor(private readonly connection: UsageConnection) {
    this.lane = new BatchLane({ flush: (calls) => this.flush(calls), isFaultOfItem: isFaultOfData });
    connection.whenLost(() => this.recordAgain());
  }

  /** Answers the budgets whose soft limit the call's run is to be told of. Tries until the database takes it. */
  async record(call: CallRecord | VoidCall): Promise<readonly string[]> {
    const recorded = this.untilRecorded(call);
    this.underWay.add(recorded);
    return recorded.finally(() => this.underWay.delete(recorded));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([Promise.allSettled(this.underWay), sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    this.isClosing = true;
    await this.connection.close();
  }

  /** A record that is there is left as it is. */
  private recordAgain(): void {
    for (const call of this.recent.take()) this.record(call).catch(() => undefined);
  }

  private async untilRecorded(call: CallRecord | VoidCall): Promise<readonly string[]> {
    for (;;) {
      try {
        const toTell = await this.lane.push(call);
        this.recent.add(call.id, call);
        return toTell;
      } catch (error) {
        this.logger.error({ err: error, call }, 'A model call was not recorded');
        if (isFaultOfData(error)) return [];
        if (this.isClosing) throw error;
      }
      await sleep(RETRY_MS);
    }
  }

  private async flush(calls: ReadonlyArray<CallRecord | VoidCall>): Promise<ReadonlyArray<readonly string[]>> {
    const made = calls.filter(isMade).map(rowOf);
    const unmade = calls.filter((call) => !isMade(call)).map(rowOf);
    const rows = await this.connection.query<SoftLimitRow>(METER, [JSON.stringify(made), JSON.stringify(unmade)]);
    return calls.map(({ id }) => rows.flatMap(([callId, budgetId]) => (callId === id ? [budgetId] : [])));
  }
}

function isFaultOfData(error: unknown): boolean {
  return error instanceof DatabaseError && FAULT_OF_DATA.test(error.code ?? '');
}
