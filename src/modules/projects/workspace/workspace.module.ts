import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WorkspaceBlob } from './entities/workspace-blob.entity.js';
import { WorkspaceBlobPart } from './entities/workspace-blob-part.entity.js';
import { WorkspaceFile } from './entities/workspace-file.entity.js';
import { WorkspaceVersion } from './entities/workspace-version.entity.js';
import { Workspace } from './entities/workspace.entity.js';
import { FilesController } from './files.controller.js';
import { WorkspaceArchive } from './workspace-archive.js';
import { WorkspaceBlobs } from './workspace-blobs.js';
import { WorkspaceReader } from './workspace-reader.js';
import { WorkspaceTable } from './workspace-table.js';
import { WorkspaceWriter } from './workspace-writer.js';
import { WorkspaceController } from './workspace.controller.js';
import { WorkspaceService } from './workspace.service.js';
import { PersonalData } from '../../users/personal-data.js';
import { DataSource } from 'typeorm';
import { FORGET_REMOVALS, PersonalFiles } from './personal-files.js';

const ENTITIES = [Workspace, WorkspaceBlob, WorkspaceBlobPart, WorkspaceFile, WorkspaceVersion];

/** The files of projects. The database is where they are: no folder of a disk stands behind them. */
@Module({
  imports: [TypeOrmModule.forFeature(ENTITIES)],
  controllers: [WorkspaceController, FilesController],
  providers: [WorkspaceArchive, WorkspaceBlobs, WorkspaceReader, WorkspaceService, WorkspaceTable, WorkspaceWriter],
  exports: [WorkspaceReader, WorkspaceWriter],
})
export class WorkspaceModule {
  constructor(personal: PersonalData, database: DataSource) {
    personal.registerBeginning(FORGET_REMOVALS);
    personal.register('files', new PersonalFiles(database));
  }
}
