import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TextFilter } from '../../common/text-search/text-source.js';
import { type FoundVector, NearestTexts } from '../../common/vectors/nearest-texts.js';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import type { ModelAccount } from '../providers/model-account.js';
import { QuestionVectors } from './question-vectors.js';

const IS_THERE = `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') AS installed,
  EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS available`;

export interface VectorWish {
  readonly question: string;
  /** On whose account the question is embedded. */
  readonly account: ModelAccount;
  readonly filter: TextFilter;
  readonly limit: number;
}

/** Finds texts by what they mean, where a model for vectors is configured. */
@Injectable()
export class VectorSearch implements OnApplicationBootstrap {
  private readonly logger = new Logger(VectorSearch.name);
  private readonly bySource = new Map<VectorSource, NearestTexts>();
  private hasExtension = false;

  constructor(
    private readonly database: DataSource,
    private readonly models: EmbeddingCallsService,
    private readonly questions: QuestionVectors,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.models.choice) this.hasExtension = await this.installed();
  }

  /** Undefined where there is no model, or where it does not answer: then words alone count. */
  async nearest(source: VectorSource, wish: VectorWish): Promise<readonly FoundVector[] | undefined> {
    const { question: text, account, filter, limit } = wish;
    const question = await this.questions.of(text, account);
    return question && this.nearestOf(source).find(question, filter, limit);
  }

  private nearestOf(source: VectorSource): NearestTexts {
    const known = this.bySource.get(source) ?? new NearestTexts(this.database, source, () => this.hasExtension);
    this.bySource.set(source, known);
    return known;
  }

  /** What we may not install is done without. */
  private async installed(): Promise<boolean> {
    const [found] = await this.database.query<[{ installed: boolean; available: boolean }]>(IS_THERE);
    if (found.installed || !found.available) return found.installed;
    try {
      await this.database.query('CREATE EXTENSION IF NOT EXISTS vector');
      return true;
    } catch (error) {
      this.logger.warn({ err: error }, 'The extension vector is not installed: vectors are compared in the server');
      return false;
    }
  }
}
