import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { newId } from '../../common/ids/id.js';
import { ArtifactNotFoundError, ArtifactTooLargeError, NotAnImageError } from './artifacts.errors.js';
import { Artifact } from './entities/artifact.entity.js';
import { imageTypeOf } from './image-type.js';

export const MAX_ARTIFACT_BYTES = 25 * 1024 * 1024;

/** Keeps bytes for their owners. Another's are not there. */
@Injectable()
export class ArtifactsService {
  constructor(@InjectRepository(Artifact) private readonly artifacts: Repository<Artifact>) {}

  /**
   * Keeps an image. The same bytes of one owner are one artifact, so that storing again changes nothing.
   *
   * @throws {NotAnImageError}
   * @throws {ArtifactTooLargeError}
   */
  async storeImage(ownerId: string, bytes: Uint8Array): Promise<Artifact> {
    if (bytes.byteLength > MAX_ARTIFACT_BYTES) throw new ArtifactTooLargeError(bytes.byteLength, MAX_ARTIFACT_BYTES);
    const contentType = imageTypeOf(bytes);
    if (contentType === undefined) throw new NotAnImageError();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const row = { id: newId(), ownerId, contentType, sizeBytes: bytes.byteLength, sha256, content: Buffer.from(bytes) };
    await this.artifacts.createQueryBuilder().insert().values(row).orIgnore().execute();
    return this.artifacts.findOneByOrFail({ ownerId, sha256, contentType });
  }

  /** @throws {ArtifactNotFoundError} */
  async get(ownerId: string, id: string): Promise<Artifact> {
    const artifact = await this.artifacts.findOneBy({ id, ownerId });
    if (!artifact) throw new ArtifactNotFoundError(id);
    return artifact;
  }

  /** @throws {ArtifactNotFoundError} */
  async getContent(ownerId: string, id: string): Promise<Buffer> {
    const artifact = await this.artifacts.findOne({ select: { id: true, content: true }, where: { id, ownerId } });
    if (!artifact) throw new ArtifactNotFoundError(id);
    return artifact.content;
  }

  async listExisting(ownerId: string, ids: readonly string[]): Promise<Artifact[]> {
    return ids.length === 0 ? [] : this.artifacts.findBy({ ownerId, id: In(ids) });
  }
}
