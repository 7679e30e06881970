import type { PriceTable } from './price-list.js';

/**
 * List prices in USD per million tokens, or per image, without batches and priorities: gathered on 2026-11-20 from public
 * price lists. The vendors' own pages, to check them against, are named in docs/costs.md. What routers (openrouter,
 * huggingface) ask depends on where they route to, so they are not listed.
 */
export const STANDARD_PRICES: PriceTable = {
  offline: { '*': { input: 0, output: 0, image: 0 } },
  anthropic: {
    'claude-opus-5-5*': { input: 4, cachedInput: 0.2, cacheWrite: 5, output: 20 },
    'claude-opus-5*': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
    'claude-opus-4-5*': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
    'claude-sonnet-5-5*': { input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 },
    'claude-sonnet-5*': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10 },
    'claude-sonnet-4*': { input: 3, cachedInput: 0.3, cacheWrite: 3.75, output: 15 },
    'claude-haiku-5-5*': {
      input: 0.1,
      cachedInput: 0.01,
      cacheWrite: 0.125,
      output: 0.5,
      above: { inputTokens: 100_000, input: 0.5, cachedInput: 0.05, output: 2.5 },
    },
    'claude-haiku-4-5*': { input: 1, cachedInput: 0.1, cacheWrite: 1.25, output: 5 },
  },
  openai: {
    'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
    'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
    'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
    'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
    'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
    'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
    'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
    'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
    'o4-mini': { input: 1.1, cachedInput: 0.275, output: 4.4 },
    'text-embedding-3-small': { input: 0.02 },
    'text-embedding-3-large': { input: 0.13 },
  },
  gemini: {
    // Half of what it will cost from 2027 on.
    'gemini-3.8-flash': { input: 0.75, cachedInput: 0.075, output: 3.75 },
    'gemini-2.5-pro': {
      input: 1.25,
      cachedInput: 0.125,
      output: 10,
      above: { inputTokens: 200_000, input: 2.5, cachedInput: 0.25, output: 15 },
    },
    'gemini-2.5-flash': { input: 0.3, cachedInput: 0.03, output: 2.5 },
    'gemini-embedding-001': { input: 0.15 },
    'gemini-2.5-flash-lite': { input: 0.1, cachedInput: 0.01, output: 0.4 },
  },
  mistral: {
    'ministral-14b-2512': { input: 0.2, output: 0.2 },
    'labs-mistral-small-creative': { input: 0.1, output: 0.3 },
    'mistral-embed': { input: 0.1 },
    'mistral-large-2512': { input: 0.5, output: 1.5 },
  },
  glm: {
    'glm-4.6': { input: 0.6, cachedInput: 0.11, output: 2.2 },
    'glm-4.5-air': { input: 0.2, cachedInput: 0.03, output: 1.1 },
  },
  fireworks: {
    'flux-kontext-pro': { image: 0.04 },
    'flux-kontext-max': { image: 0.08 },
  },
};
