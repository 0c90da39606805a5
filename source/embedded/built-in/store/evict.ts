import type {Config} from '../config.js';
import type {Database} from './database.js';
import type {Entry} from './entry.js';

const sliceMs = 10;

/**
 * Evicts keys until the used memory is within the limit: each time the best candidate of a few sampled keys, as Redis does.
 * Returns false if it is over the limit and no key can be evicted.
 */
export function evict(
	databases: readonly Database[],
	config: Config,
	used: () => number,
	drop: (db: Database, entry: Entry) => void,
): boolean {
	const started = performance.now();
	while (used() > config.maxMemory) {
		const victim = pick(databases, config);
		if (!victim) return false;
		drop(victim.db, victim.entry);
		// The rest is evicted before the next commands.
		if (performance.now() - started > sliceMs) return true;
	}
	return true;
}

function pick(databases: readonly Database[], config: Config): {db: Database; entry: Entry} | undefined {
	const {policy} = config;
	if (policy === 'noeviction') return undefined;
	const onlyVolatile = policy.startsWith('volatile');
	let best: {db: Database; entry: Entry} | undefined;
	for (const db of databases) {
		const samples = policy.endsWith('random') ? 1 : config.samples;
		for (let sample = 0; sample < samples; sample++) {
			const entry = onlyVolatile ? db.randomVolatile() : db.random();
			if (!entry) break;
			if (!best || isWorse(entry, best.entry, policy === 'volatile-ttl')) best = {db, entry};
		}
		if (best && policy.endsWith('random')) return best;
	}
	return best;
}

function isWorse(entry: Entry, than: Entry, byTtl: boolean): boolean {
	return byTtl ? entry.expireAt < than.expireAt : entry.usedAt < than.usedAt;
}
