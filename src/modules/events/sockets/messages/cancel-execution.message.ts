import { Injectable } from '@nestjs/common';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { RunsService } from '../../../execution/runs.service.js';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class CancelExecutionDto {
  @IsUUID()
  run_id: string;

  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;
}

/** As `POST /runs/{id}/cancel`. */
@Injectable()
export class CancelExecutionMessage implements SocketMessage<CancelExecutionDto> {
  readonly name = 'execution.cancel';
  readonly scope = 'run';
  readonly dto = CancelExecutionDto;

  constructor(private readonly runs: RunsService) {}

  async handle({ user }: SocketSession, { run_id: runId, reason }: CancelExecutionDto): Promise<MessageAnswer> {
    const { run } = await this.runs.cancel(user.id, runId.toLowerCase(), reason ?? null);
    return { data: { run_id: run.id, status: run.status } };
  }
}
