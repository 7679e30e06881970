import { isId } from '../../common/ids/id.js';

export interface StreamName {
  /** `run`, `user`, … */
  readonly kind: string;
  readonly id: string;
}

const FORM = /^([a-z]{1,20}):([0-9a-fA-F-]{36})$/;

/** Takes `run:<uuid>` apart. Answers undefined for anything else. */
export function parseStreamName(stream: string): StreamName | undefined {
  const [, kind, id] = FORM.exec(stream) ?? [];
  return kind && id && isId(id) ? { kind, id: id.toLowerCase() } : undefined;
}

export function streamName(kind: string, id: string): string {
  return `${kind}:${id}`;
}
