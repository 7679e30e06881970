import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { OutputKind } from '../catalogue/component-definition.js';
import { AgenticComponent } from './agentic-component.entity.js';
import { ComponentPart } from './component-part.js';

@Entity('component_output_schema')
@Index('component_output_schema_key', ['componentId', 'key'], { unique: true })
export class ComponentOutputRow extends ComponentPart {
  @ManyToOne(() => AgenticComponent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'component_id', foreignKeyConstraintName: 'component_output_schema_component_id_fkey' })
  component: Relation<AgenticComponent>;

  @Column({ type: 'text' })
  kind: OutputKind;

  @Column({ type: 'text' })
  description: string;
}
