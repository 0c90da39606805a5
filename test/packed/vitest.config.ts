import {mergeConfig} from 'vitest/config';
import base from '../vitest.config.js';

/** The packed program has a run of its own, `npm run test:packed`: it needs no other test, and no other needs it. */
const config = mergeConfig(base, {});
config.test.include = ['test/packed/**/*.test.ts'];
config.test.exclude = [];

export default config;
