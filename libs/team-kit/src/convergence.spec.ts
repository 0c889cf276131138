import { describeConvergence } from '@ringside/testing';

import { workingTeam } from './casework/working-team.fixture.js';
import { placed } from './placed-subscriber.js';
import { SubscriberRuntime } from './runtime.js';
import { subscriberOf } from './team.js';

// Under a name that the policy knows.
const subscriber = { ...subscriberOf(workingTeam), name: 'cheating-team', reactions: [] };

describeConvergence('a team that has everything that the kit has', {
  team: workingTeam.rules.team,
  start: (placement, resources) => SubscriberRuntime.start(placed(subscriber, placement), resources),
});
