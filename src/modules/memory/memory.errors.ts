import { DomainError } from '../../common/errors/domain.error.js';
import { type Namespace, namespaceText } from './namespace.js';

export class MemoryItemNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'MEMORY_ITEM_NOT_FOUND';

  constructor(itemId: string) {
    super(`No memory item with id ${itemId}`, { item_id: itemId });
  }
}

export class NamespaceNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'NAMESPACE_NOT_FOUND';

  constructor(namespace: Namespace) {
    super(`There is no ${namespaceText(namespace)}`, { namespace: namespaceText(namespace) });
  }
}

export class SolutionNotPromotableError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'SOLUTION_NOT_PROMOTABLE';

  constructor(itemId: string, reason: string) {
    super(`The item cannot become a tool: ${reason}`, { item_id: itemId });
  }
}
