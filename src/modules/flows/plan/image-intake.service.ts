import { Injectable } from '@nestjs/common';
import { escapeToken } from '../../../common/http/text-faults.js';
import { ArtifactsService } from '../../artifacts/artifacts.service.js';
import { ImageReferences, parseImageReference } from '../../artifacts/image-references.js';
import { imageReference } from '../components/node-image.service.js';
import type { CachedOutput } from '../program/flow-run.js';
import type { SentOutput } from './sent-outputs.js';

type Fields = Readonly<Record<string, unknown>>;

/** Keeps images that come inside of data (`data:` URLs) as artifacts, so that rows only name them. */
@Injectable()
export class ImageIntake {
  constructor(
    private readonly references: ImageReferences,
    private readonly artifacts: ArtifactsService,
  ) {}

  async keepInNodes<Node extends { readonly data: Fields }>(ownerId: string, nodes: readonly Node[]): Promise<Node[]> {
    const kept: Node[] = [];
    for (const [index, node] of nodes.entries()) {
      kept.push({ ...node, data: await this.keepIn(ownerId, node.data, `/nodes/${index}/data`) });
    }
    return kept;
  }

  async keepInInputs(ownerId: string, inputs: Readonly<Record<string, Fields>>): Promise<Record<string, Fields>> {
    const kept: Array<[string, Fields]> = [];
    for (const [nodeId, fields] of Object.entries(inputs)) {
      kept.push([nodeId, await this.keepIn(ownerId, fields, `/inputs/${escapeToken(nodeId)}`)]);
    }
    return Object.fromEntries(kept);
  }

  /** An image that was sent is told as ours are, and only when it is the owner's. */
  async keepInOutput(ownerId: string, { image, ...output }: SentOutput, nodeId: string): Promise<CachedOutput> {
    if (image === undefined) return { output };
    const path = `/cached_outputs/${escapeToken(nodeId)}/image`;
    const location = parseImageReference(await this.references.keep(ownerId, image, path));
    if (location?.kind !== 'artifact') return { output };
    return { output: { ...output, image: imageReference(await this.artifacts.get(ownerId, location.artifactId)) } };
  }

  private async keepIn(ownerId: string, fields: Fields, path: string): Promise<Fields> {
    const entries = Object.entries(fields);
    if (!entries.some(([, value]) => isDataUrl(value))) return fields;
    const kept: Array<[string, unknown]> = [];
    for (const [key, value] of entries) {
      const isImage = isDataUrl(value);
      kept.push([key, isImage ? await this.references.keep(ownerId, value, `${path}/${escapeToken(key)}`) : value]);
    }
    return Object.fromEntries(kept);
  }
}

function isDataUrl(value: unknown): value is string {
  return typeof value === 'string' && /^data:image\//i.test(value);
}
