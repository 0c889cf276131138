import { placed, subscriberOf, SubscriberRuntime } from '@ringside/team-kit';
import { describeConvergence } from '@ringside/testing';

import { team } from './cheating-team.js';

const subscriber = { ...subscriberOf(team), reactions: [] };

describeConvergence(team.service, {
  team: team.rules.team,
  start: (placement, resources) => SubscriberRuntime.start(placed(subscriber, placement), resources),
});
