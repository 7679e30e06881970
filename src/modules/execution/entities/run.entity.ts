import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a run is and what became of it. Where it stands is in its `RunControl`. */
@Entity('runs')
@Index('runs_child', { synchronize: false })
@Index('runs_ended_child', { synchronize: false })
@Index('runs_project', { synchronize: false })
@Index('runs_owner', ['userId', 'id'])
export class Run {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'integer' })
  programVersion: number;

  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'uuid', nullable: true })
  parentRunId: string | null;

  @Column({ type: 'uuid' })
  rootRunId: string;

  /** Under which its parent started it. */
  @Column({ type: 'text', nullable: true })
  childKey: string | null;

  /** The intent by which its parent learnt of its end. */
  @Column({ type: 'integer', nullable: true })
  parentSeq: number | null;

  @Column({ type: 'json' })
  input: unknown;

  @Column({ type: 'json', nullable: true })
  output: unknown;

  @Column({ type: 'json', nullable: true })
  error: unknown;

  /** Ids that the run is shown with (`flow_id`, …). */
  @Column({ type: 'jsonb', default: {} })
  refs: Record<string, string | number>;

  @Column({ type: 'uuid' })
  traceId: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt: Date | null;
}
