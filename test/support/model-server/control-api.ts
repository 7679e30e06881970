import type { ServerResponse } from 'node:http';
import type { ModelServer } from './model-server.js';
import type { ScriptRule } from './script.js';

/**
 * How another process looks at and steers a model server:
 * `GET /_control/counts`, `GET /_control/calls`, `DELETE /_control/calls`, `PUT /_control/script` (an array of rules).
 */
export function answerControl(
  server: ModelServer,
  method: string,
  pathname: string,
  body: unknown,
  response: ServerResponse,
): void {
  const route = `${method} ${pathname.slice('/_control'.length)}`;
  if (route === 'GET /counts') return send(response, 200, server.counts);
  if (route === 'GET /calls') return send(response, 200, server.calls);
  if (route === 'DELETE /calls') return done(response, () => server.log.clear());
  if (route !== 'PUT /script' || !Array.isArray(body)) return send(response, 404, { error: `No ${route}` });
  done(response, () => server.script.set(body as ScriptRule[]));
}

function done(response: ServerResponse, change: () => void): void {
  change();
  response.writeHead(204).end();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
