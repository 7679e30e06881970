import { Column, PrimaryColumn } from 'typeorm';

/** What the tables below a component have in common. A part is found by its component and its key. */
export abstract class ComponentPart {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  componentId: string;

  @Column({ type: 'text' })
  key: string;

  /** Counted from 0, in the order of the catalogue. */
  @Column({ type: 'integer' })
  position: number;
}
