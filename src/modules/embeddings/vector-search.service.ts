import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { TextFilter } from '../../common/text-search/text-source.js';
import { type FoundVector, NearestTexts } from '../../common/vectors/nearest-texts.js';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import type { ModelAccount } from '../providers/model-account.js';
import { PgVector } from './pg-vector.js';
import { QuestionVectors } from './question-vectors.js';

export interface VectorWish {
  readonly question: string;
  /** On whose account the question is embedded. */
  readonly account: ModelAccount;
  readonly filter: TextFilter;
  readonly limit: number;
}

/** Finds texts by what they mean, where a model for vectors is configured. */
@Injectable()
export class VectorSearch {
  private readonly bySource = new Map<VectorSource, NearestTexts>();

  constructor(
    private readonly database: DataSource,
    private readonly extension: PgVector,
    private readonly questions: QuestionVectors,
  ) {}

  /** Undefined where there is no model, or where it does not answer: then words alone count. */
  async nearest(source: VectorSource, wish: VectorWish): Promise<readonly FoundVector[] | undefined> {
    const { question: text, account, filter, limit } = wish;
    const question = await this.questions.of(text, account);
    return question && this.nearestOf(source).find(question, filter, limit);
  }

  private nearestOf(source: VectorSource): NearestTexts {
    const known = this.bySource.get(source) ?? new NearestTexts(this.database, source, this.extension);
    this.bySource.set(source, known);
    return known;
  }
}
