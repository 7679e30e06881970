import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { CharactersController } from './characters.controller.js';
import { CharactersService } from './characters.service.js';
import { Character } from './entities/character.entity.js';
import { ProjectContents } from '../projects/project-contents.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_CHARACTER_TEXTS, PERSONAL_CHARACTERS } from './personal-records.js';

@Module({
  imports: [ArtifactsModule, TypeOrmModule.forFeature([Character])],
  controllers: [CharactersController],
  providers: [CharactersService],
  exports: [CharactersService],
})
export class CharactersModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(Character);
    personal.registerStored('character_texts', PERSONAL_CHARACTER_TEXTS);
    personal.registerStored('characters', PERSONAL_CHARACTERS);
  }
}
