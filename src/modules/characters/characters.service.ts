import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { type Page, readPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { ImageReferences } from '../artifacts/image-references.js';
import { AccessPolicy, type Owned } from '../projects/access-policy.js';
import { writersAfter } from '../users/written-texts.js';
import { CharacterNotFoundError } from './characters.errors.js';
import { type CharacterResponseDto, toCharacterResponse } from './dto/character-response.dto.js';
import type { CreateCharacterDto, UpdateCharacterDto } from './dto/save-character.dto.js';
import { Character } from './entities/character.entity.js';

/** Characters as a user sees them: those of others are not there. */
@Injectable()
export class CharactersService {
  constructor(
    @InjectRepository(Character) private readonly characters: Repository<Character>,
    private readonly images: ImageReferences,
    private readonly policy: AccessPolicy,
    private readonly idempotency: Idempotency,
  ) {}

  async create(ownerId: string, dto: CreateCharacterDto): Promise<Character> {
    const { name, description, image } = dto;
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'write', projectId);
    const row = {
      id: newId(),
      ownerId,
      projectId,
      name,
      description: description ?? '',
      image: await this.imageOf({ ownerId, projectId }, image ?? null),
    };
    return this.characters.manager.transaction(async (manager) => {
      const character = await manager.save(manager.create(Character, row));
      await this.idempotency.answerIn(manager, toCharacterResponse(character));
      return character;
    });
  }

  /** The user's own, and those of the user's projects. */
  list(userId: string, page: PageQueryDto): Promise<Page<CharacterResponseDto>> {
    return readPage(this.readable(userId), page, toCharacterResponse);
  }

  /** @throws {CharacterNotFoundError} when it is absent, or another's */
  async get(userId: string, id: string): Promise<Character> {
    const character = await this.readable(userId).andWhere('character.id = :id', { id }).getOne();
    if (!character) throw new CharacterNotFoundError(id);
    return character;
  }

  async update(ownerId: string, id: string, dto: UpdateCharacterDto): Promise<Character> {
    const { name, description, image } = dto;
    const character = await this.get(ownerId, id);
    await this.policy.assertMay(ownerId, 'write', character);
    const { projectId } = character;
    const changes = {
      ...(name && { name }),
      ...(typeof description === 'string' && { description }),
      ...(image !== undefined && { image: await this.imageOf({ ownerId, projectId }, image) }),
    };
    const writtenBy = writersAfter(ownerId, character, changes);
    return this.characters.save(Object.assign(character, changes, { writtenBy }));
  }

  async remove(userId: string, id: string): Promise<void> {
    await this.policy.assertMay(userId, 'remove', await this.get(userId, id));
    const { affected } = await this.characters.delete({ id });
    if (!affected) throw new CharacterNotFoundError(id);
  }

  async listExisting(userId: string, ids: readonly string[]): Promise<Character[]> {
    return ids.length === 0 ? [] : this.readable(userId).andWhere('character.id = ANY (:ids)', { ids }).getMany();
  }

  private readable(userId: string): SelectQueryBuilder<Character> {
    return this.policy.narrow(this.characters.createQueryBuilder('character'), userId);
  }

  private async imageOf(scope: Owned, image: string | null): Promise<string | null> {
    return image === null || image === '' ? null : this.images.keep(scope, image, '/image');
  }
}
