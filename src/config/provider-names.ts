/** The services whose key and address the environment may give, as `<NAME>_API_KEY` and `<NAME>_BASE_URL`. */
export const PROVIDER_NAMES = [
  'openai',
  'anthropic',
  'gemini',
  'mistral',
  'glm',
  'openrouter',
  'hf',
  'fireworks',
  'tavily',
] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];
