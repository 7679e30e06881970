import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { InputFault } from '../errors/domain.error.js';
import { InvalidInputError } from '../errors/invalid-input.error.js';
import { findTextFaults } from './text-faults.js';

/** Refuses text that no route can take, before any route sees it. */
export function registerRequestChecks(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    const faults = faultsOf(request);
    done(faults.length > 0 ? new InvalidInputError(faults) : undefined);
  });
}

function faultsOf(request: FastifyRequest): InputFault[] {
  const body = request.body === undefined ? [] : findTextFaults(request.body);
  // Both faults need an escape in the address: without one there is nothing to look for.
  if (!request.url.includes('%')) return body;
  return [...body, ...namedFaults(request.query, '?', ''), ...namedFaults(request.params, '{', '}')];
}

function namedFaults(values: unknown, open: string, close: string): InputFault[] {
  return Object.entries(values ?? {}).flatMap(([name, value]) => {
    const [fault] = [...findTextFaults(name), ...findTextFaults(value)];
    return fault ? [{ ...fault, path: `${open}${name.replaceAll('\0', '\uFFFD').toWellFormed()}${close}` }] : [];
  });
}
