import type { ImageBlockParam, MessageCreateParamsBase, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { base64Of, type ContentPart, type ImageSource, type ModelContent, textOf } from '../model-content.js';
import type { ModelRequest } from '../model-provider.js';

type MediaType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

/** Required by the API, so there is one when nobody names a bound. */
const DEFAULT_OUTPUT_TOKENS = 4_096;

/** A request in the words of Messages. There is no temperature: the API refuses it since its version of 2026-10-21. */
export function anthropicBody(request: ModelRequest): Omit<MessageCreateParamsBase, 'stream'> {
  const system = request.messages.filter(({ role }) => role === 'system').map(({ content }) => textOf(content));
  const spoken = request.messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }]));
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS,
    messages: spoken.map(({ role, content }) =>
      role === 'user' ? { role, content: contentOf(content) } : { role, content: textOf(content) },
    ),
    ...(system.length > 0 && { system: system.join('\n\n') }),
    ...(request.stop?.length && { stop_sequences: [...request.stop] }),
  };
}

function contentOf(content: ModelContent): string | Array<TextBlockParam | ImageBlockParam> {
  return typeof content === 'string' ? content : content.map(blockOf);
}

function blockOf(part: ContentPart): TextBlockParam | ImageBlockParam {
  return part.type === 'text' ? { type: 'text', text: part.text } : { type: 'image', source: sourceOf(part.image) };
}

/** A media type that the API does not take is refused by the API, not here. */
function sourceOf(image: ImageSource): ImageBlockParam['source'] {
  if ('url' in image) return { type: 'url', url: image.url };
  return { type: 'base64', media_type: image.mediaType as MediaType, data: base64Of(image.bytes) };
}
