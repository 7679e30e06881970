import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { eventCatalogue } from './event-catalogue.js';

/** Serves the event catalogue beside the API documentation, outside the API's prefix. */
@Injectable()
export class CatalogueRoute implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    const body = JSON.stringify(eventCatalogue());
    server.get('/docs-events', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  }
}
