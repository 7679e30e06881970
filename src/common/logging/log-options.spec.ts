import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { runWithTrace } from '../tracing/current-trace.js';
import { newTrace } from '../tracing/traceparent.js';
import { loggableUrl, logOptions } from './log-options.js';

function capture(write: (log: pino.Logger) => void): Record<string, unknown> {
  const lines = new PassThrough();
  const { pinoHttp } = logOptions('info');
  write(pino(pinoHttp as pino.LoggerOptions, lines));
  return JSON.parse(String(lines.read())) as Record<string, unknown>;
}

describe('logOptions', () => {
  it('writes the level as a word, the time in UTC and the trace of the request', () => {
    const trace = newTrace();
    const line = capture((log) => runWithTrace(trace, () => log.info('hello')));
    expect(line).toMatchObject({ level: 'info', msg: 'hello', trace_id: trace.traceId });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('redacts secrets at the top and up to two levels down', () => {
    const secret = 'canary';
    const text = JSON.stringify(
      capture((log) =>
        log.info({
          password: secret,
          headers: { authorization: secret, cookie: secret, 'set-cookie': secret },
          req: { query: { token: secret }, body: { refresh_token: secret } },
        }),
      ),
    );
    expect(text).not.toContain(secret);
    expect(text.match(/\[redacted\]/g)).toHaveLength(6);
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
