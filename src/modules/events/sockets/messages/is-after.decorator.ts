import { ValidateBy } from 'class-validator';

const MAX_STREAMS = 1_000;

/** A seq, or an object of seqs by stream. */
export function IsAfter(): PropertyDecorator {
  return ValidateBy({
    name: 'isAfter',
    validator: { validate: isAfter, defaultMessage: () => 'must be a seq, or an object of seqs by stream' },
  });
}

function isAfter(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return isSeq(value);
  const seqs = Object.values(value);
  return seqs.length <= MAX_STREAMS && seqs.every(isSeq);
}

function isSeq(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 31 - 1;
}
