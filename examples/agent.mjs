// Agent: "do this instruction". A model with a tool; its words are shown as it writes them.
import { connect } from './connect.mjs';

const troupe = await connect();

// Start. A stored agent has versions and can be called again; `agent: {…}` in place of `agent_id` is good for once.
const agent = await troupe.api.agentsCreate({
  body: { name: 'Reckoner', system_prompt: 'You reckon with the calculator.', tools: ['calculator'] },
});
const { run_id: runId } = await troupe.api.agentRunsExecute({
  // `calculator {…}` is what a server without any model goes by; a model needs no such hint.
  body: {
    agent_id: agent.id,
    instruction: 'What is six times seven? calculator {"expression": "6*7"}',
    wait_seconds: 0,
  },
});

// Live: calls of tools, and pieces of text. Pieces are no events: they come again from offset 0 when a step is repeated.
for await (const { type, data } of troupe.events.follow(`run:${runId}`)) {
  if (type === 'agent.tool.called') console.log(`calls ${data.tool} with`, data.arguments);
  if (type === 'agent.tool.completed') console.log(`${data.tool} has answered`, data.result);
  if (type === 'agent.token') process.stdout.write(data.text);
}

// Result.
const { status, output } = await troupe.api.runsGet({ path: { id: runId } });
console.log(`\n\n${status}:`, output);
troupe.events.close();
