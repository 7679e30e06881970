import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../providers/providers.module.js';
import { BudgetIndex } from './budgets/budget-index.js';
import { BudgetKeeper } from './budgets/budget-keeper.js';
import { BudgetReader } from './budgets/budget-reader.js';
import { BudgetsController } from './budgets/budgets.controller.js';
import { BudgetsService } from './budgets/budgets.service.js';
import { Reservations } from './budgets/reservations.js';
import { RunBudgets } from './budgets/run-budgets.js';
import { CallMetering } from './call-metering.js';
import { Budget } from './entities/budget.entity.js';
import { MeteredEmbeddingCalls } from './metered-embedding-calls.js';
import { MeteredImageCalls } from './metered-image-calls.js';
import { MeteredModelCalls } from './metered-model-calls.js';
import { Prices } from './prices/prices.js';
import { RunUsage } from './run-usage.js';
import { UsageConnection } from './usage-connection.js';
import { UsageController } from './usage.controller.js';
import { UsageMetrics } from './usage-metrics.js';
import { UsageReader } from './usage-reader.js';
import { UsageRecorder } from './usage-recorder.js';
import { UsageService } from './usage.service.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_USAGE, PERSONAL_BUDGETS } from './personal-records.js';

@Module({
  imports: [TypeOrmModule.forFeature([Budget]), ProvidersModule],
  controllers: [UsageController, BudgetsController],
  providers: [
    BudgetIndex,
    BudgetKeeper,
    BudgetReader,
    BudgetsService,
    CallMetering,
    MeteredEmbeddingCalls,
    MeteredImageCalls,
    MeteredModelCalls,
    Prices,
    Reservations,
    RunBudgets,
    RunUsage,
    UsageConnection,
    UsageMetrics,
    UsageReader,
    UsageRecorder,
    UsageService,
  ],
  exports: [MeteredEmbeddingCalls, MeteredModelCalls, MeteredImageCalls, RunBudgets, RunUsage],
})
export class UsageModule {
  constructor(personal: PersonalData) {
    personal.registerStored('usage', PERSONAL_USAGE);
    personal.registerStored('budgets', PERSONAL_BUDGETS);
  }
}
