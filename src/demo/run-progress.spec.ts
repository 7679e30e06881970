import { describe, expect, it } from 'vitest';
import type { EventDataByType, EventType, TroupeEvent } from '../../clients/typescript/src/index.js';
import { RunProgress } from './run-progress.js';

const RUN = { run_id: '019a0000-0000-7000-8000-000000000001' };

type Data<T extends EventType> = Omit<EventDataByType[T], 'run_id'>;

function event<T extends EventType>(seq: number, type: T, data: Data<T>): TroupeEvent {
  // The parts of one type, which the compiler cannot put together again.
  return { type, data: { ...RUN, ...data }, seq, at: new Date(1_000 * seq).toISOString() } as unknown as TroupeEvent;
}

function chunk(offset: number, text: string): TroupeEvent {
  return { type: 'agent.token', data: { ...RUN, step: 'node:write', attempt: 1, offset, text } };
}

function begun(): RunProgress {
  const progress = new RunProgress(['write']);
  progress.apply(event(1, 'execution.started', {}), 0);
  progress.apply(event(2, 'execution.node.status', { node_id: 'write', status: 'running' }), 0);
  return progress;
}

describe('RunProgress', () => {
  it('joins chunks, also those that it had before', () => {
    const progress = begun();
    for (const piece of [chunk(0, 'one '), chunk(4, 'two '), chunk(0, 'one two '), chunk(8, 'three')])
      progress.apply(piece, 0);
    expect(progress.nodes.get('write')?.text).toBe('one two three');
  });

  it('starts a text again with a new attempt', () => {
    const progress = begun();
    progress.apply(chunk(0, 'lost'), 0);
    progress.apply(event(3, 'execution.node.status', { node_id: 'write', status: 'retrying', reason: 'why' }), 0);
    progress.apply(chunk(0, 'kept'), 0);
    expect(progress.nodes.get('write')).toMatchObject({ status: 'retrying', reason: 'why', text: 'kept' });
  });

  it('ends with what the last event says, timed by the server', () => {
    const progress = begun();
    progress.apply(event(3, 'execution.completed', { outputs: { write: { text: 'done' } } }), 0);
    expect(progress.end).toEqual({ status: 'completed', outputs: { write: { text: 'done' } }, durationMs: 2_000 });
  });

  it('tells why a run failed', () => {
    const progress = begun();
    const error = { code: 'FLOW_FAILED', message: 'No output was reached' };
    progress.apply(event(3, 'execution.node.failed', { node_id: 'write', error }), 0);
    progress.apply(event(4, 'execution.failed', { error }), 0);
    expect(progress.nodes.get('write')).toMatchObject({
      status: 'failed',
      reason: 'FLOW_FAILED: No output was reached',
    });
    expect(progress.end).toMatchObject({ status: 'failed', error, outputs: {} });
  });
});
