import 'reflect-metadata';

import { BadRequestException, Body, Controller, HttpCode, Inject, Module, Post, Res, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

import type { PeerIntakeInput } from '../../../dist/peers/contestants.js';
import { workerMain } from '../../../dist/worker-process.js';
import { filedReport, receiptOf } from '../filed-report.js';
import { FileReport, nestStore, ReportsModule } from '../stores/nest-cqrs.js';

@Controller('v1/reports')
export class ReportsController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Post()
  @HttpCode(202)
  async file(@Body() form: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    const report = filedReport(form);
    if (report === undefined) throw new BadRequestException();
    await this.commands.execute(new FileReport(report));
    reply.header('location', `/v1/reports/${report.id}`);
    return receiptOf(report);
  }
}

@Module({})
export class IntakeModule {
  static on(url: string): DynamicModule {
    return { module: IntakeModule, imports: [ReportsModule.on(url)], controllers: [ReportsController] };
  }
}

await workerMain(async ({ url }: PeerIntakeInput, readyToGo) => {
  const application = await NestFactory.create<NestFastifyApplication>(IntakeModule.on(url), new FastifyAdapter(), {
    logger: false,
  });
  await application.listen(0, '127.0.0.1');
  await readyToGo({ url: await application.getUrl(), pid: process.pid });
  const store = nestStore(application);
  const stored = await store.count();
  await store.close();
  return { stored };
});
