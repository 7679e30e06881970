import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

/** Generates all that follows from the two documents into `folder`. */
export async function generateClient(root, folder) {
  const api = readJson(join(root, 'openapi.json'));
  const { events } = readJson(join(root, 'events.json'));
  // One generator for both: what events carry becomes schemas beside those of the routes.
  for (const [type, { schema, description }] of Object.entries(events)) {
    api.components.schemas[typeNameOf(type)] = { description, ...schema };
  }
  await createClient({
    input: api,
    logs: { level: 'silent', file: false },
    output: { path: folder, module: { extension: '.js' }, entryFile: false },
    parser: { filters: { orphans: true } },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true, baseUrl: false },
      '@hey-api/typescript',
      {
        name: '@hey-api/sdk',
        responseStyle: 'data',
        operations: { strategy: 'single', containerName: 'TroupeApi' },
      },
    ],
  });
  withoutBrowserTypes(join(folder, 'client/client.gen.ts'));
  writeFileSync(join(folder, 'events.gen.ts'), eventTypes(events));
}

/** Compiled within the server, there is no DOM library; Node's types have `RequestInit` but not this name. */
function withoutBrowserTypes(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('BodyInit', "NonNullable<RequestInit['body']>"));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `execution.node.completed` → `ExecutionNodeCompletedEventData` */
function typeNameOf(type) {
  const words = type.split(/[^a-zA-Z0-9]+/).map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('')}EventData`;
}

function eventTypes(events) {
  const types = Object.keys(events);
  return [
    '// This file is auto-generated from events.json',
    '',
    `import type { ${types.map(typeNameOf).join(', ')} } from './types.gen.js';`,
    '',
    '/** What events carry, by type. */',
    'export interface EventDataByType {',
    ...types.flatMap((type) => [
      `  /** ${events[type].description} */`,
      `  ${JSON.stringify(type)}: ${typeNameOf(type)};`,
    ]),
    '}',
    '',
  ].join('\n');
}
