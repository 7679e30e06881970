import { Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget } from 'typeorm';
import { type ComponentParts, toComponentResponse } from './catalogue/component-mapper.js';
import type { ComponentResponseDto } from './dto/component-response.dto.js';
import { AgenticComponent } from './entities/agentic-component.entity.js';
import { ComponentApiConfigRow } from './entities/component-api-config.entity.js';
import { ComponentFieldRow } from './entities/component-field.entity.js';
import { ComponentOutputRow } from './entities/component-output.entity.js';
import type { ComponentPart } from './entities/component-part.js';
import { ComponentPortRow } from './entities/component-port.entity.js';
import { ComponentNotFoundError } from './flows.errors.js';

/** Reads the catalogue. It is small: its parts are read whole. */
@Injectable()
export class ComponentsService {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<ComponentResponseDto[]> {
    const [components, parts] = await Promise.all([
      this.dataSource.getRepository(AgenticComponent).find({ order: { type: 'ASC' } }),
      this.readParts(),
    ]);
    return components.map((component) => toComponentResponse(component, parts));
  }

  /** @throws {ComponentNotFoundError} */
  async get(type: string): Promise<ComponentResponseDto> {
    const component = await this.dataSource.getRepository(AgenticComponent).findOneBy({ type });
    if (!component) throw new ComponentNotFoundError(type);
    return toComponentResponse(component, await this.readParts());
  }

  private async readParts(): Promise<ComponentParts> {
    const [fields, ports, apiConfigs, outputs] = await Promise.all([
      this.inOrder(ComponentFieldRow),
      this.inOrder(ComponentPortRow),
      this.inOrder(ComponentApiConfigRow),
      this.inOrder(ComponentOutputRow),
    ]);
    return { fields, ports, apiConfigs, outputs };
  }

  private inOrder<Row extends ComponentPart>(target: EntityTarget<Row>): Promise<Row[]> {
    return this.dataSource.getRepository(target).createQueryBuilder('part').orderBy('part.position').getMany();
  }
}
