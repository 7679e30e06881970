import { Injectable } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import { streamName } from '../../../streams/stream-name.js';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class JoinProjectDto {
  @IsUUID()
  project_id: string;
}

/** Short for a subscription to the project's stream. */
@Injectable()
export class JoinProjectMessage implements SocketMessage<JoinProjectDto> {
  readonly name = 'join_project';
  readonly scope = 'read';
  readonly dto = JoinProjectDto;

  handle(session: SocketSession, { project_id: projectId }: JoinProjectDto): Promise<MessageAnswer> {
    return session.inTurn(async () => {
      const stream = streamName('project', projectId.toLowerCase());
      const { seq, start } = await session.open(stream, undefined, false);
      return { data: { stream, seq }, afterwards: start };
    });
  }
}
