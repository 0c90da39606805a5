import {mergeConfig} from 'vitest/config';
import {timeLimits} from '../support/time-limits.js';
import base from '../vitest.config.js';

/** The packed program has a run of its own, `npm run test:packed`: it needs no other test, and no other needs it. */
const config = mergeConfig(base, {test: timeLimits(60_000)});
config.test.include = ['test/packed/**/*.test.ts'];
config.test.exclude = [];

export default config;
