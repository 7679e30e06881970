import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { GroupsConfig } from '../../../config/config.js';
import type { ProgramDefinition } from '../../../engine/index.js';
import { Program } from '../../execution/program.decorator.js';
import { Actors } from './actors.service.js';
import { TurnRouting } from './turn-routing.service.js';
import { turnProgram } from './turn-program.definition.js';
import { TURN_KIND, type TurnInput, type TurnOutput } from './turn-run.js';

/** Makes the turn program known to the engine. */
@Injectable()
@Program(TURN_KIND)
export class TurnProgram {
  readonly definition: ProgramDefinition<TurnInput, TurnOutput>;

  constructor(routing: TurnRouting, actors: Actors, { actorSeconds }: GroupsConfig) {
    this.definition = turnProgram({
      // What `transact` hands to its work is a transaction of TypeORM here.
      route: (manager, start, scope) => routing.route(manager as EntityManager, start, scope),
      planOwn: (turn, actor) => actors.planOwn(turn, actor),
      plan: (turn, actor, scope) => actors.plan(turn, actor, scope),
      save: (manager, turn, round, actor, said, scope) =>
        actors.save(manager as EntityManager, { turn, round, actor, said, scope }),
      actorTimeoutMs: actorSeconds * 1_000,
    });
  }
}
