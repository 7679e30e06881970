import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { SchemaChecks } from '../schema-checks.js';
import { callContext, toolOf } from '../testing/tools.js';
import { ToolCalls } from '../tool-calls.js';
import type { ToolCatalogue } from '../tool-catalogue.js';
import { type AnyTool, type ToolCallContext, ToolFailure } from '../tool.js';
import { ProgramCalls } from './program-calls.js';

Logger.overrideLogger(false);

/** The calls of one program that was given `fs:read`, of tools that note each call. */
function programOf() {
  const seen: ToolCallContext[] = [];
  const denials: string[] = [];
  const note = (_: unknown, context: ToolCallContext) => {
    seen.push(context);
    return Promise.resolve({ output: seen.length });
  };
  const tools = new Map<string, AnyTool>([
    ['read', toolOf({ name: 'read', permissions: ['fs:read'] }, note)],
    ['write', toolOf({ name: 'write', permissions: ['fs:write'] }, note)],
    ['wait', { manifest: toolOf({ name: 'wait' }).manifest, callInRun: () => Promise.resolve({ output: null }) }],
    ['fail', toolOf({ name: 'fail' }, () => Promise.reject(new ToolFailure('MINE', 'No', { details: { a: 1 } })))],
    ['hang', toolOf({ name: 'hang' }, () => new Promise(() => {}))],
  ]);
  const catalogue: Pick<ToolCatalogue, 'findOwn'> = { findOwn: (name) => tools.get(name) };
  const program = new ProgramCalls(
    catalogue,
    new ToolCalls(new SchemaChecks()),
    callContext(['fs:read']),
    ({ options }) => denials.push(String(options.details?.['permission'])),
  );
  const call = async (...question: unknown[]) => JSON.parse(await program.answer(JSON.stringify(question))) as object;
  return { program, call, seen, denials };
}

describe(ProgramCalls, () => {
  it('calls with the permissions of the program, each call under a key of its own', async () => {
    const { call, seen } = programOf();
    expect([await call('read', {}), await call('read', {})]).toEqual([{ output: 1 }, { output: 2 }]);
    expect(seen.map(({ idempotencyKey, permissions }) => [idempotencyKey, [...permissions]])).toEqual([
      ['call-1:1', ['fs:read']],
      ['call-1:2', ['fs:read']],
    ]);
  });

  it('calls nothing any more once the program has reached beyond them, and tells it once', async () => {
    const { call, seen, denials, program } = programOf();
    const error = { code: 'PERMISSION_DENIED', details: { permission: 'fs:write' } };
    for (const name of ['write', 'read', 'none', 'write']) expect(await call(name, {})).toMatchObject({ error });
    expect([seen, denials, program.denial?.code]).toEqual([[], ['fs:write'], 'PERMISSION_DENIED']);
  });

  it.each([
    ['none', {}, 'TOOL_UNKNOWN'],
    [null, {}, 'TOOL_UNKNOWN'],
    ['wait', {}, 'TOOL_IN_RUNS_ONLY'],
    ['read', [], 'ARGUMENTS_INVALID'],
    ['read', undefined, 'ARGUMENTS_INVALID'],
    ['fail', {}, 'MINE'],
  ])('tells what a call of %s fails with', async (name, args, code) => {
    const { call, program } = programOf();
    expect(await call(name, args)).toMatchObject({ error: { code } });
    expect(program.denial).toBeUndefined();
  });

  it('gives up what the program did not wait for', async () => {
    const { call, program } = programOf();
    const hanging = call('hang', {});
    program.end();
    expect(await hanging).toMatchObject({ error: { code: 'TOOL_TIMED_OUT' } });
  });
});
