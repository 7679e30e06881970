/** What a test file may import beside the files of the project: what the program below has set. */
export const TEST_MODULES: Readonly<Record<string, string>> = {
  'node:test': 'export default globalThis.testing; export const { test, it, describe } = globalThis.testing;',
  'node:assert': `export default globalThis.assert; export const {
    ok, equal, strictEqual, notEqual, notStrictEqual, deepEqual, deepStrictEqual, match, throws, rejects, fail } = globalThis.assert;`,
  'node:assert/strict': `export * from 'node:assert'; export { default } from 'node:assert';`,
  assert: `export * from 'node:assert'; export { default } from 'node:assert';`,
};

const ASSERT = `
class AssertionError extends Error {
  constructor(message) { super(message); this.name = 'AssertionError'; }
}
const show = (value) => { try { return JSON.stringify(value) ?? String(value); } catch { return String(value); } };
const claim = (isRight, message, standard) => {
  if (!isRight) throw message instanceof Error ? message : new AssertionError(message ?? standard);
};
const same = (a, b) => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map || a instanceof Set) return same([...a], [...b]);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
};
const fits = (error, wanted) => {
  if (wanted === undefined || typeof wanted === 'string') return true;
  if (wanted instanceof RegExp) return wanted.test(String(error));
  if (typeof wanted === 'function') return wanted.prototype ? error instanceof wanted : wanted(error) === true;
  const has = ([key, value]) => value instanceof RegExp ? value.test(String(error?.[key])) : same(error?.[key], value);
  return Object.entries(wanted).every(has);
};
const assert = (value, message) => claim(value, message, 'Expected a true value, got ' + show(value));
const equal = (a, b, message) => claim(Object.is(a, b), message, show(a) + ' is not ' + show(b));
const notEqual = (a, b, message) => claim(!Object.is(a, b), message, 'Both are ' + show(a));
const deepEqual = (a, b, message) => claim(same(a, b), message, show(a) + ' is not like ' + show(b));
Object.assign(assert, {
  AssertionError, ok: assert, equal, strictEqual: equal, notEqual, notStrictEqual: notEqual,
  deepEqual, deepStrictEqual: deepEqual,
  match: (text, pattern, message) => claim(pattern.test(text), message, show(text) + ' does not match ' + pattern),
  fail: (message) => claim(false, message, 'Failed'),
  throws: (work, wanted, message) => {
    try { work(); } catch (error) { return claim(fits(error, wanted), message, 'It threw ' + String(error)); }
    claim(false, message, 'It threw nothing');
  },
  rejects: async (work, wanted, message) => {
    try { await (typeof work === 'function' ? work() : work); }
    catch (error) { return claim(fits(error, wanted), message, 'It was rejected with ' + String(error)); }
    claim(false, message, 'It was not rejected');
  },
});`;

const MODULES_OF_OLD = `
const resolve = globalThis.resolveModule;
delete globalThis.resolveModule;
const { tests, files } = input;
const loaded = new Map();
globalThis.commonJs = (name) => {
  if (loaded.has(name)) return loaded.get(name).exports;
  if (!Object.hasOwn(files, name)) throw new Error(name + ' is an ES module: import it');
  const module = { exports: {} };
  loaded.set(name, module);
  if (name.endsWith('.json')) return module.exports = JSON.parse(files[name]);
  const require = (wanted) => {
    const found = resolve(name, wanted);
    return found.startsWith('./') ? commonJs(found) : found === 'node:test' ? globalThis.testing : assert;
  };
  Function('exports', 'require', 'module', files[name]).call(module.exports, module.exports, require, module);
  return module.exports;
};`;

/** Loads the test files that are named in its input, runs what they register, one after the other, and answers how it went. */
export const TEST_PROGRAM = `${ASSERT}
const found = [];
const above = [];
let file = '';
const test = (name, ...more) => {
  const work = more.find((one) => typeof one === 'function');
  found.push({ file, name: [...above, String(name)].join(' > '), work });
};
test.skip = () => undefined;
const describe = (name, work) => { above.push(String(name)); try { work(); } finally { above.pop(); } };
Object.assign(test, { test, it: test, describe });
Object.assign(globalThis, { assert, test, it: test, describe, testing: test });
${MODULES_OF_OLD}
const told = [];
const tell = (name, error) => told.push(error === undefined ? { file, name, passed: true } : {
  file, name, passed: false, message: (error instanceof Error ? error.name + ': ' + error.message : show(error)).slice(0, 1_000),
});
for (file of tests) try { await import(file); } catch (error) { tell('(loading the file)', error ?? null); }
for (const one of found) {
  file = one.file;
  try { await one.work?.({}); tell(one.name); } catch (error) { tell(one.name, error ?? null); }
}
return told;`;
