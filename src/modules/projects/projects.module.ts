import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { AccessPolicy } from './access-policy.js';
import { ProjectMember } from './entities/project-member.entity.js';
import { Project } from './entities/project.entity.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';
import { OwnerRemoval } from './owner-removal.js';
import { ProjectContents } from './project-contents.js';
import { ProjectRemovals } from './project-removals.js';
import { ProjectStreams } from './project-streams.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';
import { PersonalData } from '../users/personal-data.js';
import { LOCK_PROJECTS, PERSONAL_PROJECT_TEXTS, PERSONAL_PROJECTS } from './personal-records.js';

/** Where people work together, and the policy that every module asks. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Project, ProjectMember]), UsersModule],
  controllers: [ProjectsController, MembersController],
  providers: [
    AccessPolicy,
    MembersService,
    OwnerRemoval,
    ProjectContents,
    ProjectRemovals,
    ProjectStreams,
    ProjectsService,
  ],
  exports: [AccessPolicy, ProjectContents, ProjectRemovals, ProjectStreams, ProjectsService, UsersModule],
})
export class ProjectsModule {
  constructor(personal: PersonalData) {
    personal.registerBeginning(LOCK_PROJECTS);
    personal.registerStored('project_texts', PERSONAL_PROJECT_TEXTS);
    personal.registerStored('projects', PERSONAL_PROJECTS);
  }
}
