import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveParent } from '../support/peer.js';

@Controller('api/v1/auth')
class MeController {
  @Get('me')
  me(): object {
    return {
      id: '019a9f3c-5b1e-7c44-9d0e-3f1f6f0a2b11',
      username: 'user-0d1f2c5e-8d2b-4c35-8a55-0d6e2c9c7a10',
      email: 'user-0d1f2c5e-8d2b-4c35-8a55-0d6e2c9c7a10@example.org',
      created_at: '2026-01-01T00:00:00.000Z',
    };
  }
}

@Module({ controllers: [MeController] })
class BareModule {}

// One route of Nest on Fastify: nobody signs in, nothing is logged, counted or traced.
await serveParent(async () => {
  const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { ready: { url: await app.getUrl() }, close: () => app.close() };
});
