import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

let cache: RedisCache | undefined;
let isStopped = false;
const complaints: string[] = [];

const opened = (): RedisCache => {
	if (cache === undefined) throw new Error('open comes first');
	return cache;
};

serve({
	open: async ({url, deadline}: {readonly url: string; readonly deadline: number}) => {
		cache = new RedisCache({url, deadline, strict: true});
		await cache.ready(30_000);
		cache.on('mode', ({mode, reason}) => complaints.push(`${mode}: ${reason}`));
		cache.on('error', ({operation, error}) => complaints.push(`${operation}: ${error.message}`));
	},
	/** Reads and writes until `stop`; returns the messages of calls that failed. */
	callAllTheTime: async () => {
		const failed: string[] = [];
		for (let round = 0; !isStopped; round++) {
			const calls = [opened().set(`k${round % 100}`, round), opened().get(`k${(round + 50) % 100}`)];
			for (const result of await Promise.allSettled(calls))
				if (result.status === 'rejected') failed.push(String(result.reason));
		}
		return failed;
	},
	stop: () => {
		isStopped = true;
	},
	complaints: () => complaints,
});
