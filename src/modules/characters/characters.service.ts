import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { newId } from '../../common/ids/id.js';
import { type Page, readPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { ImageReferences } from '../artifacts/image-references.js';
import { CharacterNotFoundError } from './characters.errors.js';
import { type CharacterResponseDto, toCharacterResponse } from './dto/character-response.dto.js';
import type { CreateCharacterDto, UpdateCharacterDto } from './dto/save-character.dto.js';
import { Character } from './entities/character.entity.js';

/** A user's characters. */
@Injectable()
export class CharactersService {
  constructor(
    @InjectRepository(Character) private readonly characters: Repository<Character>,
    private readonly images: ImageReferences,
  ) {}

  async create(ownerId: string, { name, description = '', image }: CreateCharacterDto): Promise<Character> {
    const kept = await this.imageOf(ownerId, image ?? null);
    const row = { id: newId(), ownerId, projectId: null, name, description, image: kept };
    return this.characters.save(this.characters.create(row));
  }

  list(ownerId: string, page: PageQueryDto): Promise<Page<CharacterResponseDto>> {
    const query = this.characters.createQueryBuilder('character').where('character.ownerId = :ownerId', { ownerId });
    return readPage(query, page, toCharacterResponse);
  }

  /** @throws {CharacterNotFoundError} when it is absent, or another's */
  async get(ownerId: string, id: string): Promise<Character> {
    const character = await this.characters.findOneBy({ id, ownerId });
    if (!character) throw new CharacterNotFoundError(id);
    return character;
  }

  async update(ownerId: string, id: string, dto: UpdateCharacterDto): Promise<Character> {
    const { name, description, image } = dto;
    const changes = {
      ...(name != null && { name }),
      ...(description != null && { description }),
      ...(image !== undefined && { image: await this.imageOf(ownerId, image) }),
    };
    const character = await this.get(ownerId, id);
    return this.characters.save(Object.assign(character, changes));
  }

  async remove(ownerId: string, id: string): Promise<void> {
    const { affected } = await this.characters.delete({ id, ownerId });
    if (!affected) throw new CharacterNotFoundError(id);
  }

  async listExisting(ownerId: string, ids: readonly string[]): Promise<Character[]> {
    return ids.length === 0 ? [] : this.characters.findBy({ ownerId, id: In(ids) });
  }

  private async imageOf(ownerId: string, image: string | null): Promise<string | null> {
    return image === null || image === '' ? null : this.images.keep(ownerId, image, '/image');
  }
}
