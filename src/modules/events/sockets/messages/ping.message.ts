import { Injectable } from '@nestjs/common';
import type { SocketSession } from '../socket-session.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

@Injectable()
export class PingMessage implements SocketMessage {
  readonly name = 'ping';
  readonly scope = 'read';

  async handle(session: SocketSession): Promise<MessageAnswer> {
    return { afterwards: () => session.send('pong', {}) };
  }
}
