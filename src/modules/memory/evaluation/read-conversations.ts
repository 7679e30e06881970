/** A turn of a conversation, as it is remembered. */
export interface EvalTurn {
  readonly id: string;
  readonly session: string;
  readonly position: number;
  readonly speaker: string | null;
  readonly at: Date | null;
  readonly text: string;
}

export interface EvalQuestion {
  readonly text: string;
  /** The turns that hold the answer. */
  readonly evidence: readonly string[];
}

/** One pool: every question of it is asked of all its turns. */
export interface EvalConversation {
  readonly id: string;
  readonly turns: readonly EvalTurn[];
  readonly questions: readonly EvalQuestion[];
}

type Json = Readonly<Record<string, unknown>>;

const TURNS = ['turns', 'messages', 'dialogue', 'dialog', 'utterances', 'conversation'];
const QUESTIONS = ['questions', 'qa', 'queries', 'qas'];
const EVIDENCE = [
  'evidence',
  'answer_ids',
  'answer_turn_ids',
  'evidence_ids',
  'evidence_turn_ids',
  'turn_ids',
  'turns',
  'relevant',
  'relevant_ids',
  'gold',
  'gold_ids',
  'answer_turns',
  'answers',
  'ids',
];
const DATES = ['at', 'date', 'time', 'timestamp', 'created_at', 'date_time', 'datetime', 'session_date'];

/** Reads JSON Lines, one conversation to a line, or one JSON array; see docs/memory.md for the fields. Pure. */
export function readConversations(text: string): readonly EvalConversation[] {
  const bare = text.replace(/^\uFEFF/, '');
  const lines = bare.trimStart().startsWith('[')
    ? (JSON.parse(bare) as unknown[])
    : bare.split('\n').flatMap(parseLine);
  const rows = lines.filter(isObject);
  const conversations = rows.map((row, at) => ({ row, id: idOf(row, String(at + 1)), turns: turnsOf(row) }));
  return conversations
    .filter(({ turns }) => turns.length > 0)
    .map(({ row, id, turns }) => ({ id, turns, questions: [...questionsOf(row), ...questionsElsewhere(rows, id)] }));
}

function parseLine(line: string, at: number): unknown[] {
  if (line.trim() === '') return [];
  try {
    return [JSON.parse(line)];
  } catch (error) {
    throw new SyntaxError(`Line ${at + 1} is no JSON`, { cause: error });
  }
}

function idOf(row: Json, otherwise: string): string {
  return textOr(first(row, ['id', 'conversation_id', 'sample_id']), otherwise);
}

/** Questions that have lines of their own, and name their conversation. */
function questionsElsewhere(rows: readonly Json[], id: string): readonly EvalQuestion[] {
  const own = rows.filter((row) => turnsOf(row).length === 0 && row['question'] !== undefined);
  return questionsFrom(
    own.filter((row) => String(first(row, ['conversation_id', 'conversation', 'sample_id'])) === id),
  );
}

function questionsOf(row: Json): readonly EvalQuestion[] {
  return questionsFrom(listOf(first(row, QUESTIONS)).filter(isObject));
}

function questionsFrom(rows: readonly Json[]): readonly EvalQuestion[] {
  return rows.flatMap((row) => {
    const text = first(row, ['question', 'q', 'query', 'text']);
    const evidence = idsOf(first(row, EVIDENCE));
    return typeof text === 'string' && evidence.length > 0 ? [{ text, evidence }] : [];
  });
}

/** Ids, or turns that have one; several in one text are told apart by `;`, `,` or blanks. */
function idsOf(value: unknown): readonly string[] {
  const ids = listOf(typeof value === 'string' || typeof value === 'number' ? [value] : value).flatMap((each) => {
    if (isObject(each)) return [textOr(first(each, ['id', 'turn_id', 'dia_id']), '')];
    return String(each).split(/[;,\s]+/);
  });
  return [...new Set(ids.filter((id) => id !== ''))];
}

function turnsOf(row: Json): readonly EvalTurn[] {
  const sessions = row['sessions'];
  if (Array.isArray(sessions)) return sessions.filter(isObject).flatMap(turnsOfSession);
  const talk = first(row, TURNS);
  if (Array.isArray(talk)) return numbered(talk.filter(isObject), 'all', null);
  return isObject(talk) ? turnsByName(talk) : [];
}

function turnsOfSession(session: Json, at: number): readonly EvalTurn[] {
  const turns = listOf(first(session, TURNS)).filter(isObject);
  return numbered(turns, idOf(session, `session ${at + 1}`), first(session, DATES));
}

/** `session_1: [turn, …], session_1_date_time: "…"`. */
function turnsByName(talk: Json): readonly EvalTurn[] {
  return Object.entries(talk).flatMap(([name, turns]) =>
    Array.isArray(turns)
      ? numbered(turns.filter(isObject), name, first(talk, [`${name}_date_time`, `${name}_date`, `${name}_at`]))
      : [],
  );
}

function numbered(turns: readonly Json[], session: string, date: unknown): readonly EvalTurn[] {
  const places = new Map<string, number>();
  return turns.map((turn, at) => {
    const own = textOr(first(turn, ['session', 'session_id']), session);
    const position = places.get(own) ?? 0;
    places.set(own, position + 1);
    const speaker = first(turn, ['speaker', 'role', 'author', 'name', 'from']);
    return {
      id: textOr(first(turn, ['id', 'turn_id', 'dia_id', 'message_id']), `${own}:${at + 1}`),
      session: own,
      position,
      speaker: typeof speaker === 'string' ? speaker : null,
      at: dateOf(first(turn, DATES) ?? date),
      text: textOf(turn),
    };
  });
}

/** With what a picture shows that was sent along. */
function textOf(turn: Json): string {
  const parts = [first(turn, ['text', 'content', 'utterance', 'message']), first(turn, ['blip_caption', 'caption'])];
  return parts.filter((part) => typeof part === 'string').join('\n');
}

/** `8 May 2023`, ISO 8601, milliseconds, or `1:56 pm on 8 May, 2023`. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const [, time, day] = /^(.+?)\s+on\s+(.+)$/.exec(String(value)) ?? [];
  const date = new Date(day === undefined ? value : `${day} ${time} UTC`);
  return Number.isNaN(date.getTime()) ? null : date;
}

function first(row: Json, names: readonly string[]): unknown {
  return names.map((name) => row[name]).find((value) => value !== undefined && value !== null);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
