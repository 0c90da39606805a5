import type {ExpireResult, WriteResult} from '../api/types.js';
import type {CacheCore} from '../core.js';
import type {Namespace} from '../keys/namespace.js';
import type {Reads} from '../read/reads.js';
import type {ManyReadTrace, ManyWriteTrace, ReadTrace, Tracing, WriteTrace} from './tracing.js';

/** Runs the calls on one namespace, and says what became of them in a trace if anyone listens. */
export class CallTraces {
	readonly #core: CacheCore;
	readonly #tracing: Tracing;
	readonly #reads: Reads;
	readonly #space: Namespace;

	constructor(core: CacheCore, tracing: Tracing, reads: Reads, space: Namespace) {
		this.#core = core;
		this.#tracing = tracing;
		this.#reads = reads;
		this.#space = space;
	}

	/** @param mayHit Whether memory may answer; then the trace says so from the start. */
	read<T>(
		operation: ReadTrace['operation'],
		key: string,
		mayHit: boolean,
		read: (trace: ReadTrace | undefined) => Promise<T>,
	): Promise<T> {
		if (!this.#tracing.wants(operation)) return read(undefined);
		const trace: ReadTrace = {operation, ...this.#place(), key};
		if (mayHit && this.#reads.believed(this.#space, key) !== undefined) {
			trace.outcome = 'hit';
			trace.source = 'memory';
		}
		return this.#tracing.run(trace, () => read(trace));
	}

	readMany<T extends {readonly size: number}>(keys: number, read: () => Promise<T>): Promise<T> {
		if (!this.#tracing.wants('getMany')) return read();
		const trace: ManyReadTrace = {operation: 'getMany', ...this.#place(), keys};
		return this.#tracing.run(trace, async () => {
			const found = await read();
			trace.hits = found.size;
			return found;
		});
	}

	write<R extends WriteResult | ExpireResult>(
		operation: WriteTrace['operation'],
		key: string,
		write: () => Promise<R>,
	): Promise<R> {
		if (!this.#tracing.wants(operation)) return write();
		const trace: WriteTrace = {operation, ...this.#place(), key};
		return this.#tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			if ('applied' in result) trace.applied = result.applied;
			return result;
		});
	}

	writeMany(
		what: Pick<ManyWriteTrace, 'operation' | 'keys' | 'tags'>,
		write: () => Promise<WriteResult>,
	): Promise<WriteResult> {
		if (!this.#tracing.wants(what.operation)) return write();
		const trace: ManyWriteTrace = {...what, ...this.#place()};
		return this.#tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			return result;
		});
	}

	/** Where a call goes to. */
	#place(): Pick<ReadTrace, 'server' | 'namespace'> {
		return {server: this.#core.pool.url, namespace: this.#space.keys.namespace};
	}
}
