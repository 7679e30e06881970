import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** One event of a stream. Written by plain SQL alone; never changed but by the erasure of a person. */
@Entity('event_logs')
export class EventLog {
  /** Id of the row in `streams`. */
  @PrimaryColumn({ type: 'bigint' })
  stream: string;

  @PrimaryColumn({ type: 'integer' })
  seq: number;

  @Column({ type: 'text' })
  name: string;

  /** What readers of the stream see. */
  @Column({ type: 'json' })
  payload: unknown;

  /** What only the engine reads, when it is not the payload. */
  @Column({ type: 'json', nullable: true })
  record: unknown;

  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  /** The W3C trace id: 32 hexadecimal digits, shown by PostgreSQL with hyphens. */
  @Column({ type: 'uuid' })
  traceId: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
