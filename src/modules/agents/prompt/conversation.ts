import { type RecalledItem, recalledText } from '../../memory/recall/recalled-item.js';
import type { ContentPart, ImageSource } from '../../providers/model-content.js';
import type { ModelMessage, ModelToolCall } from '../../providers/model-provider.js';
import type { Folded } from '../program/agent-ports.js';
import type { AgentAttachment, AgentRunInput, AgentToolCall, AnsweredCall, Exchange } from '../program/agent-run.js';
import { DATA_RULE, dataBlock } from './data-block.js';
import type { WireNames } from './wire-names.js';

/** One message of an earlier turn. */
export interface EarlierMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Earlier turns: a summary of the first of them, and the others as they were. */
export interface EarlierTurns {
  readonly summary: string | undefined;
  readonly messages: readonly EarlierMessage[];
}

export interface ConversationParts {
  readonly input: AgentRunInput;
  readonly earlier: EarlierTurns | undefined;
  readonly folded: Folded | undefined;
  readonly recalled?: readonly RecalledItem[];
  readonly exchanges: readonly Exchange[];
  /** The rules of behaviour as the model reads them; may be empty. */
  readonly rules: string;
  readonly names: WireNames;
  /** By reference. */
  readonly images: ReadonlyMap<string, ImageSource>;
}

const REMEMBERED =
  'What is remembered that may matter now, the best match first; of two that disagree, the newer holds:';
const LEFT_OUT = 'The beginning of this conversation is left out: it was too long.';

/** All that the model is shown, in order. Pure. */
export function conversationOf(parts: ConversationParts): ModelMessage[] {
  const { input, earlier, exchanges, names } = parts;
  return [
    { role: 'system', content: systemPrompt(input.agent.system_prompt, parts) },
    ...(earlier?.messages ?? []),
    ...instructionMessages(parts),
    ...exchanges.flatMap((exchange) => exchangeMessages(exchange, names)),
  ];
}

function systemPrompt(own: string, { rules, earlier, folded, recalled = [] }: ConversationParts): string {
  const summary = folded && 'summary' in folded ? folded.summary : earlier?.summary;
  const before = summary === undefined ? [] : [`Earlier in this conversation:\n${dataBlock('summary', summary)}`];
  const cut = folded && 'cut' in folded ? [LEFT_OUT] : [];
  return [own, rules, DATA_RULE, ...memoryOf(recalled), ...before, ...cut].filter((part) => part !== '').join('\n\n');
}

function memoryOf(recalled: readonly RecalledItem[]): string[] {
  if (recalled.length === 0) return [];
  return [`${REMEMBERED}\n${dataBlock('memory', recalled.map(recalledText).join('\n'))}`];
}

/** In a room, whose last words stand before it already, the instruction is the last of them. */
function instructionMessages({ input, images }: ConversationParts): ModelMessage[] {
  if (input.room && input.instruction === '') return [];
  return [{ role: 'user', content: instructionOf(input, images) }];
}

function instructionOf({ instruction, attachments = [] }: AgentRunInput, images: ConversationParts['images']) {
  const texts = attachments.flatMap(({ name, text }) => (text === undefined ? [] : [dataBlock(`file ${name}`, text)]));
  const text = [instruction, ...texts].join('\n\n');
  const shown = attachments.flatMap((attachment) => imagePart(attachment, images));
  return shown.length === 0 ? text : [...shown, { type: 'text' as const, text }];
}

function imagePart({ image }: AgentAttachment, images: ConversationParts['images']): ContentPart[] {
  const source = image === undefined ? undefined : images.get(image);
  return source ? [{ type: 'image', image: source }] : [];
}

function exchangeMessages(exchange: Exchange, names: WireNames): ModelMessage[] {
  if ('added' in exchange) return [{ role: 'user', content: exchange.added }];
  const { message, results } = exchange;
  const toolCalls = results.map(({ call }) => wireCall(call, names));
  return [
    { role: 'assistant', content: message.text, ...(toolCalls.length > 0 && { toolCalls }) },
    ...results.map((answered) => resultMessage(answered, names)),
  ];
}

function wireCall({ id, name, arguments: argumentsText, signature }: AgentToolCall, names: WireNames): ModelToolCall {
  return { id, name: names.toWire(name), argumentsText, ...(signature !== undefined && { signature }) };
}

function resultMessage({ call, result }: AnsweredCall, names: WireNames): ModelMessage {
  const shown = result.ok ? withArtifacts(result.output, result.artifacts) : JSON.stringify({ error: result.error });
  return {
    role: 'tool',
    toolCallId: call.id,
    toolName: names.toWire(call.name),
    content: dataBlock(`tool ${call.name}`, shown),
    ...(!result.ok && { isError: true }),
  };
}

function withArtifacts(
  output: unknown,
  artifacts: readonly { artifact_id: string; media_type: string }[] = [],
): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output ?? null);
  const kept = artifacts.map(({ artifact_id, media_type }) => `[artifact:${artifact_id}, ${media_type}]`);
  return [text, ...kept].join('\n');
}
