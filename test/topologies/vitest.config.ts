import {mergeConfig} from 'vitest/config';
import base from '../vitest.config.js';

/** Private clusters and Sentinel set-ups, `npm run test:topologies`: each takes some seconds to start. */
const config = mergeConfig(base, {});
config.test.include = ['test/topologies/**/*.test.ts'];
config.test.exclude = ['**/node_modules/**'];
// Each of them runs five or six servers, which have little to do.
config.test.maxWorkers = 4;
config.test.maxConcurrency = 3;
config.test.testTimeout = 60_000;
config.test.hookTimeout = 60_000;

export default config;
