import {RedisCache} from '../../../source/cache/redis-cache.js';
import {startChild} from '../../support/child.js';

const script = new URL('watcher.ts', import.meta.url);
const keyCount = 30;

const rank = (sorted: readonly number[], part: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;

/**
 * Milliseconds from the acknowledgment of a set in this process until `get` in another one, which has the key in memory, returns the new
 * value. Keys of all masters in turn.
 */
async function lagsOf(url: string, coherence: 'broadcast' | 'tracked', changes: number): Promise<readonly number[]> {
	const watcher = await startChild(script);
	const writer = new RedisCache({url, ttl: '1h', memory: {coherence}, deadline: '5s'});
	try {
		await Promise.all([watcher.call('open', {url, coherence}), writer.ready('30s')]);
		const lags: number[] = [];
		for (let change = 0; change < changes; change++) {
			const key = `lag:${coherence}:${change % keyCount}`;
			await writer.set(key, change);
			await watcher.call('keep', key);
			const seen = watcher.call<number>('watch', {key, old: change});
			// Answered once it watches.
			await watcher.call('idle');
			await writer.set(key, -1);
			const acknowledged = Number(process.hrtime.bigint()) / 1e6;
			lags.push(Math.max(0, (await seen) - acknowledged));
		}
		await watcher.call('close');
		return lags.sort((a, b) => a - b);
	} finally {
		await writer.close();
		await watcher.kill();
	}
}

/** Measures how soon another process sees a change, in rounds in turn. @returns A table in Markdown. */
export async function coherenceLagTable(url: string, rounds: number): Promise<string> {
	const ways = ['broadcast', 'tracked'] as const;
	const lags = {broadcast: [] as number[], tracked: [] as number[]};
	for (let round = 0; round < rounds; round++) for (const way of ways) lags[way].push(...(await lagsOf(url, way, 200)));
	const rows = ways.map((way) => {
		const sorted = lags[way].sort((a, b) => a - b);
		const cells = [rank(sorted, 0.5), rank(sorted, 0.99), rank(sorted, 1)].map((ms) => ms.toFixed(2));
		return `| \`${way}\` | ${sorted.length} | ${cells.join(' | ')} |`;
	});
	return [
		"Milliseconds from an acknowledged `set` until another process's `get` returns it, in a cluster:",
		'',
		'| coherence | changes | p50 | p99 | longest |',
		'| --- | --- | --- | --- | --- |',
		...rows,
		'',
	].join('\n');
}
