import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { createDocument } from '../../src/common/openapi/openapi-document.js';
import { ApiClient } from '../support/api-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

/** What anybody may call; every other route wants a signed-in user. */
const PUBLIC_ROUTES = [
  'GET /api/v1/health',
  'GET /api/v1/health/ready',
  'GET /api/v1/metrics',
  'POST /api/v1/auth/backoffice/create',
  'POST /api/v1/auth/backoffice/login',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/token',
  'POST /api/v1/users',
];

interface Route {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
}

let app: TestApp;
let routes: Route[];

beforeAll(async () => {
  app = await createTestApp();
  routes = routesOf(createDocument(app.app));
});

afterAll(() => app.close());

function routesOf({ paths }: OpenAPIObject): Route[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'put', 'post', 'delete', 'patch'] as const).flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const { security = [] } = operation;
      const isOptional = security.some((need) => Object.keys(need).length === 0);
      const isPublic = isOptional || security.every((need) => !('bearer' in need || 'cookie' in need));
      return [{ method: method.toUpperCase(), path, isPublic }];
    }),
  );
}

function call({ method, path }: Route, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return new ApiClient(app.url, '').request(
    method,
    path.replace(/\{\w+\}/g, () => newId()),
    { token },
  );
}

describe('every route of the document', () => {
  it('is public only when it is meant to be', () => {
    const open = routes.filter(({ isPublic }) => isPublic).map(({ method, path }) => `${method} ${path}`);
    expect(open.toSorted()).toEqual(PUBLIC_ROUTES);
  });

  it('is closed to whoever is not signed in, before it looks at anything else', async () => {
    const closed = routes.filter(({ isPublic }) => !isPublic);
    expect(closed.length).toBeGreaterThan(0);
    for (const route of closed) {
      const answers = [await call(route), await call(route, 'nonsense')];
      expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
        [401, 'UNAUTHORIZED'],
        [401, 'UNAUTHORIZED'],
      ]);
    }
  });
});
