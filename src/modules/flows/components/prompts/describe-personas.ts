import type { Persona } from '../../graph/node-inputs.js';

/** One line for each character. */
export function describePersonas(personas: readonly Persona[]): string {
  return personas.map(({ name, description }) => `- ${[name, description].filter(Boolean).join(': ')}`).join('\n');
}
