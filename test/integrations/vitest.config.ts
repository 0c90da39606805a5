import {mergeConfig} from 'vitest/config';
import {timeLimits} from '../support/time-limits.js';
import base from '../vitest.config.js';

/**
 * The packed program in real frameworks, bundlers and compilers, and before a real Prometheus: `npm run
 * test:integrations`. Their packages are installed elsewhere, and take hundreds of megabytes that no other test needs.
 */
const config = mergeConfig(base, {test: timeLimits(60_000)});
config.test.include = ['test/integrations/**/*.test.ts'];
config.test.exclude = [];
config.test.globalSetup = ['test/support/announce-real-redis.ts', 'test/integrations/support/pack.ts'];
// Compilers and bundlers use a whole processor, beside applications whose answers are timed.
config.test.maxWorkers = 2;
config.test.hookTimeout = 300_000;

export default config;
