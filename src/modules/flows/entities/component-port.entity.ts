import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { PortKind } from '../catalogue/component-definition.js';
import { AgenticComponent } from './agentic-component.entity.js';
import { ComponentPart } from './component-part.js';

@Entity('component_ports')
@Index('component_ports_key', ['componentId', 'key'], { unique: true })
export class ComponentPortRow extends ComponentPart {
  @ManyToOne(() => AgenticComponent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'component_id', foreignKeyConstraintName: 'component_ports_component_id_fkey' })
  component: Relation<AgenticComponent>;

  @Column({ type: 'text' })
  label: string;

  @Column({ type: 'text' })
  direction: 'in' | 'out';

  @Column({ type: 'text' })
  kind: PortKind;

  /** Null: no port of changing number. */
  @Column({ type: 'integer', nullable: true })
  maxConnections: number | null;
}
