import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('streams')
export class Stream {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: string;

  /** `run:<uuid>`, `user:<uuid>`, … */
  @Index('streams_name', { unique: true })
  @Column({ type: 'text' })
  name: string;

  /** Lowest seq that can still be read. */
  @Column({ type: 'integer', default: 1 })
  firstSeq: number;

  /** Of shared streams. A run's stream is numbered by its holder, and its last seq is that of its last row. */
  @Column({ type: 'integer', default: 0 })
  lastSeq: number;
}
