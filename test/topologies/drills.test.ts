import {expect, it} from 'vitest';
import {findClockLibrary} from '../../source/embedded/clock-library.js';
import {runProgram} from '../support/program.js';
import {describeReal} from '../support/real-redis.js';

const hasLibrary = (await findClockLibrary()) !== undefined;

// Most of a drill is waiting.
describeReal('drills on several servers', {concurrent: true}, () => {
	it.each([
		['failover', 'cluster'],
		['lost-node', 'cluster'],
		['reshard', 'cluster'],
		['skewed-clocks', 'cluster'],
		['lagging-replica', 'sentinel'],
		['split-brain', 'sentinel'],
	])('run %s on a private %s: no read is wrong, and nothing is left', async (drill, topology) => {
		const {exitCode, stdout, stderr} = await runProgram(['drill', drill, '--private', topology, '--json']);
		// Without libfaketime it says what to install.
		if (drill === 'skewed-clocks' && !hasLibrary) {
			expect(exitCode).toBe(2);
			expect(stderr).toMatch(/clock needs a server whose clock can be set: install libfaketime \(apt install faketime/);
			return;
		}
		// 1: a limit on time was missed, as it may be on a loaded machine.
		expect([0, 1], stderr).toContain(exitCode);
		expect(JSON.parse(stdout)).toMatchObject({drill, wrongReads: 0, failedCalls: 0});
	});
});
