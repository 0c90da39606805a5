import {mergeConfig} from 'vitest/config';
import {timeLimits} from '../support/time-limits.js';
import base from '../vitest.config.js';

/** Applications as others write them, `npm run test:applications`: they need further packages and languages. */
const config = mergeConfig(base, {test: timeLimits(60_000)});
config.test.include = ['test/applications/**/*.test.ts'];
config.test.exclude = ['**/node_modules/**'];
config.test.globalSetup = ['test/support/announce-real-redis.ts', 'test/applications/support/prepare.ts'];
// Each of them keeps a processor busy.
config.test.fileParallelism = false;
config.test.maxConcurrency = 2;

export default config;
