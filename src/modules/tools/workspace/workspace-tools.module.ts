import { Module } from '@nestjs/common';
import { WorkspaceModule } from '../../projects/workspace/workspace.module.js';
import { ListFilesTool } from './list-files.tool.js';
import { ToolsModule } from '../tools.module.js';
import { ReadFileTool } from './read-file.tool.js';
import { RunTestsTool } from './run-tests.tool.js';
import { SearchFilesTool } from './search-files.tool.js';
import { WriteFileTool } from './write-file.tool.js';

/** What agents can do with the files of their project. */
@Module({
  imports: [ToolsModule, WorkspaceModule],
  providers: [ListFilesTool, ReadFileTool, RunTestsTool, SearchFilesTool, WriteFileTool],
})
export class WorkspaceToolsModule {}
