import { Injectable } from '@nestjs/common';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class PingDto {}

@Injectable()
export class PingMessage implements SocketMessage<PingDto> {
  readonly name = 'ping';
  readonly dto = PingDto;

  async handle(session: SocketSession): Promise<MessageAnswer> {
    return { afterwards: () => session.send('pong', {}) };
  }
}
