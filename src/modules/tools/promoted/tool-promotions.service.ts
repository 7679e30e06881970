import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import type { ToolResponseDto } from '../dto/tool-response.dto.js';
import { SchemaChecks } from '../schema-checks.js';
import type { ToolScope } from '../tool.js';
import { ToolCatalogue } from '../tool-catalogue.js';
import { PromotedTool } from './entities/promoted-tool.entity.js';
import { ToolNameTakenError } from './promoted.errors.js';
import { faultsOf, type ToolDraft, toManifest } from './promoted-manifest.js';
import { placeOf, PromotionRecords } from './promotion-records.js';
import { ToolExamples } from './tool-examples.js';
import { ToolProgramRunner } from './tool-program-runner.js';

/** Makes tools from solutions. */
@Injectable()
export class ToolPromotions {
  constructor(
    private readonly database: DataSource,
    private readonly catalogue: ToolCatalogue,
    private readonly checks: SchemaChecks,
    private readonly programs: ToolProgramRunner,
    private readonly examples: ToolExamples,
    private readonly records: PromotionRecords,
  ) {}

  /**
   * Registers a version once all its examples have passed. Nothing is stored before.
   *
   * @throws {InvalidInputError} with code EXAMPLES_FAILED when examples did not pass
   * @throws {ToolNameTakenError} @throws {TooManyPromotedToolsError}
   */
  async promote(scope: ToolScope, draft: ToolDraft): Promise<ToolResponseDto> {
    const faults = faultsOf(draft, this.checks);
    if (faults.length > 0) throw new InvalidInputError(faults);
    await this.assertNameFree(scope, draft.name);
    const tried = this.programs.toolOf(toManifest(draft, await this.nextVersion(scope, draft.name)), () =>
      Promise.resolve(draft.code),
    );
    await this.examples.assertAll(tried, draft.examples, scope);
    return this.database.transaction((manager) => this.records.storeIn(manager, scope, draft));
  }

  /** Others' tools keep their names. */
  private async assertNameFree(scope: ToolScope, name: string): Promise<void> {
    const found = await this.catalogue.find(name, scope);
    if (found && found.manifest.promotedFrom === undefined) throw new ToolNameTakenError(name);
  }

  /** As it is told of while the examples run: another promotion may come first. */
  private async nextVersion(scope: ToolScope, name: string): Promise<number> {
    const tool = await this.database.manager.findOneBy(PromotedTool, { ...placeOf(scope), name });
    return (tool?.latestVersion ?? 0) + 1;
  }
}
