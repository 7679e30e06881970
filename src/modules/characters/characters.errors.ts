import { DomainError } from '../../common/errors/domain.error.js';

export class CharacterNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'CHARACTER_NOT_FOUND';

  constructor(characterId: string) {
    super(`No character with id ${characterId}`, { character_id: characterId });
  }
}
