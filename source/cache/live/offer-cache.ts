import {unixNow} from '../../time/real-time.js';
import type {CacheApi, CacheLife} from '../api/types.js';
import type {CacheParts} from '../cache-parts.js';
import {localNow} from '../clock/local-now.js';
import {KeyParser} from '../keys/key-parser.js';
import type {InspectSettings} from '../options/inspect-option.js';
import {callCache} from './call-cache.js';
import type {LiveLoads, Notice, SlowLoad} from './messages.js';
import {publishCache} from './publish-cache.js';
import {SlowLoads} from './slow-loads.js';
import type {WatchedCache} from './watched-cache.js';

/** Most loads in progress that are listed. */
const maxNamed = 10;

/** Milliseconds from which a load is reported as a notice. */
const slowMs = 1000;

/** Longest error message that is sent; the rest is cut off. */
const maxMessageLength = 500;

/**
 * Offers a cache to viewers.
 *
 * @returns A function that stops offering it.
 * @throws {LiveFolderError} The socket cannot be created.
 */
export async function offerCache(
	cache: CacheApi & CacheLife,
	parts: CacheParts,
	{name, commands}: InspectSettings,
): Promise<() => void> {
	const {settings, server, recorder, availability} = parts;
	const slowLoads = new SlowLoads();
	const unpublish = await publishCache({
		name,
		commands,
		namespace: settings.namespace,
		prefix: settings.prefix,
		url: server,
		startedAt: recorder.startedAt,
		mode: () => availability.mode.mode,
		snapshot: () => cache.stats(),
		loads: () => loadsOf(parts, slowLoads),
		listen: (listener) => listen(cache, listener),
		call: (call) => callCache(cache, parts.namespaces, call),
	});
	const stop = cache.on('load', (event) => slowLoads.add(event));
	return () => {
		stop();
		unpublish();
	};
}

function loadsOf({flights, slots, settings}: CacheParts, slowLoads: SlowLoads): LiveLoads {
	const parser = new KeyParser(settings.prefix);
	const now = localNow();
	const {running, waiting, maxRunning} = slots.snapshot();
	return {
		inFlight: flights.size,
		running,
		waiting,
		limit: Number.isFinite(maxRunning) ? maxRunning : undefined,
		oldest: flights.oldest(maxNamed).map(({redisKey, startedAt}) => ({
			namespace: parser.namespaceOf(redisKey),
			key: parser.keyOf(redisKey),
			ms: now - startedAt,
		})),
		slowest: slowLoads.list(),
	};
}

/** Forwards rare events only. Hits, misses and writes are in the counters. */
function listen(cache: CacheLife, tell: (notice: Notice) => void): ReturnType<WatchedCache['listen']> {
	const removers = [
		cache.on('mode', (payload) => tell({event: 'mode', payload})),
		cache.on('node', (payload) => tell({event: 'node', payload})),
		cache.on('restriction', (payload) => tell({event: 'restriction', payload})),
		cache.on('reconcile', (payload) => tell({event: 'reconcile', payload})),
		cache.on('coherence', (payload) => tell({event: 'coherence', payload})),
		cache.on('clockStep', (payload) => tell({event: 'clockStep', payload})),
		cache.on('pool', (payload) => tell({event: 'pool', payload})),
		cache.on('error', ({operation, error}) => {
			const code = 'code' in error ? String(error.code) : error.name;
			tell({event: 'error', payload: {operation, code, message: error.message.slice(0, maxMessageLength)}});
		}),
		cache.on('load', ({namespace, key, durationMs, outcome}) => {
			const isWrong = outcome === 'failed' || outcome === 'timeout';
			if (durationMs < slowMs && !isWrong) return;
			const load: SlowLoad = {namespace, key, ms: durationMs, at: unixNow(), outcome};
			tell({event: 'load', payload: load});
		}),
	];
	return () => {
		for (const remove of removers) remove();
	};
}
