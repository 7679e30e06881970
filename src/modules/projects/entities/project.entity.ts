import { Column, Entity } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';

/** Where people work together. Whose it is, its members say. */
@Entity('projects')
export class Project extends BaseEntity {
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'text', nullable: true })
  providerId: string | null;

  @Column({ type: 'text', nullable: true })
  model: string | null;
}
