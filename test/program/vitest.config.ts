import {availableParallelism} from 'node:os';
import {mergeConfig} from 'vitest/config';
import base from '../vitest.config.js';

/**
 * Tests that start the whole program many times, or draw for long, have a run of their own, `npm run test:program`: they take
 * more of the processor than tests of parts, and `npm test` has four minutes.
 */
const config = mergeConfig(base, {});
config.test.include = ['test/program/**/*.test.ts'];
config.test.exclude = [];
// Each of them keeps a processor busy.
config.test.maxWorkers = availableParallelism();
config.test.maxConcurrency = 2;
// A loaded machine may need many times what an idle one does.
config.test.testTimeout = 90_000;

export default config;
