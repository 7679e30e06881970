import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleOf } from './example-of.js';
import { IDEMPOTENCY_HEADER } from '../idempotency/idempotent.decorator.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Schema = Readonly<Record<string, unknown>>;
type Answer = NonNullable<Operation['responses'][string]>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const GUARDED: Record<string, string[]>[] = [{ bearer: [] }, { cookie: [] }];
const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } };

const ANSWERS: Readonly<Record<string, { status: string; description: string }>> = {
  BadRequest: { status: '400', description: 'Bad Request: INVALID_INPUT, MALFORMED_REQUEST' },
  Unauthorized: { status: '401', description: 'Unauthorized: UNAUTHORIZED, TOKEN_EXPIRED, SESSION_ENDED, WRONG_REALM' },
  Forbidden: { status: '403', description: 'Forbidden: CSRF, SCOPE_MISSING' },
  TooMany: { status: '429', description: 'Too Many Requests: RATE_LIMITED; `Retry-After` says when to come back' },
  TooLarge: { status: '413', description: 'Payload Too Large: BODY_TOO_LARGE' },
  InternalError: { status: '500', description: 'Internal Server Error: INTERNAL_ERROR' },
  Unavailable: { status: '503', description: 'Service Unavailable: DRAINING, DATABASE_UNAVAILABLE' },
};

/** Adds what holds for every route of a kind, so that no controller has to repeat it. */
export function completeDocument(document: OpenAPIObject, tags: Readonly<Record<string, string>>): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []));
  for (const operation of operations) completeOperation(operation);
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []));
  document.tags = [...used].map((name) => ({ name, description: tags[name] ?? name }));
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  for (const operation of operations) addExamples(operation, schemas);
  document.components = { ...document.components, responses: sharedAnswers() };
  return document;
}

function completeOperation(operation: Operation): void {
  const isGuarded = operation.security === undefined;
  const isAnonymous = operation.security?.every((requirement) => Object.keys(requirement).length === 0) ?? false;
  if (isGuarded) operation.security = GUARDED;
  if (isAnonymous) operation.security = [];
  if (takesKey(operation)) addCodes(operation, '409', 'Conflict: ', 'IN_PROGRESS, IDEMPOTENCY_KEY_REUSED');
  if (operation.responses['429']) addCodes(operation, '429', '', 'RATE_LIMITED');
  describeAnswers(operation);
  for (const name of answersOf(operation, isGuarded)) addAnswer(operation, name);
}

function takesKey({ parameters = [] }: Operation): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === IDEMPOTENCY_HEADER);
}

/** Adds to the codes that the route has by itself. */
function addCodes({ responses }: Operation, status: string, title: string, codes: string): void {
  const own = responses[status];
  const before = own && 'description' in own ? `${own.description}, ` : title;
  responses[status] = { description: `${before}${codes}`, content: PROBLEM_CONTENT };
}

/** A description is obligatory; where the code gives none, the status says enough. */
function describeAnswers({ responses }: Operation): void {
  for (const [status, answer] of Object.entries(responses)) {
    if (answer && 'description' in answer && answer.description === '') {
      answer.description = STATUS_CODES[status] ?? status;
    }
  }
}

function answersOf(operation: Operation, isGuarded: boolean): string[] {
  const hasBody = operation.requestBody !== undefined;
  return [
    'BadRequest',
    ...(isGuarded ? ['Unauthorized', 'Forbidden'] : []),
    ...(hasBody ? ['TooLarge'] : []),
    'TooMany',
    'InternalError',
    'Unavailable',
  ];
}

/** An example for each body, sent or answered; problems have the one of their schema. */
function addExamples({ requestBody, responses }: Operation, schemas: Readonly<Record<string, Schema>>): void {
  const bodies = [requestBody, responses['200'], responses['201'], responses['202']];
  const contents = bodies.flatMap((body) => (body && 'content' in body ? [body.content ?? {}] : []));
  for (const [type, content] of contents.flatMap((content) => Object.entries(content))) {
    if (content.example !== undefined || !/json|form/.test(type)) continue;
    const example = exampleOf((content.schema ?? {}) as Schema, schemas);
    if (example !== undefined) content.example = example;
  }
}

function addAnswer(operation: Operation, name: string): void {
  const status = ANSWERS[name]?.status;
  if (status !== undefined) operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
}

function sharedAnswers(): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(ANSWERS).map(([name, { description }]) => [name, { description, content: PROBLEM_CONTENT }]),
  );
}
