import 'reflect-metadata';

import { Inject, Injectable, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CommandHandler, CqrsModule, EventBus, type ICommandHandler } from '@nestjs/cqrs';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import type { ReportFiled } from '@ringside/events';
import { Column, DataSource, Entity, Generated, PrimaryColumn, type EntityManager } from 'typeorm';

import { viewOfRows } from '../../../dist/peers/subject-figures.js';
import { connectionsMax } from '../postgres-pool.js';
import type { PeerStore, StoreOptions } from '../store.js';

@Entity('stored_events')
export class StoredEvent {
  @PrimaryColumn('text')
  id!: string;

  /** The order of a replay. */
  @Column('bigint', { unique: true })
  @Generated('increment')
  position!: string;

  @Column('text')
  type!: string;

  @Column('jsonb')
  event!: ReportFiled;
}

/** The case row: what is known of one subject and one kind. */
@Entity('subject_figures')
export class SubjectFigure {
  @PrimaryColumn('text')
  subjectId!: string;

  @PrimaryColumn('text')
  reason!: string;

  @Column('int')
  reports!: number;

  @Column('text')
  firstAt!: string;

  @Column('text')
  lastAt!: string;
}

/** Relative to what is there, so that it needs no read, and no lock but the row's own. */
const addReport = `
  INSERT INTO subject_figures AS kept ("subjectId", reason, reports, "firstAt", "lastAt") VALUES ($1, $2, 1, $3, $3)
  ON CONFLICT ("subjectId", reason) DO UPDATE SET
    reports = kept.reports + 1,
    "firstAt" = least(kept."firstAt", excluded."firstAt"),
    "lastAt" = greatest(kept."lastAt", excluded."lastAt")`;

const updateCase = (manager: EntityManager, { data }: ReportFiled): Promise<unknown> =>
  manager.query(addReport, [data.subjectId, data.reason, data.filedAt]);

export class FileReport {
  constructor(readonly report: ReportFiled) {}
}

export class ReportWasFiled {
  constructor(readonly report: ReportFiled) {}
}

/** Event and case in one transaction, so that neither is there without the other; then whoever listens in the process. */
@CommandHandler(FileReport)
export class FileReportHandler implements ICommandHandler<FileReport> {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(EventBus) private readonly events: EventBus,
  ) {}

  async execute({ report }: FileReport): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.insert(StoredEvent, { id: report.id, type: report.type, event: report });
      await updateCase(manager, report); // last, for its row is locked from here to the commit
    });
    await this.events.publish(new ReportWasFiled(report));
  }
}

const replayBatch = 500;

@Injectable()
export class Replay {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /** Makes the cases anew, a transaction for each page of events. */
  async run(): Promise<void> {
    await this.database.manager.clear(SubjectFigure);
    for (let after = '0'; ;) {
      const page = await this.database.manager
        .createQueryBuilder(StoredEvent, 'stored')
        .where('stored.position > :after', { after })
        .orderBy('stored.position')
        .limit(replayBatch)
        .getMany();
      if (page.length === 0) return;
      await this.database.transaction(async (manager) => {
        for (const { event } of page) await updateCase(manager, event);
      });
      after = page.at(-1)!.position;
    }
  }
}

@Module({})
export class ReportsModule {
  static on(url: string): DynamicModule {
    const database = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      entities: [StoredEvent, SubjectFigure],
      synchronize: true,
      logging: false,
      poolSize: connectionsMax,
    });
    return { module: ReportsModule, imports: [CqrsModule.forRoot(), database], providers: [FileReportHandler, Replay] };
  }
}

export async function openNestCqrs({ url }: StoreOptions): Promise<PeerStore> {
  return nestStore(await NestFactory.createApplicationContext(ReportsModule.on(url), { logger: false }));
}

/** The store of an application that is there already. */
export function nestStore(application: INestApplicationContext): PeerStore {
  const commands = application.get(CommandBus);
  const { manager } = application.get(DataSource);
  return {
    append: (report) => commands.execute(new FileReport(report)),
    async fill(reports) {
      for (let i = 0; i < reports.length; i += 500) {
        const rows = reports.slice(i, i + 500).map((event) => ({ id: event.id, type: event.type, event }));
        await manager.insert(StoredEvent, rows);
      }
    },
    count: () => manager.count(StoredEvent),
    projecting: {
      project: () => application.get(Replay).run(),
      rebuild: () => application.get(Replay).run(),
      view: async () => viewOfRows(await manager.find(SubjectFigure)),
    },
    close: () => application.close(),
  };
}
