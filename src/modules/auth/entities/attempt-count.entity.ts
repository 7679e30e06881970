import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Attempts within a window, counted over all processes. */
@Entity('attempt_counts')
export class AttemptCount {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'attempt_counts_pkey' })
  key: string;

  @Column({ type: 'integer' })
  attempts: number;

  @Column({ type: 'timestamptz', precision: 3 })
  resetsAt: Date;
}
