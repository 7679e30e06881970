import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/agents.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { WorkspaceModule } from '../projects/workspace/workspace.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { PersonalData } from '../users/personal-data.js';
import { Swarm } from './entities/swarm.entity.js';
import { PERSONAL_SWARMS } from './personal-records.js';
import { ProjectCreationController } from './project-creation.controller.js';
import { RoleReports } from './program/role-reports.service.js';
import { SwarmLoading } from './program/swarm-loading.service.js';
import { SwarmProgram } from './program/swarm-program.provider.js';
import { SwarmRunsController } from './swarm-runs.controller.js';
import { SwarmStanding } from './swarm-standing.service.js';
import { SwarmsLoop } from './swarms-loop.js';
import { SwarmStarts } from './swarm-starts.service.js';
import { SwarmStore } from './swarm-store.js';
import { SwarmStreams } from './swarm-streams.js';
import { SwarmsController } from './swarms.controller.js';
import { SwarmsService } from './swarms.service.js';
import { REPORT_TOOLS } from './tools/report-tools.js';

const RUNNING = [SwarmProgram, SwarmLoading, RoleReports, SwarmStore, SwarmStreams];
const STANDING = [SwarmStanding, SwarmsLoop];

/** Projects from a prompt: roles that plan, build, review and test together. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Swarm]),
    AgentsModule,
    ProjectsModule,
    ProvidersModule,
    UsageModule,
    WorkspaceModule,
  ],
  controllers: [ProjectCreationController, SwarmRunsController, SwarmsController],
  providers: [...RUNNING, ...STANDING, ...REPORT_TOOLS, SwarmStarts, SwarmsService],
  exports: [SwarmStarts],
})
export class SwarmModule implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  /** After runs have been registered: by their input it is known whose prompt it is, so these go before it. */
  onModuleInit(): void {
    this.personal.registerStored('swarms', PERSONAL_SWARMS);
  }
}
