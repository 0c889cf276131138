import { placed, SubscriberRuntime } from '@ringside/team-kit';
import { describeConvergence } from '@ringside/testing';

import { reportSubscriber } from './subscriber.js';

describeConvergence(reportSubscriber.name, {
  team: 'cheating',
  start: (placement, resources) => SubscriberRuntime.start(placed(reportSubscriber, placement), resources),
});
