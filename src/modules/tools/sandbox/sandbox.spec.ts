import { afterAll, describe, expect, it } from 'vitest';
import { Sandbox } from './sandbox.js';

const sandbox = new Sandbox();
afterAll(() => sandbox.onApplicationShutdown());

const evaluate = (code: string, { input = 'null', timeoutMs = 5_000, signal = new AbortController().signal } = {}) =>
  sandbox.evaluate({ code, input, timeoutMs }, signal);

/** The value of a program, or how it ended. */
async function valueOf(code: string, options = {}): Promise<unknown> {
  const evaluation = await evaluate(code, options);
  if (evaluation.outcome !== 'done') return `${evaluation.outcome}: ${evaluation.message}`;
  return evaluation.output === undefined ? undefined : (JSON.parse(evaluation.output) as unknown);
}

describe('what a program can do', () => {
  it.each([
    ['the value of its last expression', 'const a = 2; a * 21', 42],
    ['what it returns', 'return input.list.map((x) => x * 2)', [2, 4]],
    ['what it awaits', 'const a = await Promise.resolve(20); return a + 1', 21],
    ['a promise', 'Promise.all([1, Promise.resolve(2)])', [1, 2]],
    ['nothing', 'let a = 1;', undefined],
    ['a function, which is no JSON', '(() => 1)', undefined],
    ['text of any kind', '"a\\u0000é😀"', 'a\u0000é😀'],
    ['what a toJSON of its own makes', '({ toJSON: () => 7 })', 7],
  ])('gives %s', async (_, code, value) => {
    expect(await valueOf(code, { input: '{"list":[1,2]}' })).toEqual(value);
  });

  it('hears what the program prints, also of one that fails', async () => {
    const evaluation = await evaluate('console.log("a", { b: 1 }, 2n); console.error([]); null.x');
    expect(evaluation).toMatchObject({ outcome: 'failed', logs: ['a {"b":1} 2', '[]'] });
    const { logs } = await evaluate('for (let i = 0; i < 200; i += 1) console.log("x".repeat(2e3))');
    expect([logs.length, logs[0]?.length]).toEqual([100, 1_000]);
  });

  it.each([
    ['throw new TypeError("no")', /^failed: TypeError: no$/],
    ['a b', /^failed: SyntaxError/],
    ['throw { a: 1 }', /^failed: {"a":1}$/],
    ['throw undefined', /^failed: undefined$/],
    ['return await Promise.reject(new Error("later"))', /^failed: Error: later$/],
    ['new Promise(() => {})', /never settled/],
    ['JSON.stringify = () => "x"; const a = {}; a.a = a; a', /^failed: TypeError: circular/],
  ])('tells what %s failed with', async (code, message) => {
    expect(await valueOf(code)).toMatch(message);
  });
});

/**
 * Ways out of sandboxes in the same engine as the server's, as they were published; here there is nothing to climb to.
 * - vm: https://nodejs.org/api/vm.html ("not a security mechanism"), https://github.com/patriksimek/vm2/issues/32
 * - vm2: GHSA-xj72-wvfv-8985 (CVE-2023-29017), GHSA-ch3r-j5x3-6q2m (CVE-2023-30547), GHSA-whpj-8f3w-67p5
 *   (CVE-2023-32314), GHSA-cchq-frgv-rjh5 (CVE-2023-37466), GHSA-g644-9gfx-q4q4 (CVE-2023-37903)
 */
const FOUND = 'typeof process + typeof require + typeof module + typeof fetch + typeof WebAssembly + typeof Deno';
const NOTHING = 'undefined'.repeat(6);
const CLIMBS = {
  'the constructor of the global': `globalThis.constructor.constructor('return ${FOUND}')()`,
  'the constructor of the input': `input.constructor.constructor('return ${FOUND}')()`,
  'the constructor of what prints': `console.log.constructor('return ${FOUND}')()`,
  'Function of an async function': `return await (async () => {}).constructor('return ${FOUND}')()`,
  'Function of a generator': `(function* () {}).constructor('yield ${FOUND}')().next().value`,
  'an indirect eval': `(0, eval)('${FOUND}')`,
  'the caller (vm2 #32)': `(function f() { return (f.caller || Function)('return ${FOUND}')(); })()`,
  'prepareStackTrace (CVE-2023-29017, CVE-2023-32314)': `
    let found = '${NOTHING}';
    Error.prepareStackTrace = (e, frames) => { found = frames.constructor.constructor('return ${FOUND}')(); };
    try { const e = new Error(); e.name = Symbol(); e.stack; (async () => e.stack)(); } catch {}
    found`,
  'a proxied handler that throws (CVE-2023-30547)': `
    const err = {};
    const proxied = new Proxy(err, { getPrototypeOf() { (function stack() { new Error().stack; stack(); })(); } });
    try { throw proxied; } catch (e) { }
    Object.constructor('return ${FOUND}')()`,
  'a thenable with a species of its own (CVE-2023-37466)': `
    const p = (async () => { throw new Error(); })();
    p.constructor = { [Symbol.species]: class { constructor(run) { run(() => {}, (e) => { this.e = e; }); } } };
    p.then(() => {});
    return p.constructor.constructor.constructor('return ${FOUND}')()`,
  'a custom inspector (CVE-2023-37903)': `
    const o = { [Symbol.for('nodejs.util.inspect.custom')]: (d, o, inspect) => inspect.constructor('return ${FOUND}')() };
    console.log(o);
    ${FOUND}`,
  'a trap on the result': `
    new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (t, k, r) => k === 'a' ? r.constructor?.constructor ? ${FOUND} : ${FOUND} : undefined }).a`,
} as const;

describe('what a program cannot reach', () => {
  it.each(Object.entries(CLIMBS))('finds nothing through %s', async (_, code) => {
    expect(await valueOf(code, { input: '{}' })).toBe(NOTHING);
  });

  it('has the names of the language and ours, and no others', async () => {
    const names = (await valueOf('Object.getOwnPropertyNames(globalThis)')) as string[];
    const ours = names.filter((name) => !(name in globalThis));
    expect(ours.toSorted()).toEqual(['InternalError', 'input']);
    const ofHosts =
      /^(process|require|module|global$|Buffer|fetch|XMLHttp|Worker|std|os|bjson|set|clear|scriptArgs|print|load)/;
    expect(names.filter((name) => ofHosts.test(name))).toEqual([]);
  });

  it.each(['import("node:fs")', 'import("data:text/javascript,1")', 'import("./sandbox.js")'])(
    '%s loads nothing',
    async (code) => {
      expect(await valueOf(code)).toMatch(/^failed: .*could not load module/);
    },
  );

  it.each([
    [
      'a prototype',
      'Object.prototype.polluted = 1; Array.prototype.map = () => "mine"; 1',
      '[({}).polluted, [1].map((x) => x)]',
      [null, [1]],
    ],
    ['a global', 'globalThis.left = 1; JSON.parse = () => "mine"; 1', '[typeof left, input]', ['undefined', null]],
    [
      'work for later',
      'Promise.resolve().then(function f() { globalThis.n = (globalThis.n ?? 0) + 1; }); 1',
      'typeof n',
      'undefined',
    ],
  ])('leaves no trace of %s for the next program', async (_, first, second, value) => {
    expect(await valueOf(first)).toBe(1);
    expect(await valueOf(second)).toEqual(value);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

const ENDLESS = {
  'a loop': 'while (true) {}',
  'a loop that catches': 'while (true) { try { while (true) {} } catch {} finally { while (true) {} } }',
  'a regular expression': '/^(a+)+$/.test("a".repeat(60) + "!")',
  microtasks: 'const again = () => Promise.resolve().then(again); again()',
  'an async loop': 'while (true) await null',
  'a getter of the result': '({ get a() { while (true) {} } })',
  'a toJSON of the result': '({ toJSON() { while (true) {} } })',
  'a trap of the result': 'new Proxy({}, { ownKeys() { while (true) {} } })',
  'a message that is thrown': 'throw { toJSON() { while (true) {} } }',
  'a generator': 'for (const x of (function* () { while (true) yield 1; })()) {}',
  'a sort': '[...Array(1e5).keys()].sort(() => { while (true) {} })',
  'a thenable': 'return { then() { while (true) {} } }',
};
const GREEDY = {
  'an array': 'const a = []; while (true) a.push(a.length, {})',
  'a long text': 'let s = "x"; while (true) s += s',
  'a typed array': 'new Uint8Array(1e9)',
  'many buffers': 'const a = []; while (true) a.push(new ArrayBuffer(1e6))',
  'a sparse array': 'new Array(2 ** 32 - 1).fill(1)',
  'a long number': '2n ** (2n ** 40n)',
  recursion: 'const f = () => f() + 1; f()',
  'recursion of text': 'eval("(".repeat(1e5))',
  'recursion of a regular expression': 'new RegExp("(".repeat(1e5) + ")".repeat(1e5)).test("")',
  'a getter that recurs': 'class A { get a() { return this.a; } }; new A().a',
};

describe('what a program can use up', () => {
  it.each(Object.entries(ENDLESS))('is ended in the middle of %s', async (_, code) => {
    const started = performance.now();
    expect(await valueOf(code, { timeoutMs: 100 })).toMatch(/^(timed_out|failed: It threw what cannot be shown)/);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it.each(Object.entries(GREEDY))('has no more than it may of %s', async (_, code) => {
    const before = process.memoryUsage().rss;
    expect(await valueOf(code, { timeoutMs: 1_000 })).toMatch(/^(failed|timed_out)/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
  });

  it('answers no more than it may', async () => {
    expect(await valueOf('"x".repeat(200_000)')).toMatch(/^too_large/);
    expect(await valueOf('"x".repeat(100_000)')).toHaveLength(100_000);
    expect(await valueOf('throw new Error("x".repeat(1e6))')).toHaveLength('failed: '.length + 2_000);
  });

  it('does not hold up the server, which goes on with other programs', async () => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const busy = Promise.all(Array.from({ length: 4 }, () => valueOf('while (true) {}', { timeoutMs: 200 })));
    expect(await valueOf('1 + 1')).toBe(2);
    await busy;
    clearInterval(timer);
    expect(longest).toBeLessThan(500);
  });

  it('is killed by the signal of its call, and only it', async () => {
    const giveUp = new AbortController();
    const killed = evaluate('while (true) {}', { timeoutMs: 10_000, signal: giveUp.signal });
    const other = valueOf('let n = 0; for (let i = 0; i < 1e6; i += 1) n += i; n');
    setTimeout(() => giveUp.abort(new Error('cancelled')), 50);
    await expect(killed).rejects.toThrow('cancelled');
    expect(await other).toBe(499_999_500_000);
    expect(await valueOf('1')).toBe(1);
  });
});

/** What a program asks for is answered by its name; a call of `never` is not. */
function calling(code: string, options: { timeoutMs?: number } = {}): Promise<unknown> {
  const answer = async (question: string) => {
    const [name, args] = JSON.parse(question) as [string, unknown];
    if (name === 'never') return new Promise<string>(() => {});
    const error = { code: 'NO', message: `no ${name}` };
    return Promise.resolve(JSON.stringify(name === 'no' ? { error } : { output: { name, args } }));
  };
  const job = { code, input: 'null', timeoutMs: 5_000, ...options };
  return sandbox.evaluateCalling(job, new AbortController().signal, answer).then((evaluation) => {
    if (evaluation.outcome !== 'done') return `${evaluation.outcome}: ${evaluation.message}`;
    return evaluation.output === undefined ? undefined : (JSON.parse(evaluation.output) as unknown);
  });
}

describe('what a program can call', () => {
  it.each([
    ['one after the other', 'const a = await callTool("a"); return [a.name, (await callTool("b", { x: 1 })).args]'],
    [
      'side by side',
      'const [a, b] = await Promise.all([callTool("a"), callTool("b", { x: 1 })]); return [a.name, b.args]',
    ],
  ])('hears of tools %s', async (_, code) => {
    expect(await calling(code)).toEqual(['a', { x: 1 }]);
  });

  it.each([
    ['what a call fails with', 'return await callTool("no")', 'failed: Error: NO: no no'],
    ['its code', 'try { await callTool("no") } catch (error) { return error.code }', 'NO'],
    ['what it does not wait for', 'void callTool("never"); return 1', 1],
    ['too many', 'for (let i = 0; ; i += 1) await callTool("a")', 'failed: Error: A program may call tools 50 times'],
    [
      'too many at once',
      'return await Promise.all([1, 2, 3, 4, 5, 6].map(() => callTool("never")))',
      'failed: Error: At most 5 calls of tools may wait at once',
    ],
    [
      'too long arguments',
      'return await callTool("a", "x".repeat(1e6))',
      'failed: Error: The arguments have more than 1000000 characters as JSON',
    ],
    [
      'what is no JSON',
      'const a = {}; a.a = a; return await callTool("a", a)',
      'failed: TypeError: circular reference',
    ],
    [
      'a prototype that is not as it was',
      'Object.prototype.error = { code: 1 }; JSON.parse = 1; return (await callTool("a")).name',
      'a',
    ],
    ['the constructor of it', `return callTool.constructor('return typeof process')()`, 'undefined'],
  ])('is told of %s', async (_, code, value) => {
    expect(await calling(code)).toEqual(value);
  });

  it.each(['return await callTool("never")', 'callTool("never"); while (true) {}'])(
    'is ended in the middle of %s',
    async (code) => {
      expect(await calling(code, { timeoutMs: 200 })).toBe('timed_out: The program took too long');
    },
  );

  it('is there for nobody else', async () => {
    expect(await valueOf('typeof callTool')).toBe('undefined');
  });
});
