import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import { ServerConfig } from '../../config/config.js';
import { UnauthorizedError } from '../auth/auth.errors.js';
import { Public, Unlimited } from '../auth/route-policy.js';

@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly config: ServerConfig,
  ) {}

  @Public()
  @Unlimited()
  @Get()
  @ApiBearerAuth('metrics')
  @ApiOperation({ summary: 'Prometheus metrics', description: 'With METRICS_TOKEN set, it has to be sent as Bearer.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems({ 401: 'UNAUTHORIZED' })
  async get(@Headers('authorization') authorization: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { metricsToken } = this.config;
    if (metricsToken !== undefined && !isSame(authorization, `Bearer ${metricsToken}`)) throw new UnauthorizedError();
    void reply.type(this.registry.contentType).send(await this.registry.metrics());
  }
}

/** Hashed first: the comparison needs equal lengths and must not tell them. */
function isSame(given: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}
