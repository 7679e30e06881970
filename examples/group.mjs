// Group: "a message in this room". The Orchestrator leads; whom a message mentions speaks next.
import { connect } from './connect.mjs';

const troupe = await connect();

// Start: a room, two agents in it, and a message. Its turn goes on until nobody has anything to add.
const { id } = await troupe.api.groupsCreate({ body: { name: 'Editors', max_rounds: 2 } });
await troupe.api.groupMembersAdd({
  path: { id },
  body: { alias: 'Poet', role_prompt: 'You write two lines of verse.' },
});
await troupe.api.groupMembersAdd({ path: { id }, body: { alias: 'Critic', role_prompt: 'You find what is weak.' } });
const { turn_id: turnId } = await troupe.api.messagesPost({
  path: { id },
  body: { content: '@[Poet] @[Critic] what do you make of fog?' },
});

// Live: who is to speak, what they write, and the messages once they are stored. A room's stream goes on for ever.
for await (const { type, data } of troupe.events.follow(`group:${id}`)) {
  if (type === 'group.routed')
    console.log(`round ${data.round}, by the rule ${data.rule}: ${data.actors.join(' and ')}`);
  if (type === 'agent.token' && data.offset === 0) console.log(`${data.alias} is writing…`);
  if (type === 'group.message') console.log(`${data.sender.alias}: ${data.content}`);
  if (type === 'group.turn.completed' && data.turn_id === turnId) break;
}

// Result: the conversation, as it is kept.
const { items } = await troupe.api.messagesList({ path: { id }, query: { order: 'asc' } });
console.log(`${items.length} messages by ${new Set(items.map(({ sender }) => sender.alias)).size} members`);
troupe.events.close();
