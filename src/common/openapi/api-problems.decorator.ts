import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from '../errors/problem.dto.js';

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 429 | 503;

/**
 * Documents the problem answers of a route, with their codes: `@ApiProblems({ 404: 'FLOW_NOT_FOUND' })`.
 * What every route can answer (400, 401, 403 CSRF, 413, 500, 503) is added by `completeDocument`.
 */
export function ApiProblems(codes: Partial<Record<ProblemStatus, string>>): ClassDecorator & MethodDecorator {
  const answers = Object.entries(codes).map(([status, code]) =>
    ApiResponse({
      status: Number(status),
      description: `${STATUS_CODES[status] ?? 'Error'}: ${code}`,
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemDto), ...answers);
}
