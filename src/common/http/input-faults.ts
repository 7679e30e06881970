import type { ValidationError } from 'class-validator';
import type { InputFault } from '../errors/domain.error.js';
import { escapeToken } from './text-faults.js';

/** Flattens class-validator's tree; every path starts with `prefix` (empty for a body, `?` for a query). */
export function toInputFaults(errors: readonly ValidationError[], prefix: '' | '?'): InputFault[] {
  return errors.flatMap((error) => faultsOf(error, prefix === '?' ? `?${error.property}` : pointer('', error)));
}

function faultsOf(error: ValidationError, path: string): InputFault[] {
  const nested = (error.children ?? []).flatMap((child) => faultsOf(child, pointer(path, child)));
  return [...ownFaults(error, path), ...nested];
}

function ownFaults(error: ValidationError, path: string): InputFault[] {
  const constraints = Object.entries(error.constraints ?? {});
  if (constraints.length === 0) return [];
  const isUnknown = constraints.some(([name]) => name === 'whitelistValidation');
  if (isUnknown) return [{ path, code: 'UNKNOWN_FIELD', message: 'is not a known field' }];
  // One fault instead of one per rule that an absent value breaks.
  if (error.value === undefined && !error.children?.length) {
    return [{ path, code: 'REQUIRED', message: 'is required' }];
  }
  return constraints.map(([name, message]) => ({ path, code: codeOf(name), message: withoutName(message, error) }));
}

function pointer(parent: string, error: ValidationError): string {
  return `${parent}/${escapeToken(error.property)}`;
}

function codeOf(constraint: string): string {
  return constraint.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** class-validator starts its messages with the property, which the path says already. */
function withoutName(message: string, error: ValidationError): string {
  return message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message;
}
