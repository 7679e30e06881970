import { Injectable } from '@nestjs/common';
import { IsString, IsUUID } from 'class-validator';
import { SignalRunDto } from '../../../execution/dto/steer-run.dto.js';
import { ParseSignalKeyPipe } from '../../../execution/parse-signal-key.pipe.js';
import { RunsService } from '../../../execution/runs.service.js';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class SignalExecutionDto extends SignalRunDto {
  @IsUUID()
  run_id: string;

  @IsString()
  key: string;
}

/** As `POST /runs/{id}/signals/{key}`: approvals are answered where they are asked for. */
@Injectable()
export class SignalExecutionMessage implements SocketMessage<SignalExecutionDto> {
  readonly name = 'execution.signal';
  readonly scope = 'run';
  readonly dto = SignalExecutionDto;
  private readonly keys = new ParseSignalKeyPipe();

  constructor(private readonly runs: RunsService) {}

  async handle({ user }: SocketSession, { run_id, key, decision, data }: SignalExecutionDto): Promise<MessageAnswer> {
    const payload = { decision, ...(data && { data }) };
    const run = await this.runs.signal(user.id, run_id.toLowerCase(), this.keys.transform(key), payload);
    return { data: { run_id: run.id, status: run.status } };
  }
}
