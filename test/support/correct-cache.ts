import type {WorkloadCache} from '../../source/workload/workload.js';

/** A minimal correct cache: a map that does not store a loaded value if the key has changed during the load. */
export function correctCache(): WorkloadCache {
	const values = new Map<string, unknown>();
	const changes = new Map<string, number>();
	const changed = (key: string): void => {
		changes.set(key, (changes.get(key) ?? 0) + 1);
	};
	return {
		get: async <T>(key: string) => values.get(key) as T | undefined,
		async getOrSet(key, loader) {
			if (values.has(key)) return values.get(key) as never;
			const before = changes.get(key);
			const value = await loader();
			if (changes.get(key) === before) values.set(key, value);
			return value;
		},
		async set(key, value) {
			changed(key);
			values.set(key, value);
			return {stored: 'memory'};
		},
		async delete(key) {
			changed(key);
			values.delete(key);
			return {stored: 'memory'};
		},
	};
}
