import { describe, expect, it } from 'vitest';
import { readConversations } from './read-conversations.js';

const TURN = { id: 't1', speaker: 'Ada', at: '2024-05-01T10:00:00Z', text: 'Hello.' };
const EXPECTED = { id: 't1', speaker: 'Ada', position: 0, text: 'Hello.' };

describe('readConversations', () => {
  it.each([
    { id: 'c', turns: [{ ...TURN, session: 's' }], questions: [{ question: 'Who?', answer_ids: ['t1'] }] },
    { conversation_id: 'c', messages: [TURN], qa: [{ q: 'Who?', evidence: 't1' }] },
    {
      id: 'c',
      sessions: [{ date: '1 May 2024', turns: [{ dia_id: 't1', role: 'Ada', content: 'Hello.' }] }],
      queries: [{ query: 'Who?', turns: [{ id: 't1' }] }],
    },
    {
      sample_id: 'c',
      conversation: {
        session_1_date_time: '10:00 am on 1 May, 2024',
        session_1: [{ dia_id: 't1', speaker: 'Ada', text: 'Hello.' }],
      },
      qa: [{ question: 'Who?', evidence: ['t1'] }],
    },
  ])('reads the spelling %#', (row) => {
    const [talk] = readConversations(JSON.stringify(row));
    expect(talk).toMatchObject({ id: 'c', turns: [EXPECTED], questions: [{ text: 'Who?', evidence: ['t1'] }] });
    expect(talk?.turns[0]?.at?.toISOString().slice(0, 10)).toBe('2024-05-01');
  });

  it('reads questions in lines of their own, and leaves out those without evidence', () => {
    const lines = [
      { id: 'c', turns: [TURN], questions: [{ question: 'Nobody knows?', evidence: [] }] },
      { conversation_id: 'c', question: 'Who?', evidence: ['t1'] },
    ];
    const [talk] = readConversations(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(talk?.questions).toEqual([{ text: 'Who?', evidence: ['t1'] }]);
  });

  it('takes a byte order mark and Windows lines, and says which line it cannot read', () => {
    const line = JSON.stringify({ id: 'c', turns: [TURN], questions: [] });
    expect(readConversations(`\uFEFF${line}\r\n\r\n`)).toMatchObject([{ id: 'c' }]);
    expect(() => readConversations(`${line}\n{`)).toThrow('Line 2');
  });
});
