import {mergeConfig} from 'vitest/config';
import {timeLimits} from '../support/time-limits.js';
import base from '../vitest.config.js';

/** Private clusters and Sentinel set-ups, `npm run test:topologies`: each takes some seconds to start. */
const config = mergeConfig(base, {test: timeLimits(60_000)});
config.test.include = ['test/topologies/**/*.test.ts'];
config.test.exclude = ['**/node_modules/**'];
// Each of them runs five or six servers, which have little to do.
config.test.maxWorkers = 4;
config.test.maxConcurrency = 3;

export default config;
