import type { Content, GenerateContentConfig, Part } from '@google/genai';
import { base64Of, type ContentPart, partsOf, textOf } from '../model-content.js';
import type { ModelMessage, ModelRequest } from '../model-provider.js';

export function geminiContents(messages: readonly ModelMessage[]): Content[] {
  const spoken = messages.filter(({ role }) => role !== 'system');
  return spoken.map(({ role, content }) => ({
    role: role === 'assistant' ? 'model' : 'user',
    parts: partsOf(content).map(geminiPart),
  }));
}

export function geminiConfig(request: ModelRequest): GenerateContentConfig {
  const system = request.messages.filter(({ role }) => role === 'system').map(({ content }) => textOf(content));
  return {
    // The SDK would otherwise make further requests by itself when an answer breaks off.
    automaticContinuation: false,
    ...(system.length > 0 && { systemInstruction: { parts: [{ text: system.join('\n\n') }] } }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.maxOutputTokens !== undefined && { maxOutputTokens: request.maxOutputTokens }),
    ...(request.stop?.length && { stopSequences: [...request.stop] }),
  };
}

function geminiPart(part: ContentPart): Part {
  if (part.type === 'text') return { text: part.text };
  const { image } = part;
  if ('bytes' in image) return { inlineData: { mimeType: image.mediaType, data: base64Of(image.bytes) } };
  return { fileData: { fileUri: image.url, ...(image.mediaType !== undefined && { mimeType: image.mediaType }) } };
}
