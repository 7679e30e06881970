import type { Persona } from '../../graph/node-inputs.js';
import type { Prompt } from '../node-model.service.js';
import { describePersonas } from './describe-personas.js';

export interface StoryMaterial {
  readonly text: string;
  readonly idea: string;
  readonly tags: readonly string[];
  readonly personas: readonly Persona[];
}

/**
 * Tells a bold short story.
 *
 * The answer must hold: a whole story with beginning, turn and end, built on the material; the characters by name.
 * It must not hold: a title, an outline, a moral spelled out, or words about the story.
 */
export function storyTellerPrompt({ text, idea, tags, personas }: StoryMaterial): Prompt {
  const material = [
    idea === '' ? '' : `Idea:\n${idea}`,
    text === '' ? '' : `Material:\n${text}`,
    tags.length === 0 ? '' : `Tags: ${tags.join(', ')}`,
    personas.length === 0 ? '' : `Characters:\n${describePersonas(personas)}`,
  ];
  return {
    system: [
      'You tell bold short stories.',
      'Build one complete story on the idea and the material: a beginning, a turn that surprises, an end that stays.',
      'Take risks in image and voice; avoid the expected. Stay under 600 words, in the language of the material.',
      'Tags, when there are any, set genre and mood. Characters, when there are any, act under their names and with their looks.',
      'Answer with the story alone: no title, no outline, no moral, no remarks.',
    ].join('\n'),
    user: material.filter((part) => part !== '').join('\n\n'),
  };
}
