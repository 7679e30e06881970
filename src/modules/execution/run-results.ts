import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseRecord, settlementOf } from '../../engine/index.js';
import { PgBlobStore } from './pg-blob-store.js';

interface ResultRow {
  readonly name: string;
  readonly payload: string;
  readonly record: string;
}

const RESULTS = `SELECT e.name, e.payload::text AS payload, e.record::text AS record
  FROM event_logs e JOIN streams s ON s.id = e.stream
  WHERE s.name = 'run:' || $1::text AND e.name = $2 AND e.record IS NOT NULL ORDER BY e.seq`;

/** Reads what the steps of a run answered, whole, as its journal has it. Who may is asked by its callers. */
@Injectable()
export class RunResults {
  private readonly blobs: PgBlobStore;

  constructor(private readonly database: DataSource) {
    this.blobs = new PgBlobStore(database);
  }

  /** @param event that stands for the results of these steps; answers their values by key */
  async byStep(runId: string, event: string): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.database.query<ResultRow[]>(RESULTS, [runId, event]);
    const results = new Map<string, unknown>();
    for (const row of rows) {
      const record = parseRecord(row);
      const settlement = record && settlementOf(record, row);
      if (settlement?.kind === 'value') results.set(settlement.key, settlement.value);
      if (settlement?.kind === 'blob') results.set(settlement.key, await this.blob(runId, settlement.blobId));
    }
    return results;
  }

  private async blob(runId: string, id: string): Promise<unknown> {
    return JSON.parse(await this.blobs.get(runId, id)) as unknown;
  }
}
