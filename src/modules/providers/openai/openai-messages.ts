import type { ChatCompletionContentPart, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { base64Of, type ContentPart, type ImageSource, textOf } from '../model-content.js';
import type { ModelMessage } from '../model-provider.js';

/** A message in the words of chat completions. Text stays a plain string: not all who are compatible read parts. */
export function chatMessageOf({ role, content }: ModelMessage): ChatCompletionMessageParam {
  if (role !== 'user' || typeof content === 'string') return { role, content: textOf(content) };
  return { role, content: content.map(chatPartOf) };
}

function chatPartOf(part: ContentPart): ChatCompletionContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  return { type: 'image_url', image_url: { url: addressOf(part.image) } };
}

function addressOf(image: ImageSource): string {
  return 'url' in image ? image.url : `data:${image.mediaType};base64,${base64Of(image.bytes)}`;
}
