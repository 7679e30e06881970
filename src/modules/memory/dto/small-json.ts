import { registerDecorator } from 'class-validator';

export const MAX_METADATA_CHARS = 20_000;

/** Anything but nothing at all, within the same bound. */
export function IsPresentJson(): PropertyDecorator {
  return checked('isPresentJson', 'must be there, with', (value) => value !== undefined);
}

/** Of an object: not too large to be stored beside a text. */
export function IsSmallJson(): PropertyDecorator {
  return checked('isSmallJson', 'must have', () => true);
}

function checked(name: string, wish: string, isFit: (value: unknown) => boolean): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message: `${wish} at most ${MAX_METADATA_CHARS} characters as JSON` },
      validator: {
        validate: (value: unknown) => isFit(value) && (JSON.stringify(value) ?? '').length <= MAX_METADATA_CHARS,
      },
    });
  };
}
