import type {OpenPeer} from '../peers/peer.js';
import {seed} from './seed.js';

/** Changes of a key during the outage: early, when a library may not have noticed it yet, and late, half-way through. */
const stories = [
	{early: 'set', late: undefined},
	{early: undefined, late: 'set'},
	{early: 'delete', late: undefined},
	{early: undefined, late: 'delete'},
	{early: 'set', late: 'delete'},
] as const;

type Change = 'set' | 'delete' | undefined;

/** The process that changed the keys reads half of them, another process the other half: a read may also repair the entry. */
export type Reader = 'same' | 'other';

type Row = {
	readonly key: string;
	readonly reader: Reader;
	readonly early: Change;
	readonly late: Change;
	/** Version of the row in the application's database. */
	version: number;
	/** The newest version whose change the cache has acknowledged. */
	acknowledged: number;
};

const keysOfEach = 20;
const longMs = 60_000;

/** Longest wait for a read. */
const patienceMs = 700;

/**
 * Caches version 1 of some rows, changes them by `set` and `delete` during the outage, and reads them after it. A version
 * older than the last acknowledged one is a wrong read.
 */
export class DirectedCheck {
	readonly #rows: readonly Row[] = stories.flatMap(({early, late}, story) =>
		Array.from({length: keysOfEach}, (_, index) => ({
			key: `directed:${story}:${index}`,
			reader: index % 2 === 0 ? ('same' as const) : ('other' as const),
			early,
			late,
			version: 1,
			acknowledged: 0,
		})),
	);

	constructor(
		private readonly peer: OpenPeer,
		private readonly changeTtlMs: number,
	) {}

	/** Puts version 1 into Redis and into the memory of this process. */
	async prepare(directUrl: string): Promise<void> {
		const keys = this.#rows.map(({key}) => key);
		await seed(this.peer, directUrl, keys, {version: 1}, longMs);
	}

	/** Starts the changes of that time without waiting for them. */
	change(time: 'early' | 'late'): void {
		for (const row of this.#rows) {
			const change = row[time];
			if (change === undefined) continue;
			row.version++;
			const {version} = row;
			const call = change === 'set' ? this.peer.set(row.key, {version}, this.changeTtlMs) : this.peer.delete(row.key);
			call.then(
				() => {
					row.acknowledged = Math.max(row.acknowledged, version);
				},
				() => {},
			);
		}
	}

	/** Number of rows whose last change has been acknowledged. */
	get acknowledged(): number {
		return this.#rows.filter(({version, acknowledged}) => version === acknowledged).length;
	}

	get size(): number {
		return this.#rows.length;
	}

	/** @returns The keys for which `peer` returns a version older than the one acknowledged before the read. */
	async wrongIn(peer: OpenPeer, reader: Reader, how: 'get' | 'get, then getOrSet'): Promise<readonly string[]> {
		const rows = this.#rows.filter((row) => row.reader === reader);
		const wrong = await Promise.all(
			rows.map(async (row) => {
				const floor = row.acknowledged;
				let value = await settled(peer.get(row.key));
				// For some libraries a plain get never asks Redis. An application would load next.
				if (value === undefined && how !== 'get')
					value = await settled(peer.getOrSet(row.key, () => contentOf(row), longMs));
				const version = versionIn(value);
				return version !== undefined && version < floor ? [row.key] : [];
			}),
		);
		return wrong.flat();
	}
}

function contentOf({version}: Row): {readonly version: number} {
	return {version};
}

function versionIn(value: unknown): number | undefined {
	if (typeof value !== 'object' || value === null || !('version' in value)) return undefined;
	return typeof value.version === 'number' ? value.version : undefined;
}

/** The result of a call; `undefined` if it rejects or takes too long: a missing reply is not a wrong read. */
async function settled(call: Promise<unknown>): Promise<unknown> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<undefined>((resolve) => {
		timer = setTimeout(resolve, patienceMs, undefined);
	});
	try {
		return await Promise.race([call, limit]);
	} catch {
		return undefined;
	} finally {
		clearTimeout(timer);
	}
}
