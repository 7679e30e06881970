import type { Announcement } from './stream-hub.js';

/** What one process tells the others. */
export type NoticeItem =
  | { readonly kind: 'events'; readonly announcement: Announcement }
  | { readonly kind: 'step_ended'; readonly streamId: number; readonly step: string; readonly attempt: number }
  | { readonly kind: 'text'; readonly streamId: number }
  | { readonly kind: 'hint'; readonly name: string; readonly payload: string }
  /** More happened than fits: look for yourselves. */
  | { readonly kind: 'poll' }
  | { readonly kind: 'hello' }
  | { readonly kind: 'bye' };

export interface Notice {
  readonly sender: string;
  readonly items: readonly NoticeItem[];
}

/** PostgreSQL takes up to 7,999 bytes; the rest is left for quoting by a proxy. */
const MAX_BYTES = 7_900;
const POLL = JSON.stringify(['p']);

/**
 * Packs items into as few payloads as they fit in. When that would be more than `maxPayloads`, what can be found by
 * looking is left out in favour of one `poll`.
 */
export function encodeNotices(sender: string, items: readonly NoticeItem[], maxPayloads: number): string[] {
  const payloads = pack(sender, items.map(encodeItem));
  if (payloads.length <= maxPayloads) return payloads;
  const hints = items.filter(({ kind }) => kind === 'hint').map(encodeItem);
  return pack(sender, [POLL, ...hints]).slice(0, maxPayloads);
}

/** Answers undefined for what is not ours. */
export function decodeNotice(payload: string): Notice | undefined {
  try {
    const [sender, ...items] = JSON.parse(payload) as [unknown, ...EncodedItem[]];
    return typeof sender === 'string' ? { sender, items: items.map(decodeItem) } : undefined;
  } catch {
    // Anybody with access to the database may send on the channel.
    return undefined;
  }
}

type EncodedItem =
  | ['e', number, number, number, string | 0, string?]
  | ['s', number, string, number]
  | ['t', number]
  | ['h', string, string]
  | ['p' | 'o' | 'b'];

function pack(sender: string, items: readonly string[]): string[] {
  const payloads: string[] = [];
  const head = `[${JSON.stringify(sender)}`;
  let payload = head;
  let bytes = head.length + 1;
  for (const item of items) {
    const size = Buffer.byteLength(item) + 1;
    if (bytes + size > MAX_BYTES && payload !== head) {
      payloads.push(`${payload}]`);
      payload = head;
      bytes = head.length + 1;
    }
    payload += `,${item}`;
    bytes += size;
  }
  return payload === head ? payloads : [...payloads, `${payload}]`];
}

function encodeItem(item: NoticeItem): string {
  switch (item.kind) {
    case 'events':
      return JSON.stringify(encodeAnnouncement(item.announcement));
    case 'step_ended':
      return JSON.stringify(['s', item.streamId, item.step, item.attempt]);
    case 'text':
      return JSON.stringify(['t', item.streamId]);
    case 'hint':
      return JSON.stringify(['h', item.name, item.payload]);
    case 'poll':
      return POLL;
    case 'hello':
      return '["o"]';
    case 'bye':
      return '["b"]';
  }
}

function encodeAnnouncement({ streamId, from, to, ownerId, rootRunId }: Announcement): EncodedItem {
  const owner = ownerId === null ? 0 : shortId(ownerId);
  return rootRunId === null ? ['e', streamId, from, to, owner] : ['e', streamId, from, to, owner, shortId(rootRunId)];
}

function decodeItem(item: EncodedItem): NoticeItem {
  switch (item[0]) {
    case 'e':
      return { kind: 'events', announcement: decodeAnnouncement(item) };
    case 's':
      return { kind: 'step_ended', streamId: item[1], step: item[2], attempt: item[3] };
    case 't':
      return { kind: 'text', streamId: item[1] };
    case 'h':
      return { kind: 'hint', name: item[1], payload: item[2] };
    case 'p':
      return { kind: 'poll' };
    case 'o':
      return { kind: 'hello' };
    case 'b':
      return { kind: 'bye' };
    default:
      throw new TypeError('Not an item of a notice');
  }
}

function decodeAnnouncement([, streamId, from, to, owner, root]: Extract<
  EncodedItem,
  ['e', ...unknown[]]
>): Announcement {
  return {
    streamId,
    from,
    to,
    ownerId: owner === 0 ? null : longId(owner),
    rootRunId: root === undefined ? null : longId(root),
  };
}

/** A UUID in 22 characters instead of 36. */
function shortId(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function longId(short: string): string {
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
