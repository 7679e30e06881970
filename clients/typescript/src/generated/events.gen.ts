// This file is auto-generated from events.json

import type { AgentDelegatedEventData, AgentMessageEventData, AgentStartedEventData, AgentTokenEventData, AgentToolCalledEventData, AgentToolCompletedEventData, ApprovalRequestedEventData, ApprovalResolvedEventData, AuthExpiredEventData, BehaviorUpdateEventData, BudgetReachedEventData, ConnectionClosingEventData, ConnectionReadyEventData, ExecutionCancelledEventData, ExecutionClaimedEventData, ExecutionCompletedEventData, ExecutionFailedEventData, ExecutionNodeCompletedEventData, ExecutionNodeFailedEventData, ExecutionNodeStatusEventData, ExecutionPausedEventData, ExecutionResumedEventData, ExecutionStartedEventData, ExecutionStepCompletedEventData, ExecutionStepFailedEventData, ExecutionStepHeldEventData, ExecutionStepRetryingEventData, ExecutionStepStartedEventData, GroupMemberAddedEventData, GroupMemberChangedEventData, GroupMemberRemovedEventData, GroupMessageEventData, GroupRoutedEventData, GroupTurnCompletedEventData, GroupTurnStartedEventData, KnowledgeProgressEventData, MemoryRecalledEventData, MemoryUpdateEventData, PongEventData, ProjectArtifactEventData, ProjectCreatedEventData, ProjectDeletedEventData, ProjectStateEventData, ProjectTaskEventData, StreamGapEventData, StreamRevokedEventData, StreamSlowEventData, SystemNotificationEventData, TaskUpdateEventData, UserDeactivatedEventData, UserRegisteredEventData } from './types.gen.js';

/** What events carry, by type. */
export interface EventDataByType {
  /** Another agent works on a part, in a run of its own */
  "agent.delegated": AgentDelegatedEventData;
  /** The model has answered, with text, calls of tools, or both */
  "agent.message": AgentMessageEventData;
  /** An agent has begun: what it has at hand */
  "agent.started": AgentStartedEventData;
  /** A piece of text of a step in progress. Not numbered, and not kept once the step has ended */
  "agent.token": AgentTokenEventData;
  /** A tool is about to be called, or the call refused */
  "agent.tool.called": AgentToolCalledEventData;
  /** What became of the call, as the model is told */
  "agent.tool.completed": AgentToolCompletedEventData;
  /** The run waits for `POST /runs/{id}/signals/{key}` */
  "approval.requested": ApprovalRequestedEventData;
  /** Somebody has decided */
  "approval.resolved": ApprovalResolvedEventData;
  /** The token has expired or its session was ended; the connection closes */
  "auth.expired": AuthExpiredEventData;
  /** The rules of behaviour have changed: those of the user, or of a project in whose rules the user had a hand */
  "behavior.update": BehaviorUpdateEventData;
  /** A limit of a budget is reached. soft: the run goes on; told once for each run. hard: the tree pauses */
  "budget.reached": BudgetReachedEventData;
  /** The server goes away: connect again and go on by `after` */
  "connection.closing": ConnectionClosingEventData;
  /** The socket is signed in */
  "connection.ready": ConnectionReadyEventData;
  /** Last event of a run that was cancelled */
  "execution.cancelled": ExecutionCancelledEventData;
  /** Another worker has taken the run over after a crash */
  "execution.claimed": ExecutionClaimedEventData;
  /** Last event of a run that reached its end */
  "execution.completed": ExecutionCompletedEventData;
  /** Last event of a run that failed */
  "execution.failed": ExecutionFailedEventData;
  /** A node of a flow has its output */
  "execution.node.completed": ExecutionNodeCompletedEventData;
  /** A node of a flow has failed; what depends on it is skipped */
  "execution.node.failed": ExecutionNodeFailedEventData;
  /** A node of a flow is somewhere on its way */
  "execution.node.status": ExecutionNodeStatusEventData;
  /** No step is under way and none begins until the run is resumed */
  "execution.paused": ExecutionPausedEventData;
  /** The run goes on after a pause */
  "execution.resumed": ExecutionResumedEventData;
  /** A worker has begun the run. Seq 1 of its stream */
  "execution.started": ExecutionStartedEventData;
  /** A step without an event of its own has ended well */
  "execution.step.completed": ExecutionStepCompletedEventData;
  /** A step has used up its attempts, or cannot succeed */
  "execution.step.failed": ExecutionStepFailedEventData;
  /** A step may not go on now: the run pauses with its tree, and the step begins again */
  "execution.step.held": ExecutionStepHeldEventData;
  /** An attempt has failed; another follows */
  "execution.step.retrying": ExecutionStepRetryingEventData;
  /** A step that must not be repeated silently has begun */
  "execution.step.started": ExecutionStepStartedEventData;
  /** Somebody has joined */
  "group.member.added": GroupMemberAddedEventData;
  /** A member is another now */
  "group.member.changed": GroupMemberChangedEventData;
  /** Somebody has left */
  "group.member.removed": GroupMemberRemovedEventData;
  /** Somebody has said something */
  "group.message": GroupMessageEventData;
  /** It is settled who speaks next */
  "group.routed": GroupRoutedEventData;
  /** The turn is over, well or badly */
  "group.turn.completed": GroupTurnCompletedEventData;
  /** The agents have begun to answer a message */
  "group.turn.started": GroupTurnStartedEventData;
  /** A document is on its way into the index */
  "knowledge.progress": KnowledgeProgressEventData;
  /** What of memory the agent is shown, the best match first, with the parts of its score */
  "memory.recalled": MemoryRecalledEventData;
  /** Something is remembered, was changed or is forgotten */
  "memory.update": MemoryUpdateEventData;
  /** Answers `ping` */
  "pong": PongEventData;
  /** A file of the project has a new version, written or deleted */
  "project.artifact": ProjectArtifactEventData;
  /** First event of a project */
  "project.created": ProjectCreatedEventData;
  /** Last event of a project: it is gone, with all that was in it */
  "project.deleted": ProjectDeletedEventData;
  /** The swarm of a project has come a step further */
  "project.state": ProjectStateEventData;
  /** A task of the plan is new, or has changed */
  "project.task": ProjectTaskEventData;
  /** Retention took these events before they could be read */
  "stream.gap": StreamGapEventData;
  /** The stream may no longer be read; nothing more of it comes */
  "stream.revoked": StreamRevokedEventData;
  /** The socket reads too slowly and is disconnected: go on by `after` */
  "stream.slow": StreamSlowEventData;
  /** Word from the operators, to one user or to all */
  "system.notification": SystemNotificationEventData;
  /** Something happened to a task: it was changed, one of its due instants fired or did not, a run of it ended */
  "task.update": TaskUpdateEventData;
  /** An operator has shut the user out; all sessions end */
  "user.deactivated": UserDeactivatedEventData;
  /** An account was created */
  "user.registered": UserRegisteredEventData;
}
