import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { median } from '../support/median.js';
import { MemorySite } from './memory-site.js';
import { readConversations } from '../../src/modules/memory/evaluation/read-conversations.js';
import { type RecallFigures, recallOf } from './recall.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { baselines: { type: 'boolean', default: false } },
});
const [file] = positionals;
if (file === undefined) throw new Error('Usage: npm run eval:memory -- FILE [--baselines]');

const average = (all: readonly RecallFigures[], of: (one: RecallFigures) => number) =>
  all.reduce((sum, one) => sum + of(one), 0) / all.length;

function line(name: string, all: readonly RecallFigures[]): string {
  const [at5, at10] = [average(all, (one) => one.at5), average(all, (one) => one.at10)];
  const ms = median(all.map((one) => one.ms));
  return `${name}: recall@5 ${at5.toFixed(3)}, recall@10 ${at10.toFixed(3)}, ${all.length} questions, p50 ${ms.toFixed(1)} ms\n`;
}

await withCleanUp(async (onEnd) => {
  const database = await BenchDatabase.start();
  onEnd(() => database.stop());
  const site = await MemorySite.open(database.url);
  onEnd(() => site.close());
  const all = new Map<string, RecallFigures[]>();
  const show = (talk: string, ranking: string, figures: readonly RecallFigures[]) =>
    process.stdout.write(line(values.baselines ? `${talk}, ${ranking}` : talk, figures));
  for (const talk of readConversations(readFileSync(file, 'utf8'))) {
    if (talk.questions.length === 0) continue;
    for (const [ranking, figures] of Object.entries(await recallOf(site, talk, values.baselines))) {
      show(talk.id, ranking, figures);
      all.set(ranking, [...(all.get(ranking) ?? []), ...figures]);
    }
  }
  if (all.size === 0) throw new Error(`${file} has no conversation with questions: docs/memory.md says what is read`);
  for (const [ranking, figures] of all) show('all', ranking, figures);
});
