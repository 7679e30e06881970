import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Group } from './group.entity.js';

/** What one message of a person set going, or a trigger. */
@Entity('group_turns')
@Index('group_turns_trigger_key', ['triggerKey'], { unique: true })
@Index('group_turns_open_idx', ['groupId'], { where: `"status" <> 'ended'` })
export class GroupTurn {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @ManyToOne(() => Group, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'group_id', foreignKeyConstraintName: 'group_turns_group_id_fkey' })
  group: Relation<Group>;

  @Column({ type: 'uuid' })
  groupId: string;

  @Column({ type: 'uuid' })
  runId: string;

  /** That began it. */
  @Column({ type: 'uuid' })
  messageId: string;

  @Column({ type: 'text' })
  status: 'queued' | 'running' | 'ended';

  /** Of the trigger that set it off: each does so once. */
  @Column({ type: 'text', nullable: true })
  triggerKey: string | null;

  /** Why it ended. */
  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'integer', default: 0 })
  rounds: number;
}
