import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/agents.module.js';
import { BehaviorModule } from '../behavior/behavior.module.js';
import { GroupsModule } from '../groups/groups.module.js';
import { FlowsModule } from '../flows/flows.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { ProjectContents } from '../projects/project-contents.js';
import { SwarmModule } from '../swarm/swarm.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { Task } from './entities/task.entity.js';
import { TaskFire } from './entities/task-fire.entity.js';
import { FireRetention } from './firing/fire-retention.service.js';
import { KeptResults } from './firing/kept-results.js';
import { ManualFiring } from './firing/manual-firing.service.js';
import { RunDrafts } from './firing/run-drafts.service.js';
import { RunSettling } from './firing/run-settling.service.js';
import { DatabaseClock } from '../../common/time/database-clock.js';
import { SchedulerLoop } from './firing/scheduler-loop.js';
import { SchedulerMetrics } from './firing/scheduler-metrics.js';
import { SeparateFiring } from './firing/separate-firing.service.js';
import { TaskFiring } from './firing/task-firing.service.js';
import { AgentTarget } from './targets/agent.target.js';
import { GroupTarget } from './targets/group.target.js';
import { FlowTarget } from './targets/flow.target.js';
import { SwarmTarget } from './targets/swarm.target.js';
import { TaskConversations } from './targets/task-conversations.service.js';
import { TargetRegistry } from './targets/target-registry.js';
import { ToolRunProgram } from './targets/tool-run.provider.js';
import { ToolTarget } from './targets/tool.target.js';
import { TaskChanges } from './task-changes.js';
import { TaskDetails } from './task-details.service.js';
import { TaskRunsController } from './task-runs.controller.js';
import { TaskRunsService } from './task-runs.service.js';
import { TaskStreams } from './task-streams.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_TASK_EVENTS, PERSONAL_TASK_TEXTS, PERSONAL_TASKS } from './personal-records.js';

const FIRING = [
  FireRetention,
  KeptResults,
  ManualFiring,
  RunDrafts,
  RunSettling,
  DatabaseClock,
  SchedulerLoop,
  SchedulerMetrics,
  SeparateFiring,
  TaskFiring,
];
const TARGETS = [AgentTarget, FlowTarget, GroupTarget, SwarmTarget, TaskConversations, ToolTarget, ToolRunProgram];

/** Tasks: work that is started at a time, or at times. */
@Module({
  imports: [
    DiscoveryModule,
    TypeOrmModule.forFeature([Task, TaskFire]),
    AgentsModule,
    BehaviorModule,
    FlowsModule,
    GroupsModule,
    MemoryModule,
    SwarmModule,
    ToolsModule,
  ],
  controllers: [TaskRunsController, TasksController],
  providers: [
    ...FIRING,
    ...TARGETS,
    TargetRegistry,
    TaskChanges,
    TaskDetails,
    TaskRunsService,
    TasksService,
    TaskStreams,
  ],
})
export class SchedulerModule {
  /** Whoever inherits a task has not asked for what it does: it is paused. */
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(Task, `status = CASE t.status WHEN 'active' THEN 'paused' ELSE t.status END`);
    personal.registerStored('task_texts', PERSONAL_TASK_TEXTS);
    personal.registerStored('task_events', PERSONAL_TASK_EVENTS);
    personal.registerStored('tasks', PERSONAL_TASKS);
  }
}
