import { describe, expect, it } from 'vitest';
import { TextSoFar } from './text-so-far.js';

function chunk(stream: string, offset: number, text: string, attempt = 1) {
  return { stream, streamId: 1, runId: 'a', step: 's', attempt, offset, text, ownerId: null, rootRunId: null };
}

describe('TextSoFar', () => {
  it('answers only what is new of pieces that overlap', () => {
    const texts = new TextSoFar();
    texts.add(chunk('run:a', 0, 'abcd'));
    expect(texts.add(chunk('run:a', 0, 'abcdef'))).toMatchObject({ offset: 4, text: 'ef' });
    expect(texts.add(chunk('run:a', 2, 'cd'))).toBeUndefined();
    expect(texts.of('run:a')).toMatchObject([{ offset: 0, text: 'abcdef' }]);
  });

  it('drops the texts that began first when there are too many, and passes their rest on', () => {
    const texts = new TextSoFar(10);
    texts.add(chunk('run:a', 0, '12345678'));
    texts.add(chunk('run:b', 0, '12345'));
    expect(texts.of('run:a')).toEqual([]);
    expect(texts.of('run:b')).toHaveLength(1);
    expect(texts.add(chunk('run:a', 8, '9'))).toMatchObject({ offset: 8, text: '9' });
  });

  it('does not offer a text with a hole to late subscribers', () => {
    const texts = new TextSoFar();
    texts.add(chunk('run:a', 5, 'later'));
    expect(texts.of('run:a')).toEqual([]);
  });

  it('forgets what ended, and takes a later attempt of it', () => {
    const texts = new TextSoFar();
    texts.add(chunk('run:a', 0, 'one'));
    texts.end('run:a', 's');
    expect(texts.add(chunk('run:a', 3, 'x'))).toBeUndefined();
    expect(texts.add(chunk('run:a', 0, 'two', 2))).toBeDefined();
  });
});
