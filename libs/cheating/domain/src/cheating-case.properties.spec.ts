import { stepOf } from '@ringside/casework';
import { describeAnyCase } from '@ringside/testing';

import { cheatingCase } from './cheating-case.js';
import { commands } from './cheating-case.fixture.js';

describeAnyCase({ decider: cheatingCase, commands, stepOf, ownStep: 'EvidenceAssembled' });
