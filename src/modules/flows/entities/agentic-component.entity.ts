import { Column, Entity, Index } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import type { ComponentCategory, ProviderType } from '../catalogue/component-definition.js';

/** A type of node, as the catalogue in the code has it: seeded at each start, found by `type`. */
@Entity('agentic_components')
export class AgenticComponent extends BaseEntity {
  @Index('agentic_components_type_key', { unique: true })
  @Column({ type: 'text' })
  type: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'text' })
  category: ComponentCategory;

  @Column({ type: 'text' })
  icon: string;

  @Column({ type: 'text' })
  color: string;

  @Column({ type: 'text' })
  providerType: ProviderType;

  @Column({ type: 'boolean' })
  usesLlm: boolean;

  @Column({ type: 'text', nullable: true })
  defaultProvider: string | null;

  @Column({ type: 'text', nullable: true })
  defaultModel: string | null;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'boolean', default: true })
  isActive: boolean;
}
