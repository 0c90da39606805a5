import type {Database} from './database.js';

const sampleSize = 20;
const sliceMs = 5;

/**
 * Removes some expired keys, found by sampling, for longer if many are found. Others are removed when they are
 * accessed.
 */
export function expireSome(databases: readonly Database[]): void {
	const started = performance.now();
	for (const db of databases) {
		let found = sampleSize;
		while (found > sampleSize / 4 && db.volatileSize > 0 && performance.now() - started < sliceMs) {
			found = 0;
			for (let sample = 0; sample < sampleSize; sample++) {
				const entry = db.randomVolatile();
				if (!entry || !db.hasExpired(entry)) continue;
				db.expire(entry);
				found++;
			}
		}
	}
}
