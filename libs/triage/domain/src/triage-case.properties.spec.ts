import { stepOf } from '@ringside/casework';
import { describeAnyCase } from '@ringside/testing';

import { triageCase } from './triage-case.js';
import { commands } from './triage-case.fixture.js';

describeAnyCase({ decider: triageCase, commands, stepOf, ownStep: 'CaseReportsRerouted' });
