import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseClock } from '../../common/time/database-clock.js';
import { AgentsModule } from '../agents/agents.module.js';
import { PersonalData } from '../users/personal-data.js';
import { ProjectContents } from '../projects/project-contents.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { GroupAccess } from './access/group-access.js';
import { Group } from './entities/group.entity.js';
import { GroupMember } from './entities/group-member.entity.js';
import { GroupMessage } from './entities/group-message.entity.js';
import { GroupTurn } from './entities/group-turn.entity.js';
import { GroupStreams } from './group-streams.js';
import { Attendance } from './hours/attendance.service.js';
import { GroupsController } from './groups.controller.js';
import { GroupsService } from './groups.service.js';
import { GroupMembersController } from './members/group-members.controller.js';
import { GroupMembersService } from './members/group-members.service.js';
import { MemberChecks } from './members/member-checks.service.js';
import { OrphanedTurns } from './messages/orphaned-turns.service.js';
import { MessageReader } from './messages/message-reader.service.js';
import { MessageStore } from './messages/message-store.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesService } from './messages/messages.service.js';
import { GroupRoomHistory } from './messages/room-history.service.js';
import { TurnBeginnings } from './messages/turn-beginnings.service.js';
import { TurnStops } from './messages/turn-stops.service.js';
import { TurnsService } from './messages/turns.service.js';
import { LOCK_GROUPS, PERSONAL_GROUPS } from './personal/personal-groups.js';
import { PersonalRoomTexts } from './personal/personal-room-texts.js';
import { RoomsLoop } from './rooms-loop.js';
import { TriggerFiring } from './triggers/trigger-firing.service.js';
import { Actors } from './program/actors.service.js';
import { TurnProgram } from './program/turn-program.provider.js';
import { TurnRouting } from './program/turn-routing.service.js';

const ALONE = [Attendance, DatabaseClock, OrphanedTurns, RoomsLoop, TriggerFiring];
const MESSAGES = [MessageReader, MessageStore, MessagesService, GroupRoomHistory];
const TURNS = [Actors, TurnBeginnings, TurnProgram, TurnRouting, TurnsService, TurnStops];

/** Rooms of people and agents. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Group, GroupMember, GroupMessage, GroupTurn]),
    AgentsModule,
    ProjectsModule,
    ProvidersModule,
  ],
  controllers: [GroupsController, GroupMembersController, MessagesController],
  providers: [
    GroupAccess,
    GroupMembersService,
    GroupsService,
    GroupStreams,
    MemberChecks,
    PersonalRoomTexts,
    ...ALONE,
    ...MESSAGES,
    ...TURNS,
  ],
  exports: [MessagesService, GroupAccess],
})
export class GroupsModule {
  constructor(contents: ProjectContents, personal: PersonalData, roomTexts: PersonalRoomTexts) {
    contents.register(Group);
    personal.registerBeginning(LOCK_GROUPS);
    personal.register('room_texts', roomTexts);
    personal.registerStored('groups', PERSONAL_GROUPS);
  }
}
