import { Injectable } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class UnsubscribeDto {
  @IsString()
  @MaxLength(100)
  stream: string;
}

@Injectable()
export class UnsubscribeMessage implements SocketMessage<UnsubscribeDto> {
  readonly name = 'unsubscribe';
  readonly scope = 'read';
  readonly dto = UnsubscribeDto;

  handle(session: SocketSession, { stream }: UnsubscribeDto): Promise<MessageAnswer> {
    return session.inTurn(async () => {
      session.unsubscribe(stream);
      return { data: { stream } };
    });
  }
}
