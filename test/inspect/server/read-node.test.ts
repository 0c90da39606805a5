import {expect, test} from 'vitest';
import {OwnTally} from '../../../source/inspect/server/activity/own/own-tally.js';
import {readNode} from '../../../source/inspect/server/info/read-node.js';
import {Refusals} from '../../../source/inspect/server/info/refusals.js';
import {ServerError} from '../../../source/pool/errors.js';

test('a server that loads its data refuses PING, and is read all the same', async () => {
	const sender = {
		async send(command: string) {
			if (command === 'PING') throw new ServerError('unavailable', 'LOADING', 'LOADING Redis is loading');
			return command === 'INFO' ? '# Persistence\r\nloading:1\r\nloading_loaded_perc:12.00\r\n' : [];
		},
	};
	const reading = await readNode({address: undefined, sender, own: new OwnTally()}, new Refusals());
	expect(reading?.info.persistence).toMatchObject({loading: '1'});
	expect(reading?.pingMs).toBeGreaterThanOrEqual(0);
});
