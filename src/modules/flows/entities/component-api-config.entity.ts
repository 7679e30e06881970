import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { ExecutorKind } from '../catalogue/component-definition.js';
import { AgenticComponent } from './agentic-component.entity.js';
import { ComponentPart } from './component-part.js';

/** How a component calls the outside. One for each component so far, with the key `default`. */
@Entity('component_api_config')
@Index('component_api_config_key', ['componentId', 'key'], { unique: true })
export class ComponentApiConfigRow extends ComponentPart {
  @ManyToOne(() => AgenticComponent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'component_id', foreignKeyConstraintName: 'component_api_config_component_id_fkey' })
  component: Relation<AgenticComponent>;

  @Column({ type: 'text' })
  executor: ExecutorKind;

  @Column({ type: 'double precision', nullable: true })
  temperature: number | null;

  @Column({ type: 'integer', nullable: true })
  maxOutputTokens: number | null;

  @Column({ type: 'jsonb' })
  inputMapping: Readonly<Record<string, string>>;
}
