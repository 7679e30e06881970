import OpenAI from 'openai';

type Message = OpenAI.ChatCompletionMessageParam;

/** Milliseconds to the first token of the provider itself, asked by its SDK. */
export async function bareFirstTokenMs(baseURL: string, messages: Message[]): Promise<number> {
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 });
  const startedAt = performance.now();
  let firstMs = Number.NaN;
  const stream = await client.chat.completions.create({ model: 'model-small', messages, stream: true });
  for await (const { choices } of stream) {
    if (Number.isNaN(firstMs) && choices[0]?.delta.content) firstMs = performance.now() - startedAt;
  }
  return firstMs;
}
