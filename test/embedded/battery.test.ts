import {describe, expect, it} from 'vitest';
import {realRedisVersion} from '../support/real-redis.js';
import {ServerPair} from '../support/server-pair.js';
import {bits} from './battery/bits.js';
import {connection} from './battery/connection.js';
import {dumps} from './battery/dumps.js';
import {hashes} from './battery/hashes.js';
import {keys} from './battery/keys.js';
import {lists} from './battery/lists.js';
import {pubSub} from './battery/pub-sub.js';
import {scripts} from './battery/scripts.js';
import {serverCommands} from './battery/server-commands.js';
import {sets} from './battery/sets.js';
import {sortedSets} from './battery/sorted-sets.js';
import {strings} from './battery/strings.js';
import {tracking} from './battery/tracking.js';
import {transactions} from './battery/transactions.js';
import {linesOf, play} from './play.js';

const batteries = {
	strings,
	bits,
	keys,
	dumps,
	hashes,
	lists,
	sets,
	sortedSets,
	transactions,
	pubSub,
	scripts,
	tracking,
	connection,
	serverCommands,
};

/** Replies differ between versions of Redis in many details: the built-in server copies this one. */
const copied = /^7\.0\./;

describe.skipIf(realRedisVersion === undefined)('the built-in server replies like a real Redis', () => {
	const servers = new ServerPair();

	for (const [name, text] of Object.entries(batteries)) {
		for (const resp of [2, 3] as const) {
			it(`to the battery "${name}" in RESP${resp}, byte by byte`, async (context) => {
				const {real, builtIn} = servers;
				if (!copied.test(real.version)) context.skip(`redis-server is ${real.version}, not 7.0`);
				const lines = linesOf(text);
				const [expected, actual] = await Promise.all([real, builtIn].map(({port}) => play(port, resp, lines)));
				const differences = lines.flatMap((line, index) =>
					actual?.[index] === expected?.[index] ? [] : {line, redis: expected?.[index], builtIn: actual?.[index]},
				);
				expect(differences).toEqual([]);
			});
		}
	}
});
