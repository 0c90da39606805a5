import {availableParallelism} from 'node:os';
import {mergeConfig} from 'vitest/config';
import {timeLimits} from '../support/time-limits.js';
import base from '../vitest.config.js';

/**
 * Tests that start the whole program many times, or draw for long, have a run of their own, `npm run test:program`: they take
 * more of the processor than tests of parts, and `npm test` has four minutes.
 */
const config = mergeConfig(base, {test: timeLimits(60_000)});
config.test.include = ['test/program/**/*.test.ts'];
config.test.exclude = [];
// Each of them keeps a processor busy.
config.test.maxWorkers = availableParallelism();
config.test.maxConcurrency = 2;

export default config;
