// Swarm: "build this project". Roles plan, write files, review and test; the state of the project tells how it stands.
import { connect } from './connect.mjs';

const troupe = await connect();

// Start: a project with a prompt is one that a swarm begins to build.
const { id } = await troupe.api.projectCreationCreate({ body: { prompt: 'A page that shows the phase of the moon' } });

// Live: the stream of the project, from its beginning. It outlives the swarm, so the end is read from the state.
for await (const { type, data } of troupe.events.follow(`project:${id}`)) {
  if (type === 'agent.token' && data.offset === 0) console.log(`  ${data.role} is writing…`);
  if (type === 'project.task') console.log(`task ${data.task.id}: ${data.task.status}`);
  if (type === 'project.artifact') console.log(`file ${data.path}, version ${data.version}`);
  if (type === 'project.state') console.log(`${data.status}, ${data.active_agent ?? 'nobody'} at work`);
  if (type === 'project.state' && ['completed', 'failed', 'stopped', 'paused'].includes(data.status)) break;
}

// Result: the state, and the files.
const { plan, artifacts, iteration } = await troupe.api.swarmsState({ path: { id } });
console.log(`${plan.length} tasks, ${artifacts.length} files, ${iteration} times a role was set to work`);
for (const { path } of artifacts) {
  const file = await troupe.api.filesGet({ path: { id, path }, parseAs: 'blob' });
  console.log(`--- ${path}\n${await file.text()}`);
}
troupe.events.close();
