import { describe, expect, it } from 'vitest';
import { Replay } from './replay.js';

const at = new Date(0);

describe(Replay.name, () => {
  it('counts holders that died, also the one that died before its first row', () => {
    const rows = [
      { seq: 1, name: 'execution.started', payload: '{}', record: '{"k":"started:2","emit":true}', at },
      { seq: 2, name: 'execution.claimed', payload: '{"epoch":3}', record: null, at },
    ];
    expect(Replay.of(rows).takeovers).toBe(2);
  });

  it('counts no takeover where the first holder started the run', () => {
    expect(Replay.of([{ seq: 1, name: 'execution.started', payload: '{}', record: null, at }]).takeovers).toBe(0);
  });
});
