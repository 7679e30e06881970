import { Injectable } from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { StartExecutionDto } from '../../../flows/dto/start-flow-run.dto.js';
import { FlowRunsService } from '../../../flows/flow-runs.service.js';
import { streamName } from '../../../streams/stream-name.js';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class StartExecutionMessageDto extends OmitType(StartExecutionDto, ['wait_seconds'] as const) {}

/** As `POST /execution/run`; whoever starts a run follows it from its first event. */
@Injectable()
export class StartExecutionMessage implements SocketMessage<StartExecutionMessageDto> {
  readonly name = 'execution.start';
  readonly scope = 'run';
  readonly dto = StartExecutionMessageDto;

  constructor(private readonly runs: FlowRunsService) {}

  handle(session: SocketSession, request: StartExecutionMessageDto): Promise<MessageAnswer> {
    session.assertMayFollowMore();
    return session.withRoomHeld(async () => {
      const { runId } = await this.runs.start(session.user, request);
      const stream = streamName('run', runId);
      const { seq, start } = await session.inTurn(() => session.open(stream, 0, false));
      return { data: { run_id: runId, stream, seq }, afterwards: start };
    });
  }
}
