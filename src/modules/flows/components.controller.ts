import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { ComponentsService } from './components.service.js';
import { ComponentListDto, ComponentResponseDto } from './dto/component-response.dto.js';

@ApiTags('components')
@Controller('components')
@ScopedByMethod()
export class ComponentsController {
  constructor(private readonly components: ComponentsService) {}

  @Get()
  @ApiOperation({ summary: 'List the types of node, with fields, ports, API mapping and outputs' })
  @ApiOkResponse({ type: ComponentListDto })
  async list(): Promise<ComponentListDto> {
    return { items: await this.components.list(), next_cursor: null };
  }

  @Get(':type')
  @ApiOperation({ summary: 'A type of node' })
  @ApiParam({ name: 'type', schema: { type: 'string', maxLength: 100 } })
  @ApiOkResponse({ type: ComponentResponseDto })
  @ApiProblems({ 404: 'COMPONENT_NOT_FOUND' })
  get(@Param('type') type: string): Promise<ComponentResponseDto> {
    return this.components.get(type);
  }
}
