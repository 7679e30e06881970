import type { Persona } from '../../graph/node-inputs.js';
import type { Prompt } from '../node-model.service.js';
import { describePersonas } from './describe-personas.js';

export interface EnhancerMaterial {
  readonly text: string;
  readonly notes: string;
  readonly personas: readonly Persona[];
}

/**
 * Makes a prompt better.
 *
 * The answer must hold: the aim of the prompt, made concrete; what the notes ask for; the characters, when given.
 * It must not hold: an answer to the prompt, facts that contradict it, or words about what was changed.
 */
export function promptEnhancerPrompt({ text, notes, personas }: EnhancerMaterial): Prompt {
  const material = [
    text === '' ? '' : `Prompt:\n${text}`,
    notes === '' ? '' : `Notes:\n${notes}`,
    personas.length === 0 ? '' : `Characters:\n${describePersonas(personas)}`,
  ];
  return {
    system: [
      'You improve prompts that will be given to a generative model.',
      'Keep the language and the aim. Add what makes the result definite: subject, setting, mood, style, form.',
      'Notes, when there are any, say what to change and come before your own taste.',
      'Characters, when there are any, take part under their names and with their looks.',
      'Do not answer or carry out the prompt.',
      'Answer with the improved prompt alone: no introduction, no remarks, no quotation marks.',
    ].join('\n'),
    user: material.filter((part) => part !== '').join('\n\n'),
  };
}
