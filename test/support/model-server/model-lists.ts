import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

const MODELS = ['model-small', 'model-large'];

/** Answers the list of models in the words of whoever asks. False when the route is another. */
export function sendModels(
  method: string,
  pathname: string,
  headers: IncomingHttpHeaders,
  response: ServerResponse,
): boolean {
  const list = method === 'GET' ? listFor(pathname, 'anthropic-version' in headers) : undefined;
  if (list === undefined) return false;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
  return true;
}

function listFor(pathname: string, isAnthropic: boolean): object | undefined {
  if (pathname === '/v1beta/models') return { models: MODELS.map(geminiModel) };
  if (pathname !== '/v1/models') return undefined;
  if (isAnthropic) return { data: MODELS.map(anthropicModel), has_more: false, first_id: null, last_id: null };
  return { object: 'list', data: MODELS.map(openAiModel) };
}

function openAiModel(id: string) {
  return { id, object: 'model', created: 1_760_000_000, owned_by: 'loopback' };
}

/** The large one sees images. */
function anthropicModel(id: string) {
  const capabilities = { image_input: { supported: id === 'model-large' } };
  return { id, type: 'model', display_name: id, created_at: '2026-01-01T00:00:00Z', capabilities };
}

function geminiModel(id: string) {
  return { name: `models/${id}`, displayName: id, supportedGenerationMethods: ['generateContent'] };
}
