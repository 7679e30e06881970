import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What time it is for whatever is due: the database's clock, so that no two of them differ. */
@Injectable()
export class DatabaseClock {
  async now(manager: EntityManager): Promise<Date> {
    const [row] = await manager.query<{ now: Date }[]>('SELECT clock_timestamp()::timestamptz(3) AS now');
    if (!row) throw new Error('The database does not tell the time');
    return row.now;
  }
}
