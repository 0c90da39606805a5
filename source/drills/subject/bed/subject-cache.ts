import type {WriteResult} from '../../../cache/api/types.js';
import type {WorkloadCache} from '../../../workload/types.js';
import type {OpenedSubject} from '../subject.js';

/** Adapts a subject to the workload, and counts its hits and misses. */
export class SubjectCache implements WorkloadCache {
	readonly #subject: OpenedSubject;
	readonly #ttlMs: number;
	/** Reads that returned a value without loading it themselves. */
	hits = 0;
	misses = 0;

	/** @param ttlMs Milliseconds that values live. */
	constructor(subject: OpenedSubject, ttlMs: number) {
		this.#subject = subject;
		this.#ttlMs = ttlMs;
	}

	async get<T>(key: string): Promise<T | undefined> {
		const value = await this.#subject.get(key);
		this.#count(value !== undefined);
		// The workload takes a value of any kind.
		return value as T | undefined;
	}

	async getOrSet<T>(key: string, loader: Parameters<WorkloadCache['getOrSet']>[1]): Promise<T> {
		let isLoaded = false;
		const load = () => {
			isLoaded = true;
			return loader();
		};
		const value = await this.#subject.getOrSet(key, load, this.#ttlMs);
		this.#count(!isLoaded);
		return value as T;
	}

	async set(key: string, value: unknown): Promise<WriteResult> {
		await this.#subject.set(key, value, this.#ttlMs);
		return {stored: 'redis'};
	}

	async delete(key: string): Promise<WriteResult> {
		await this.#subject.delete(key);
		return {stored: 'redis'};
	}

	#count(isHit: boolean): void {
		if (isHit) this.hits++;
		else this.misses++;
	}
}
