import type { Persona } from '../../graph/node-inputs.js';
import type { Prompt } from '../node-model.service.js';
import { describePersonas } from './describe-personas.js';

/**
 * Writes characters into a text that somebody typed.
 *
 * The answer must hold: the whole request of the text, and every character with name and looks where it acts.
 * It must not hold: the text a second time, a list of the characters beside it, or words about what was done.
 */
export function initialPromptPrompt(text: string, personas: readonly Persona[]): Prompt {
  return {
    system: [
      'You write given characters into a text.',
      'Keep the language, the intent and every detail of the text.',
      'Work each character, by name and looks, into the place where it belongs; if the text leaves a role open, cast it.',
      'Answer with the rewritten text alone, once: no introduction, no list of characters, no remarks, no quotation marks.',
    ].join('\n'),
    user: `Text:\n${text}\n\nCharacters:\n${describePersonas(personas)}`,
  };
}
