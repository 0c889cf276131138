import { stepOf } from '@ringside/casework';
import { describeAnyCase } from '@ringside/testing';

import { abuseCase } from './abuse-case.js';
import { commands } from './abuse-case.fixture.js';

describeAnyCase({ decider: abuseCase, commands, stepOf, ownStep: 'MessageReviewed' });
