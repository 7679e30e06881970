import { describe, expect, it } from 'vitest';
import { serverUrl } from './demo-settings.js';

describe('serverUrl', () => {
  it.each([
    [{}, 'http://127.0.0.1:8000'],
    [{ PORT: '9000', HOST: '' }, 'http://127.0.0.1:9000'],
    [{ HOST: '0.0.0.0' }, 'http://127.0.0.1:8000'],
    [{ HOST: '::1' }, 'http://[::1]:8000'],
  ])('by %o is %s', (env, url) => {
    expect(serverUrl(env)).toBe(url);
  });

  it.each([{ PORT: 'soon' }, { PORT: '0' }])('asks for a port in place of %o', (env) => {
    expect(() => serverUrl(env)).toThrow(/PORT/);
  });
});
