import { ApiContract } from './api-contract.js';
import { EventContract } from './event-contract.js';

let api: ApiContract | undefined;
let events: EventContract | undefined;

/** One for all clients of a test file: reading and compiling the documents takes a while. */
export function apiContract(): ApiContract {
  return (api ??= new ApiContract());
}

export function eventContract(): EventContract {
  return (events ??= new EventContract());
}
