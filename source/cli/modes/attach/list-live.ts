import {type LiveCaches, listLiveCaches} from '../../../engine/attached/live-processes.js';
import {formatAge} from '../../../text/duration.js';
import {printable} from '../../../text/printable.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';

const howTo = `no process of this user can be watched. Allow it in an application that uses this package:
  new RedisCache({inspect: true}), or REDIS_CACHE_TUI_INSPECT=1 in its environment
`;

/** Prints the live processes of this user. Returns the exit code of success, even if there are none. */
export async function listLive(format: 'text' | 'json', output: Output): Promise<number> {
	const live = await listLiveCaches();
	if (format === 'json') output.data(`${JSON.stringify(objectsOf(live), null, 2)}\n`);
	else if (live.caches.length > 0) output.out(tableOf(live));
	else if (live.silent.length + live.refused.length === 0) output.out(howTo);
	for (const {pid, reason} of live.silent) output.err(`redis-cache-tui: process ${pid} cannot be watched: ${reason}\n`);
	for (const reason of live.refused) output.err(`redis-cache-tui: processes may be missing here: ${reason}\n`);
	return exitCodes.fine;
}

/** One object for each cache. `id` is the argument of `attach`. */
const objectsOf = ({caches}: LiveCaches) =>
	caches.map(({id, process, cache}) => ({
		id,
		name: cache.name,
		pid: process.pid,
		version: process.version,
		node: process.node,
		mode: cache.mode,
		url: cache.url,
		namespace: cache.namespace,
		commands: cache.commands,
		startedAt: process.startedAt,
	}));

function tableOf({caches}: LiveCaches): string {
	const now = Date.now();
	const cells = caches.map(({id, process, cache}) => [
		cache.name,
		id,
		process.version,
		cache.mode,
		formatAge(now - process.startedAt),
		cache.namespace,
		cache.url,
	]);
	const rows = [['NAME', 'PID', 'VERSION', 'MODE', 'UP', 'NAMESPACE', 'REDIS'], ...cells].map((row) =>
		row.map(printable),
	);
	const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
	return rows
		.map(
			(row) =>
				`${row
					.map((cell, column) => cell.padEnd(widths[column] ?? 0))
					.join('  ')
					.trimEnd()}\n`,
		)
		.join('');
}
