import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ProblemFeed, type ServiceDefinition, type ServiceResources } from '@ringside/platform';
import { SubscriberModule, subscriberMicroservices } from '@ringside/team-kit';
import { AppealsController } from './appeals.controller.js';
import type { Intake } from './file-report.js';
import { intakeMetrics } from './intake-metrics.js';
import { lateReceipts } from './late-receipts.js';
import { lineFaults } from './line-faults.js';
import { ownReports } from './own-reports.js';
import { batchBytesMax, batchContentType, isBusyWithBatches } from './report-batch.js';
import { ReportsController } from './reports.controller.js';
import { reportSubscriber, serviceName } from './subscriber.js';
import { INTAKE } from './tokens.js';

@Module({ controllers: [ReportsController, AppealsController] })
export class IntakeModule implements OnModuleInit {
  constructor(
    @Inject(INTAKE) private readonly intake: Intake,
    private readonly problems: ProblemFeed,
  ) {}

  static forService({ placement, eventLog, viewStore, clock, metrics, logger }: ServiceResources): DynamicModule {
    const own = ownReports();
    const intake: Intake = {
      eventLog,
      viewStore,
      clock,
      placement,
      source: serviceName,
      metrics: intakeMetrics(metrics),
      own,
      uncounted: new Set(),
      lateReceipts: lateReceipts(),
      lineFaults: lineFaults(logger),
    };
    return {
      module: IntakeModule,
      imports: [SubscriberModule.forSubscriber({ ...reportSubscriber, known: own.take }, placement)],
      providers: [{ provide: INTAKE, useValue: intake }],
    };
  }

  onModuleInit(): void {
    const { metrics } = this.intake;
    // The lines of a batch are counted one by one, where they are refused.
    this.problems.subscribe(({ code }, route) => {
      if (route === '/v1/reports') metrics.refused(code);
    });
  }
}

/** report-intake: takes the report form as it is, and answers when it is durable. */
export const reportIntake: ServiceDefinition = {
  name: serviceName,
  title: 'Ringside: report-intake',
  description: 'Takes what players report about each other, as it is, and answers once it is durable.',
  version: '0.1.0',
  defaultPort: 3000,
  access: { kind: 'games' },
  module: (resources) => IntakeModule.forService(resources),
  microservices: subscriberMicroservices,
  bodyFormats: [
    {
      contentType: batchContentType,
      bytesMax: batchBytesMax,
      routes: ['/v1/reports::batch'],
      isBusy: isBusyWithBatches,
    },
  ],
};
