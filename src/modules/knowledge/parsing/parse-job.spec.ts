import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { DocumentParser } from './document-parser.js';
import { type ParsedText, parseDocument } from './parse-job.js';
import type { DocumentFormat } from './parsed-document.js';

const PDF = readFileSync(new URL('../../../../test/fixtures/knowledge/handbook.pdf', import.meta.url));

function parse(format: DocumentFormat, content: string | Uint8Array, title = 'A title'): Promise<ParsedText> {
  return parseDocument({ bytes: Buffer.from(content), format, title, maxChunks: 1_000 });
}

function textsOf({ text, chunks }: ParsedText): string[] {
  return chunks.map(({ start, end }) => text.slice(start, end));
}

describe(parseDocument.name, () => {
  it('cuts Markdown at its headings, and not where code looks like one', async () => {
    const source =
      '# Boats\n\nIntro.\n\n```sh\n# no heading\n```\n\n## Sails\n\nOf *linen*.\n\nBoats of steel\n====\n\n- a\n- b';
    const parsed = await parse('markdown', source);
    expect(parsed.text).toBe(source);
    expect(parsed.chunks.map(({ headings }) => headings)).toEqual([['Boats'], ['Boats', 'Sails'], ['Boats of steel']]);
    expect(textsOf(parsed)).toEqual([
      '# Boats\n\nIntro.\n\n```sh\n# no heading\n```',
      '## Sails\n\nOf *linen*.',
      'Boats of steel\n====\n\n- a\n- b',
    ]);
  });

  it('reads what HTML shows, by its headings', async () => {
    const page =
      '<html><head><title>t</title><script>evil()</script></head><body><nav>menu</nav><h1>Boats</h1><p>They <b>float</b>.</p><h2>Sails</h2><table><tr><td>linen</td></tr></table></body></html>';
    const parsed = await parse('html', page);
    expect(textsOf(parsed)).toEqual(['Boats\n\nThey float.', 'Sails\n\nlinen']);
    expect(parsed.chunks.map(({ headings }) => headings)).toEqual([['Boats'], ['Boats', 'Sails']]);
  });

  it('reads the pages of a PDF', async () => {
    const parsed = await parse('pdf', PDF);
    expect(parsed.chunks.map(({ page }) => page)).toEqual([1, 2]);
    expect(textsOf(parsed)).toEqual([
      'The lighthouse handbook\n\nThe lamp is lit at dusk and put out at dawn.\nThe keeper writes the weather into the log every hour.',
      'Repairs\n\nA broken lens is ordered from the workshop in Brest.\nSpare bulbs are kept in the cellar, behind the stairs.',
    ]);
  });

  it('names the values of each row of a CSV', async () => {
    const parsed = await parse('csv', 'name;depth\n"Brest; the port";12\nUshant;\n');
    expect(parsed.text).toBe('name: Brest; the port\ndepth: 12\n\nname: Ushant');
    expect(parsed.chunks).toHaveLength(1);
  });

  it('reads old encodings, and text without what cannot be stored', async () => {
    expect((await parse('text', Buffer.from('caf\xe9', 'latin1'))).text).toBe('café');
    expect((await parse('text', Buffer.from('\ufeffåb', 'utf16le'))).text).toBe('åb');
    expect((await parse('text', 'a\0b\r\nc')).text).toBe('a\ufffdb\nc');
  });

  it.each<[string, DocumentFormat, string | Uint8Array]>([
    ['DOCUMENT_EMPTY', 'markdown', ' \n\n '],
    ['DOCUMENT_UNREADABLE', 'pdf', 'no PDF'],
    ['DOCUMENT_UNREADABLE', 'pdf', PDF.subarray(0, 20)],
    ['DOCUMENT_TOO_COMPLEX', 'markdown', '> '.repeat(10_000)],
    ['DOCUMENT_TOO_LONG', 'text', 'a\n'.repeat(5_000_001)],
    ['DOCUMENT_TOO_LONG', 'text', 'Many words. '.repeat(300_000)],
  ])('says %s of a %s that is', async (code, format, content) => {
    await expect(parse(format, content)).rejects.toMatchObject({ code });
  });

  it('knows the language of prose, and of nothing else', async () => {
    expect((await parse('text', 'The keeper writes the weather into the log, and that is it.')).language).toBe(
      'english',
    );
    expect((await parse('text', 'Der Wärter schreibt das Wetter in das Buch, und die Lampe ist an.')).language).toBe(
      'german',
    );
    expect((await parse('text', 'Hun gikk opp og så seg om etter katten, det er den på bordet nå.')).language).toBe(
      'norwegian',
    );
    expect((await parse('text', 'Hun gik op og så sig om efter katten, det er den på bordet nu.')).language).toBe(
      'danish',
    );
    expect((await parse('text', 'x = 12; y = 13; z = 14')).language).toBe('simple');
  });

  it('gives chunks that have not changed the hashes they had', async () => {
    const paragraphs = Array.from({ length: 60 }, (_, n) => `Paragraph ${n} ${'speaks of many things. '.repeat(12)}`);
    const before = await parse('text', paragraphs.join('\n\n'));
    const after = await parse('text', ['Something new.', ...paragraphs].join('\n\n'));
    const known = new Set(before.chunks.map(({ hash }) => hash));
    const changed = after.chunks.filter(({ hash }) => !known.has(hash));
    expect(before.chunks.length).toBeGreaterThan(8);
    expect(changed.length).toBeLessThan(before.chunks.length / 2);
  });
});

describe(DocumentParser.name, () => {
  const parser = new DocumentParser({ maxDocuments: 1, maxBytes: 1, maxChunksPerDocument: 100 });
  afterAll(() => parser.onApplicationShutdown());

  it('parses in a process of its own', async () => {
    const { signal } = new AbortController();
    const parsed = await parser.parse({ format: 'pdf', title: 'Handbook' }, async () => PDF, signal);
    expect(parsed.chunks).toHaveLength(2);
    const refused = parser.parse({ format: 'pdf', title: 'x' }, async () => Buffer.from('no'), signal);
    await expect(refused).rejects.toMatchObject({ code: 'DOCUMENT_UNREADABLE' });
  });
});
