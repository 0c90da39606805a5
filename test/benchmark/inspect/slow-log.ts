import type {Redis} from 'ioredis';

/** Lets the server note every command of more than a millisecond. */
export async function watchSlowLog(client: Redis): Promise<void> {
	await client.config('SET', 'slowlog-log-slower-than', '1000');
	await client.config('SET', 'slowlog-max-len', '100000');
}

/** The commands that were noted, but for those of this benchmark itself. */
export async function slowEntries(client: Redis): Promise<{readonly over10Ms: number; readonly over1Ms: number}> {
	const entries = (await client.call('SLOWLOG', 'GET', '-1')) as readonly (readonly [
		number,
		number,
		number,
		string[],
	])[];
	const foreign = entries.filter(([, , , [name = '']]) => !/^(slowlog|config|info)$/i.test(name));
	return {over10Ms: foreign.filter(([, , micros]) => micros > 10_000).length, over1Ms: foreign.length};
}
