import {describe, expect, it} from 'vitest';
import {runDrill} from '../../../source/testing/testing.js';

const steps = [{at: '100ms', fault: 'latency 1ms', for: '100ms'}];
const drill = {name: 'slow', summary: 'It is slow', duration: '1s', steps, expectations: ['hungCalls == 0']};

/** A subject whose client reaches nothing. */
const failing = () => {
	const fail = () => Promise.reject(new Error('no connection'));
	return {get: fail, set: fail, delete: fail};
};

describe('runDrill', () => {
	it.each(['redis://127.0.0.1:1', 'redis+cluster://127.0.0.1:1,127.0.0.1:2', 'redis+sentinel://127.0.0.1:1/main'])(
		'says that nothing listens at %s, and does not blame the subject',
		async (url) => {
			await expect(runDrill(failing, drill, {url})).rejects.toMatchObject({
				code: 'ERR_UNREACHABLE',
				message: `cannot reach ${url}: connection refused; check that Redis runs there and that the URL is right`,
			});
		},
	);

	it('refuses a fault of one node of several, which it takes for no single server', async () => {
		const onNode = {...drill, steps: [{at: '100ms', fault: 'node 2 latency 1ms', for: '100ms'}]};
		await expect(runDrill(failing, onNode, {url: 'redis+cluster://127.0.0.1:1'})).rejects.toMatchObject({
			code: 'ERR_FAULT_REFUSED',
			message: expect.stringMatching(/^drill slow cannot run here: runDrill\(\) breaks .*: leave out the node, or/),
		});
	});
});
