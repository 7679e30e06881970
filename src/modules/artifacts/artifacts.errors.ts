import { DomainError } from '../../common/errors/domain.error.js';

export class ArtifactNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'ARTIFACT_NOT_FOUND';

  constructor(artifactId: string) {
    super(`No artifact with id ${artifactId}`, { artifact_id: artifactId });
  }
}

export class NotAnImageError extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'NOT_AN_IMAGE';

  constructor() {
    super('These bytes are no PNG, JPEG, WebP or GIF image');
  }
}

export class ArtifactTooLargeError extends DomainError {
  readonly kind = 'too_large';
  readonly code = 'ARTIFACT_TOO_LARGE';

  constructor(sizeBytes: number, maxBytes: number) {
    super(`An artifact of ${sizeBytes} bytes is over the limit of ${maxBytes}`, { sizeBytes, maxBytes });
  }
}
