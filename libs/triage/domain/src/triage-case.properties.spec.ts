import { stepOf } from '@ringside/casework';
import { describeAnyCase } from '@ringside/testing';

import { triageCase } from './triage-case.js';
import { command, commands, named, reportOf } from './triage-case.fixture.js';

/** Reasons that no team owns: a report that got one is open still, and may get another. */
const [renamed, renamedAgain] = ['unfair_map', 'bad_weather'].map((reason) =>
  command({ kind: 'reroute', reason, ...named(reportOf('r1'), reportOf('r2')) }),
);

describeAnyCase({
  decider: triageCase,
  commands: { ...commands, renamed: renamed!, renamed_again: renamedAgain! },
  stepOf,
  ownStep: 'CaseReportsRerouted',
});
