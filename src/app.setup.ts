import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from './config/config.js';

/** What a server and the tests of it set up alike. */
export async function configureApp(app: NestFastifyApplication, config: AppConfig): Promise<void> {
  app.enableCors({ origin: [...config.server.corsOrigins], credentials: true });
  await app.init();
}
