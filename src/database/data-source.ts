import { DataSource } from 'typeorm';
import { environmentSchema } from '../config/environment.schema.js';
import { readEnvironment } from '../config/read-environment.js';
import { commonOptions, ENTITY_FILES, MIGRATION_FILES } from './data-source-options.js';

/** For TypeORM's command line only (`typeorm -d dist/src/database/data-source.js`): the database is that of DATABASE_URL. */
const { DATABASE_URL: url } = environmentSchema.pick({ DATABASE_URL: true }).parse(readEnvironment());
if (!url) throw new Error('Set DATABASE_URL; `npm run db` prints one.');

export default new DataSource({ ...commonOptions(url, 2), entities: [ENTITY_FILES], migrations: [MIGRATION_FILES] });
