import { Injectable } from '@nestjs/common';
import { ImageProvider } from '../image/image-provider.decorator.js';
import type { ImageAnswer, ImageProvider as Provider, ImageRequest } from '../image/image-provider.js';
import { modelFailure } from '../model-failures.js';
import type { ModelCallOptions, ModelInfo } from '../model-provider.js';
import { gradientPng } from './offline-png.js';
import { hashOf } from './offline-text.js';
import { OFFLINE } from './offline.provider.js';

const OFFLINE_IMAGE_MODEL = 'offline-gradient';

/** Needs no key and no network: a gradient whose colours follow from the prompt, which it carries as description. */
@Injectable()
@ImageProvider({ id: OFFLINE })
export class OfflineImageProvider implements Provider {
  readonly name = 'Offline';
  readonly maxConcurrentCalls = 16;
  readonly defaultModel = OFFLINE_IMAGE_MODEL;

  isUsable(): boolean {
    return true;
  }

  async models(): Promise<readonly ModelInfo[]> {
    return [{ id: OFFLINE_IMAGE_MODEL, capabilities: ['image'] }];
  }

  async generate({ prompt, width, height }: ImageRequest, { signal }: ModelCallOptions): Promise<ImageAnswer> {
    if (signal.aborted) throw modelFailure('MODEL_CALL_ABORTED', 'The call was given up', { cause: signal.reason });
    const colours = [hashOf(prompt) & 0xffffff, hashOf(`${prompt}\n`) & 0xffffff] as const;
    return { bytes: gradientPng({ width, height, colours, description: prompt }), mediaType: 'image/png' };
  }
}
