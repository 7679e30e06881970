import { z } from 'zod';
import type { Fact, KnownItem, SaidTurn } from './extract-job.js';
import { MAX_FACTS } from './extraction-request.js';
import { findPii } from './find-pii.js';

const MAX_CONTENT = 2_000;
/** Of a turn that is kept as it is. */
const MAX_TURN = 20_000;
const MAX_LABELS = 10;
const MAX_LABEL = 100;
const TURN_IMPORTANCE = 0.3;

const labels = z.array(z.string()).default([]);
const ANSWER = z.object({
  facts: z.array(
    z.object({
      content: z.string(),
      turn: z.number().optional(),
      tags: labels,
      pii: labels,
      importance: z.number().default(0.5),
      replaces: z.array(z.number()).default([]),
    }),
  ),
});
const FENCED = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i;

/** What a model answered; null when it is of no use. Pure. */
export function readFacts(text: string, turns: readonly SaidTurn[], known: readonly KnownItem[]): Fact[] | null {
  const parsed = ANSWER.safeParse(fromJson(FENCED.exec(text)?.[1] ?? text));
  if (!parsed.success) return null;
  const numbers = new Set(turns.map(({ turn }) => turn));
  return parsed.data.facts.slice(0, MAX_FACTS).map((fact) => {
    const content = fact.content.trim().slice(0, MAX_CONTENT).toWellFormed();
    return {
      content,
      turn: fact.turn !== undefined && numbers.has(fact.turn) ? fact.turn : (turns[0]?.turn ?? 0),
      tags: cleaned(fact.tags),
      pii: cleaned([...fact.pii, ...findPii(content)]),
      importance: Math.min(1, Math.max(0, fact.importance)),
      replaces: fact.replaces.flatMap((number) => known[number - 1]?.id ?? []),
    };
  });
}

/** Where no model says what is worth knowing, all that was said is kept. Pure. */
export function turnsAsFacts(turns: readonly SaidTurn[]): Fact[] {
  return turns
    .filter(({ content }) => content.trim() !== '')
    .map(({ turn, content }) => ({
      content: content.slice(0, MAX_TURN).toWellFormed(),
      turn,
      tags: [],
      pii: findPii(content.slice(0, MAX_TURN)),
      importance: TURN_IMPORTANCE,
      replaces: [],
    }));
}

function cleaned(texts: readonly string[]): readonly string[] {
  const short = texts.map((text) => text.trim().toLowerCase().slice(0, MAX_LABEL).toWellFormed());
  return [...new Set(short.filter((text) => text !== ''))].slice(0, MAX_LABELS);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
