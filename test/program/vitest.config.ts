import {mergeConfig} from 'vitest/config';
import base from '../vitest.config.js';

/**
 * The dashboard in terminals has a run of its own, `npm run test:program`: a test starts the whole program, which draws
 * all the time, and that takes more of the processor than any test of its parts.
 */
const config = mergeConfig(base, {});
config.test.include = ['test/program/**/*.test.ts'];
config.test.exclude = [];
// A loaded machine may need many times what an idle one does.
config.test.testTimeout = 90_000;

export default config;
