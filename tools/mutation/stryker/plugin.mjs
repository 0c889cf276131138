import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

import { ignoreProse } from './ignore-prose.mjs';
import { InProcessRunner } from './runner.mjs';

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
  declareValuePlugin(PluginKind.Ignore, 'prose', ignoreProse),
];
