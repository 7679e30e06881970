import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../../users/entities/user.entity.js';

/** Bytes that somebody owns, such as an image. Never changed; the same bytes of one owner are kept once. */
@Entity('artifacts')
@Index('artifacts_content_key', ['ownerId', 'sha256', 'contentType'], { unique: true })
export class Artifact {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'artifacts_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  /** As the bytes tell, not as somebody claimed. */
  @Column({ type: 'text' })
  contentType: string;

  @Column({ type: 'integer' })
  sizeBytes: number;

  /** 64 hexadecimal digits. */
  @Column({ type: 'text' })
  sha256: string;

  @Column({ type: 'bytea', select: false })
  content: Buffer;
}
