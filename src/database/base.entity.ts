import { CreateDateColumn, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** The columns of every entity that people read and edit. The id is a UUID version 7 made by the application. */
export abstract class BaseEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz', precision: 3 })
  updatedAt: Date;
}
