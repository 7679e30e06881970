import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { problem } from '../../common/errors/problem.js';
import { sendProblem } from '../../common/errors/problem.filter.js';
import { DrainState } from '../../common/lifecycle/drain-state.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { Public, Unlimited } from '../auth/route-policy.js';
import {
  LivenessDto,
  NotReadyDto,
  type ReadinessDto,
  ReadinessDto as ReadinessSchema,
  toCheckDto,
} from './dto/health.dto.js';
import { type CheckResult, ReadinessRegistry } from '../../common/lifecycle/readiness-registry.js';

@ApiTags('health')
@Public()
@Unlimited()
@Controller('health')
export class HealthController {
  constructor(
    private readonly readiness: ReadinessRegistry,
    private readonly drain: DrainState,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiOkResponse({ type: LivenessDto })
  get(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the process can do its work, with each thing it depends on' })
  @ApiExtraModels(NotReadyDto)
  @ApiOkResponse({ type: ReadinessSchema })
  @ApiResponse({
    status: 503,
    description: 'Service Unavailable: NOT_READY, DRAINING',
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(NotReadyDto) } } },
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const results = await this.readiness.run();
    const checks = results.map(toCheckDto);
    const refusal = this.refusal(results);
    if (refusal) sendProblem(reply, Object.assign(problem(503, ...refusal, currentTraceId()), { checks }));
    else void reply.send({ status: 'ready', checks } satisfies ReadinessDto);
  }

  private refusal(results: readonly CheckResult[]): [code: string, detail: string] | undefined {
    if (this.drain.isDraining) return ['DRAINING', 'The server is shutting down'];
    const failed = results.filter(({ isReady }) => !isReady);
    if (failed.length === 0) return undefined;
    return ['NOT_READY', failed.map(({ name, reason }) => `${name}: ${reason ?? 'failed'}`).join('; ')];
  }
}
