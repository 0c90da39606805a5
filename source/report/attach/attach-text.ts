import type {AttachedSnapshot, EngineSnapshot} from '../../engine/protocol.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {formatAge, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';

/** Maximum number of loads that are listed. */
const rows = 10;

type Attached = Pick<EngineSnapshot, 'at' | 'cache' | 'target'> & {readonly attached: AttachedSnapshot};

function hitWords(now: CacheSnapshot['counters'], before?: CacheSnapshot['counters']): string {
	const grown = (name: 'hitsMemory' | 'hitsRedis' | 'misses') => now[name] - (before?.[name] ?? 0);
	const [memory, redis, misses] = [grown('hitsMemory'), grown('hitsRedis'), grown('misses')];
	const reads = memory + redis + misses;
	if (reads === 0) return 'no reads';
	return `${formatPercent((memory + redis) / reads)} (memory ${formatPercent(memory / reads, 0)}, Redis ${formatPercent(redis / reads, 0)})`;
}

const callsOf = ({counters}: CacheSnapshot) =>
	counters.hitsMemory + counters.hitsRedis + counters.misses + counters.sets + counters.deletes;

/** The reason why there is no current state of a live process, in words; undefined if there is one. */
function absence({state, since, reason}: AttachedSnapshot, at: number): string | undefined {
	if (state === 'live') return undefined;
	return state === 'silent'
		? `the process has sent nothing for ${formatAge(at - since)}`
		: `${reason}, ${formatAge(at - since)} ago`;
}

/**
 * The activity of the cache of a live process between two snapshots, as one line without a line feed. Undefined if the process
 * has changed in between, since its counters have restarted.
 */
export function attachedLine(before: Attached, now: Attached): string | undefined {
	const missing = absence(now.attached, now.at);
	if (missing !== undefined) return printable(missing);
	const {cache, attached} = now;
	if (before.cache.startedAt !== cache.startedAt) return undefined;
	const seconds = Math.max(0.001, (now.at - before.at) / 1000);
	const rate = Math.max(0, callsOf(cache) - callsOf(before.cache)) / seconds;
	const {running, inFlight, waiting} = attached.loads;
	const ready = cache.pool.lanes.filter(({state}) => state === 'ready').length;
	const columns = [
		cache.mode.mode.padEnd(10),
		`${formatShortCount(rate)} calls/s`.padEnd(14),
		`hit ratio ${hitWords(cache.counters, before.cache.counters)}`.padEnd(45),
		`p99 ${formatLatency(cache.latency.get.p99)}`.padEnd(11),
		`loads ${formatCount(inFlight)}, ${formatCount(running)} run, ${formatCount(waiting)} wait`,
		`journal ${formatCount(cache.journal.size)}`,
		`lanes ${ready}/${cache.pool.lanes.length}`,
	];
	return printable(columns.join('  '));
}

/** The state of a live process, for people. */
export function attachedReport({at, cache, target, attached}: Attached): string {
	const {name, pid, version, node, processStartedAt, namespace, loads} = attached;
	const {counters, memory, journal, pool, latency} = cache;
	const ready = pool.lanes.filter(({state}) => state === 'ready').length;
	const limit = loads.limit === undefined ? '' : ` of ${formatCount(loads.limit)}`;
	const missing = absence(attached, at);
	const lines = [
		`${name}, process ${pid}, up ${formatAge(at - processStartedAt)}, redis-cache-tui ${version} on Node.js ${node}`,
		...(missing === undefined ? [] : [missing]),
		`Redis at ${target.url}, namespace ${namespace}`,
		`mode: ${cache.mode.mode} for ${formatAge(at - cache.mode.at)}${cache.mode.mode === 'connected' ? '' : `: ${cache.mode.reason}`}`,
		`hit ratio: ${hitWords(counters)} of ${formatCountOf(counters.hitsMemory + counters.hitsRedis + counters.misses, 'read')}`,
		`reads from Redis: p50 ${formatLatency(latency.get.p50)}, p99 ${formatLatency(latency.get.p99)}`,
		`memory tier: ${formatCountOf(memory.entries, 'entry', 'entries')} of ${formatCount(memory.maxEntries)}, ${formatBytes(memory.bytes)} of ${formatBytes(memory.maxBytes)}, ${formatCount(counters.evictions)} evicted`,
		`journal: ${formatCountOf(journal.size, 'key')} of ${formatCount(journal.limit)}, at most ${formatCount(journal.max)} so far`,
		`pool: ${ready} of ${formatCountOf(pool.lanes.length, 'lane')} ready, ${formatPercent(pool.utilisation)} used; ${pool.checkouts.busy} of ${pool.checkouts.max} checkouts busy`,
		`loads: ${formatCount(loads.inFlight)} in flight, ${formatCount(loads.running)}${limit} run, ${formatCount(loads.waiting)} wait; ${formatCount(counters.loads)} so far, ${formatCount(counters.loadErrors)} failed`,
		...(loads.slowest.length > 0 ? ['slowest loads of the last ten minutes'] : []),
		...loads.slowest
			.slice(0, rows)
			.map(
				({namespace: space, key, ms, outcome}) =>
					`  ${formatLatency(ms).padStart(8)}  ${space === namespace ? '' : `${space}:`}${key}${outcome === 'loaded' ? '' : `  ${outcome}`}`,
			),
	];
	return `${lines.map(printable).join('\n')}\n`;
}
