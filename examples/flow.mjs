// Flow: "run this graph". Text goes through two models, one after the other; a third works beside them.
import { connect } from './connect.mjs';

const troupe = await connect();

// Start: save a graph, and run it as a function of its inputs.
const flow = await troupe.api.flowsCreate({
  body: {
    name: 'One idea, two texts',
    nodes: [
      { id: 'idea', type: 'initialPrompt', data: { text: 'A lighthouse in the fog' } },
      { id: 'brief', type: 'promptEnhancer', data: { notes: 'At most two sentences.' } },
      { id: 'spanish', type: 'translator', data: { language: 'es' } },
      { id: 'german', type: 'translator', data: { language: 'de' } },
      { id: 'out', type: 'textOutput' },
    ],
    edges: [
      { id: '1', source: 'idea', target: 'brief' },
      { id: '2', source: 'brief', target: 'spanish' },
      { id: '3', source: 'idea', target: 'german' },
      { id: '4', source: 'spanish', target: 'out' },
    ],
  },
});
const { run_id: runId } = await troupe.api.flowRunsRun({
  path: { id: flow.id },
  body: { inputs: { idea: { text: 'A letter in a bottle' } } },
});

// Live: what happens in the run, each event once and in order. The stream ends with the run.
for await (const { type, seq, data } of troupe.events.follow(`run:${runId}`)) {
  if (type === 'execution.node.completed') console.log(`${seq} ${data.node_id} has ended`);
  if (type === 'execution.node.failed') console.log(`${seq} ${data.node_id} has failed: ${data.error.message}`);
}

// Result: the outputs of the graph, and what they cost.
const { status, outputs } = await troupe.api.runsGet({ path: { id: runId } });
const { total } = await troupe.api.usageOfRun({ path: { id: runId } });
console.log(status, outputs, `${total.input_tokens} tokens in, ${total.output_tokens} out`);
troupe.events.close();
