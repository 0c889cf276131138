import { simulate } from './cli/simulate.js';

process.exitCode = await simulate(process.argv, process.env);
