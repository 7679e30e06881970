import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { runWithTrace } from '../tracing/current-trace.js';
import { newTrace } from '../tracing/traceparent.js';
import { logOptions } from './log-options.js';
import { loggableUrl } from './redaction.js';

function capture(write: (log: pino.Logger) => void): Record<string, unknown> {
  const lines = new PassThrough();
  const { pinoHttp } = logOptions('info');
  write(pino(pinoHttp as pino.LoggerOptions, lines));
  return JSON.parse(String(lines.read())) as Record<string, unknown>;
}

const SECRET = 'canary';

describe('logOptions', () => {
  it('writes the level as a word, the time in UTC and the trace of the request', () => {
    const trace = newTrace();
    const line = capture((log) => runWithTrace(trace, () => log.info('hello')));
    expect(line).toMatchObject({ level: 'info', msg: 'hello', trace_id: trace.traceId });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('redacts fields named like secrets, at any depth and in lists', () => {
    const fields = {
      password: SECRET,
      headers: { Authorization: SECRET, cookie: SECRET, 'set-cookie': [SECRET] },
      list: [{ req: { query: { token: SECRET }, body: { refresh_token: SECRET } } }],
      harmless: { text: 'shown' },
    };
    const text = JSON.stringify(capture((log) => log.info(fields)));
    expect(text).not.toContain(SECRET);
    expect(text.match(/\[redacted\]/g)).toHaveLength(6);
    expect(text).toContain('"shown"');
  });

  it('writes the stack and the causes of an error, and none of its other fields', () => {
    const cause = Object.assign(new TypeError('below'), { code: '23505' });
    const error = Object.assign(new Error('above', { cause }), { parameters: [SECRET], query: SECRET });
    const line = capture((log) => log.error(error));
    expect(line['err']).toMatchObject({
      type: 'Error',
      message: 'above',
      stack: expect.stringContaining('log-options.spec') as string,
      cause: { type: 'TypeError', message: 'below', code: '23505' },
    });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });
});

describe('loggableUrl', () => {
  it('cuts credentials out of the query and leaves the rest', () => {
    expect(loggableUrl('/api/v1/events?stream=a&token=canary&after=3')).toBe(
      '/api/v1/events?stream=a&token=[redacted]&after=3',
    );
    expect(loggableUrl('/x?TOKEN=canary')).toBe('/x?TOKEN=[redacted]');
    expect(loggableUrl('/x?tokens=3')).toBe('/x?tokens=3');
  });
});
