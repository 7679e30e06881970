import type { Model } from 'openai/resources/models';
import { describe, expect, it } from 'vitest';
import { chatModels } from './openai-models.js';
import { GLM, MISTRAL, OPENAI, OPENROUTER } from './openai-traits.js';

function model(id: string, more: object = {}): Model {
  return { id, object: 'model', created: 0, owned_by: 'x', ...more };
}

const SEES = ['text', 'vision', 'streaming'];
const READS = ['text', 'streaming'];

describe('chatModels', () => {
  it('leaves out what is not for chat', () => {
    const ids = ['gpt-4.1-mini', 'text-embedding-3-small', 'whisper-1', 'gpt-4o-audio-preview', 'gpt-image-1', 'tts-1'];
    const listed = chatModels(
      ids.map((id) => model(id)),
      OPENAI,
    );
    expect(listed.map(({ id }) => id)).toEqual(['gpt-4.1-mini']);
  });

  it.each([
    ['gpt-4.1-mini', OPENAI, {}, SEES],
    ['gpt-3.5-turbo', OPENAI, {}, READS],
    ['glm-4.6v', GLM, {}, SEES],
    ['glm-4.6', GLM, {}, READS],
    ['ministral-14b-2512', MISTRAL, { capabilities: { completion_chat: true, vision: true } }, SEES],
    ['some/model', OPENROUTER, { architecture: { input_modalities: ['text', 'image'] } }, SEES],
    ['some/other', OPENROUTER, { architecture: { input_modalities: ['text'] } }, READS],
    ['unknown', MISTRAL, {}, READS],
  ])('tells what %s can do', (id, traits, more, capabilities) => {
    expect(chatModels([model(id, more)], traits)).toEqual([{ id, capabilities }]);
  });

  it('believes the list', () => {
    expect(chatModels([model('mistral-embed', { capabilities: { completion_chat: false } })], MISTRAL)).toEqual([]);
  });
});
