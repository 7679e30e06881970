export { type TokenSource, TroupeClient, type TroupeClientOptions } from './troupe-client.js';
export { TroupeError, TroupeProblemError } from './errors.js';
export type { EventListener, EventType, TroupeEvent } from './events/event.js';
export { type ConnectionState, type SubscribeOptions, TroupeEvents } from './events/troupe-events.js';
export { TroupeApi } from './generated/sdk.gen.js';
export type { EventDataByType } from './generated/events.gen.js';
export type * from './generated/types.gen.js';
