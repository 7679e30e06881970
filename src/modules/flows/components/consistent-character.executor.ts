import { Injectable } from '@nestjs/common';
import { isId } from '../../../common/ids/id.js';
import { CharactersService } from '../../characters/characters.service.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { FlowNode } from '../graph/flow-graph.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { FlowScope, NodeExecutor as Executor, NodeWork, ResolvedData } from '../program/node-executor.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  type: 'consistentCharacter',
  name: 'Consistent character',
  description: 'A persona, described here or stored (`character_id`), for the nodes that it is wired to.',
  category: 'data_source',
  icon: 'user',
  color: 'pink',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    { key: 'characterName', label: 'Name', kind: 'text', required: true },
    { key: 'characterDescription', label: 'Description', kind: 'textarea', required: true },
    { key: 'characterImagePath', label: 'Image', kind: 'image', required: false },
  ],
  ports: [{ key: 'adapter-out', label: 'Character', direction: 'out', kind: 'adapter' }],
  api: {
    executor: 'data_source',
    inputMapping: { persona_name: 'field:characterName', persona_description: 'field:characterDescription' },
  },
  outputs: [
    { key: 'persona_name', kind: 'persona_name', description: 'The name' },
    { key: 'persona_description', kind: 'persona_description', description: 'How the character looks and is' },
  ],
};

@Injectable()
@NodeExecutor('consistentCharacter')
export class ConsistentCharacterExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly characters: CharactersService) {}

  /** A run keeps the character as it was when it began. */
  async resolve(nodes: readonly FlowNode[], { ownerId }: FlowScope): Promise<readonly ResolvedData[]> {
    const ids = nodes.map(({ data }) => textField(data, 'character_id').toLowerCase());
    const stored = await this.characters.listExisting(ownerId, ids.filter(isId));
    const byId = new Map(stored.map((character) => [character.id, character]));
    return ids.map((id): ResolvedData => {
      if (id === '') return { data: {} };
      const character = byId.get(id);
      if (!character)
        return { field: 'character_id', code: 'CHARACTER_NOT_FOUND', message: `there is no character ${id}` };
      const { name, description, image } = character;
      return { data: { characterName: name, characterDescription: description || name, characterImagePath: image } };
    });
  }

  async execute({ data }: NodeWork): Promise<NodeOutput> {
    return {
      persona_name: textField(data, 'characterName'),
      persona_description: textField(data, 'characterDescription'),
    };
  }
}
