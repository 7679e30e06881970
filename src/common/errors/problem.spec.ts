import { createServer, type AddressInfo, type Server } from 'node:net';
import { HttpException, NotFoundException } from '@nestjs/common';
import { DataSource, QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { ConnectionLostError, DatabaseUnavailableError } from '../../database/database.errors.js';
import { DomainError, type ErrorKind } from './domain.error.js';
import { InvalidInputError } from './invalid-input.error.js';
import { isUnexpected, toProblem } from './problem.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

class SomeError extends DomainError {
  readonly code = 'SOME_CODE';
  constructor(readonly kind: ErrorKind) {
    super('what happened');
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('toProblem', () => {
  it.each([
    ['invalid', 400, 'Bad Request'],
    ['unauthorized', 401, 'Unauthorized'],
    ['forbidden', 403, 'Forbidden'],
    ['not_found', 404, 'Not Found'],
    ['conflict', 409, 'Conflict'],
    ['too_large', 413, 'Payload Too Large'],
    ['too_many', 429, 'Too Many Requests'],
    ['unavailable', 503, 'Service Unavailable'],
  ] as const)('answers a failure of kind %s with %i', (kind, status, title) => {
    expect(toProblem(new SomeError(kind), TRACE_ID)).toEqual({
      type: 'about:blank',
      title,
      status,
      detail: 'what happened',
      code: 'SOME_CODE',
      trace_id: TRACE_ID,
    });
  });

  it('lists every fault and names the first in the detail', () => {
    const faults = ['/a', '/b'].map((path) => ({ path, code: 'REQUIRED', message: 'is required' }));
    const { errors, detail } = toProblem(new InvalidInputError(faults), TRACE_ID);
    expect(errors).toEqual(faults);
    expect(detail).toBe('/a: is required (and 1 more)');
  });

  it.each([
    [400, 400, 'MALFORMED_REQUEST'],
    [404, 404, 'ROUTE_NOT_FOUND'],
    [405, 405, 'METHOD_NOT_ALLOWED'],
    [413, 413, 'BODY_TOO_LARGE'],
    [415, 400, 'UNSUPPORTED_MEDIA_TYPE'],
    [422, 400, 'UNPROCESSABLE_ENTITY'],
    [500, 500, 'INTERNAL_ERROR'],
  ])("answers the framework's %i with %i %s", (given, status, code) => {
    expect(toProblem(new HttpException('x', given), TRACE_ID)).toMatchObject({ status, code });
  });

  it('hides what is unexpected', () => {
    const text = JSON.stringify(toProblem(new Error('canary'), TRACE_ID));
    expect(text).not.toContain('canary');
    expect(toProblem('canary', TRACE_ID).status).toBe(500);
  });

  it('answers 503 when the database cannot be reached', async () => {
    const url = `postgres://nobody@127.0.0.1:${await unusedPort()}/none`;
    const error = await failureOf(new DataSource({ type: 'postgres', url }).initialize());
    expect(toProblem(error, TRACE_ID)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' });
  });

  it('answers 503 when the database hangs up before it lets us in', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const port = await listen(server);
    const error = await failureOf(
      new DataSource({ type: 'postgres', url: `postgres://nobody@127.0.0.1:${port}/none` }).initialize(),
    );
    server.close();
    expect(toProblem(error, TRACE_ID)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' });
  });

  it.each([new DatabaseUnavailableError('troupe creations'), new ConnectionLostError('troupe creations')])(
    'answers 503 when a connection beside the pool is lost: %s',
    (error) => {
      expect(toProblem(error, TRACE_ID)).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' });
    },
  );

  it.each([
    ['57P01', 503],
    ['08006', 503],
    ['53300', 503],
    ['40P01', 503],
    ['40001', 503],
    ['55P03', 503],
    ['23503', 500],
    ['42P01', 500],
    ['23505', 500],
  ])('answers SQL state %s with %i', (code, status) => {
    const error = new QueryFailedError('SELECT 1', [], Object.assign(new Error('x'), { code }));
    expect(toProblem(error, TRACE_ID).status).toBe(status);
  });

  it('says when what a new record refers to is gone, and not when what goes is referred to', () => {
    const failure = (detail: string) =>
      new QueryFailedError('SELECT 1', [], Object.assign(new Error('x'), { code: '23503', detail }));
    const missing = failure('Key (project_id)=(1) is not present in table "projects".');
    expect(toProblem(missing, TRACE_ID)).toMatchObject({ status: 409, code: 'REFERENCE_GONE' });
    expect(isUnexpected(missing)).toBe(true);
    const kept = failure('Key (id)=(1) is still referenced from table "flows".');
    expect(toProblem(kept, TRACE_ID).status).toBe(500);
  });

  it('does not take the failure of another connection for one of the database', async () => {
    const error = await failureOf(fetch(`http://127.0.0.1:${await unusedPort()}`));
    expect(toProblem(error, TRACE_ID).status).toBe(500);
  });
});

describe('isUnexpected', () => {
  it('tells bugs from what was foreseen', () => {
    expect([new Error('x'), 'x', new HttpException('x', 500)].every(isUnexpected)).toBe(true);
    expect([new SomeError('conflict'), new NotFoundException()].some(isUnexpected)).toBe(false);
  });
});
