import { Injectable } from '@nestjs/common';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import type { After } from '../run-tree-subscription.js';
import type { SocketSession } from '../socket-session.js';
import { IsAfter } from './is-after.decorator.js';
import type { MessageAnswer, SocketMessage } from './socket-message.js';

export class SubscribeDto {
  @IsString()
  @MaxLength(100)
  stream: string;

  @IsOptional()
  @IsAfter()
  after?: After;

  @IsOptional()
  @IsBoolean()
  tree?: boolean;
}

@Injectable()
export class SubscribeMessage implements SocketMessage<SubscribeDto> {
  readonly name = 'subscribe';
  readonly scope = 'read';
  readonly dto = SubscribeDto;

  handle(session: SocketSession, { stream, after, tree = false }: SubscribeDto): Promise<MessageAnswer> {
    return session.inTurn(async () => {
      const { seq, start } = await session.open(stream, after ?? undefined, tree);
      return { data: { stream, seq }, afterwards: start };
    });
  }
}
