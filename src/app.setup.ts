import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from './config/config.js';

/** The adapter that {@link configureApp} expects. */
export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter();
}

/** What a server and the tests of it set up alike. */
export async function configureApp(app: NestFastifyApplication, { server }: AppConfig): Promise<void> {
  app.enableCors({ origin: [...server.corsOrigins], credentials: true });
  await app.init();
}
