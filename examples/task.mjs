// Task: "do it at nine each Monday". Work of any shape, started by the clock: here an agent, in a second from now.
import { connect } from './connect.mjs';

const troupe = await connect();
const SECOND_MS = 1_000;

// When would it be due? The clocks of the time zone change, nine o'clock stays nine o'clock.
const due = await troupe.api.taskRunsPreviewOf({ body: { cron: '0 9 * * MON', timezone: 'Europe/Vienna', count: 3 } });
for (const { local } of due.items) console.log(`each Monday at nine: ${local}`);

// Start. `cron` in place of `plan` repeats it; `target` may be a flow, a room, a swarm or a tool as well.
const task = await troupe.api.tasksCreate({
  body: {
    plan: [new Date(Date.now() + SECOND_MS).toISOString()],
    target: { kind: 'agent', instruction: 'Say good morning' },
  },
});

// Live: the stream of the task, from its beginning, until its run has settled.
for await (const { type, data } of troupe.events.follow(`task:${task.id}`)) {
  if (type === 'task.update') console.log(`${data.change}, the task is ${data.status}`);
  if (type === 'task.update' && data.change === 'settled') break;
}

// Result: each due instant leaves one record, with its run or the reason why there is none.
const { items } = await troupe.api.taskRunsFires({ path: { id: task.id } });
for (const { due_at: dueAt, status, run_id: runId } of items) {
  const run = runId ? await troupe.api.runsGet({ path: { id: runId } }) : undefined;
  console.log(`due at ${dueAt}: ${status}`, run?.output);
}
troupe.events.close();
