import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Protocol, ProtocolAnswer } from './protocol.js';
import type { Fault, Framing, ScriptedAnswer } from './script.js';

/** Plays one answer, faults included. Answers false when a fault was played in place of a whole answer. */
export async function playAnswer(
  response: ServerResponse,
  spoken: ProtocolAnswer,
  answer: ScriptedAnswer,
  { stream, protocol }: { readonly stream: boolean; readonly protocol: Protocol },
): Promise<boolean> {
  if (answer.delayMs) await sleep(answer.delayMs);
  if (playBeforeHeaders(response, answer.fault, protocol)) return false;
  return stream ? playStream(response, spoken, answer, protocol) : playBody(response, spoken, answer.fault);
}

/** True when the fault leaves nothing more to be said. */
function playBeforeHeaders(response: ServerResponse, fault: Fault | undefined, protocol: Protocol): boolean {
  if (fault?.kind === 'status') return sendStatus(response, fault, protocol);
  if (fault?.kind === 'hang' && fault.after === undefined) return true;
  if (fault?.kind === 'reset' && fault.after === undefined) return reset(response);
  if (fault?.kind !== 'malformed_body') return false;
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to the proxy</body></html>');
  return true;
}

function sendStatus(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>, protocol: Protocol): true {
  const retryAfter = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
  response.writeHead(fault.status, { 'content-type': 'application/json', ...retryAfter });
  response.end(fault.body ?? protocol.error(fault.status, `Scripted ${fault.status}`));
  return true;
}

function reset(response: ServerResponse): true {
  response.socket?.resetAndDestroy();
  return true;
}

/** Faults that need a stream to be in cut the body at its middle. */
function playBody(response: ServerResponse, spoken: ProtocolAnswer, fault: Fault | undefined): boolean {
  const sent = bodyFor(fault, spoken);
  response.writeHead(200, { 'content-type': 'application/json' });
  if (fault?.kind === 'hang' || fault?.kind === 'reset') {
    response.write(sent.slice(0, sent.length / 2), () => fault.kind === 'reset' && reset(response));
    return false;
  }
  const cut = fault?.kind === 'half' || fault?.kind === 'garbage' ? sent.length / 2 : sent.length;
  response.end(sent.slice(0, cut));
  return fault === undefined;
}

function bodyFor(fault: Fault | undefined, { body, emptyBody, unfinishedBody }: ProtocolAnswer): string {
  if (fault?.kind === 'empty') return emptyBody;
  return fault?.kind === 'no_finish_reason' ? unfinishedBody : body;
}

async function playStream(
  response: ServerResponse,
  spoken: ProtocolAnswer,
  answer: ScriptedAnswer,
  protocol: Protocol,
): Promise<boolean> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const { fault, framing = {} } = answer;
  if (fault?.kind === 'empty') return endWith(response, false);
  const frames = fault?.kind === 'no_finish_reason' ? spoken.textFrames : [...spoken.textFrames, ...spoken.endFrames];
  const { whole, tail, last } = cutBy(fault, frames, protocol);
  for (const frame of spoken.openFrames) await write(response, framed(frame, framing), framing);
  for (const [index, frame] of whole.entries()) {
    if (answer.pieceDelayMs && index > 0) await sleep(answer.pieceDelayMs);
    if (!(await write(response, framed(frame, framing), framing))) return false;
  }
  if (tail !== '') await write(response, tail, framing);
  if (last === 'reset') await nextTurn();
  if (last === 'reset') return !reset(response);
  return last === 'hang' ? false : endWith(response, fault === undefined);
}

function endWith(response: ServerResponse, isWhole: boolean): boolean {
  response.end();
  return isWhole;
}

interface CutStream {
  readonly whole: readonly Frame[];
  /** Raw text after the whole frames. */
  readonly tail: string;
  readonly last: 'end' | 'hang' | 'reset';
}

function cutBy(fault: Fault | undefined, frames: readonly Frame[], protocol: Protocol): CutStream {
  if (fault?.kind === 'hang' || fault?.kind === 'reset') {
    return { whole: frames.slice(0, fault.after ?? 0), tail: '', last: fault.kind };
  }
  if (fault?.kind === 'half') {
    const after = fault.after ?? 2;
    const broken = frames[after] ?? { data: '' };
    return { whole: frames.slice(0, after), tail: halfOf(broken), last: 'end' };
  }
  if (fault?.kind === 'garbage') {
    const after = fault.after ?? 0;
    return { whole: frames.toSpliced(after, 0, { ...frames[after], data: GARBAGE }), tail: '', last: 'end' };
  }
  if (fault?.kind === 'error_event') {
    const data = protocol.error(fault.status, `Scripted ${fault.status}`);
    const event = { ...(protocol.errorEvent !== undefined && { event: protocol.errorEvent }), data };
    return { whole: [...frames.slice(0, fault.after ?? 0), event], tail: '', last: 'end' };
  }
  return { whole: frames, tail: '', last: 'end' };
}

const GARBAGE = '{"choices": [{"delta": {"cont';

function halfOf({ event, data }: Frame): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${data.slice(0, data.length / 2)}`;
}

function framed({ event, data }: Frame, framing: Framing): string {
  const newline = framing.crlf ? '\r\n' : '\n';
  const comment = framing.comments ? `: keep-alive${newline}${newline}` : '';
  const name = event === undefined ? '' : `event: ${event}${newline}`;
  return `${comment}${name}data: ${data}${newline}${newline}`;
}

/** False when the client is gone. */
async function write(response: ServerResponse, text: string, framing: Framing): Promise<boolean> {
  if (response.destroyed) return false;
  if (framing.bytes === undefined) return response.write(text) || !response.destroyed;
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length && !response.destroyed; start += framing.bytes) {
    response.write(bytes.subarray(start, start + framing.bytes));
    await nextTurn();
  }
  return !response.destroyed;
}
