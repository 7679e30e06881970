import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { FieldKind, FieldOption } from '../catalogue/component-definition.js';
import { AgenticComponent } from './agentic-component.entity.js';
import { ComponentPart } from './component-part.js';

@Entity('component_fields')
@Index('component_fields_key', ['componentId', 'key'], { unique: true })
export class ComponentFieldRow extends ComponentPart {
  @ManyToOne(() => AgenticComponent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'component_id', foreignKeyConstraintName: 'component_fields_component_id_fkey' })
  component: Relation<AgenticComponent>;

  @Column({ type: 'text' })
  label: string;

  @Column({ type: 'text' })
  kind: FieldKind;

  @Column({ type: 'boolean' })
  required: boolean;

  /** Of selects only. */
  @Column({ type: 'jsonb', nullable: true })
  options: readonly FieldOption[] | null;

  @Column({ type: 'text', nullable: true })
  placeholder: string | null;
}
