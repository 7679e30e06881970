import { afterAll, beforeAll } from 'vitest';
import { describeJournal } from '../../src/engine/testing/journal.contract.js';
import { describeRunQueue } from '../../src/engine/testing/run-queue.contract.js';
import type { MakeStores } from '../../src/engine/testing/stores.js';
import { openStoreHouse, type StoreHouse } from '../support/execution-stores.js';

let house: StoreHouse;

beforeAll(async () => {
  house = await openStoreHouse();
});
afterAll(() => house.close());

const makeStores: MakeStores = () => house.makeStores();

describeJournal('PgJournal', makeStores);
describeRunQueue('PgRunQueue', makeStores);
