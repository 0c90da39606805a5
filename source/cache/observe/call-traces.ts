import type {ExpireResult, WriteResult} from '../api/call-types.js';
import type {Namespace} from '../keys/namespace.js';
import type {ManyReadTrace, ManyWriteTrace, ReadTrace, WriteTrace} from './trace-types.js';
import type {Tracing} from './tracing.js';

export type CallTracesParts = {
	readonly tracing: Tracing;
	/** URL of Redis, without credentials. */
	readonly server: string;
	/** True if memory can answer a read of the key. */
	readonly isInMemory: (key: string) => boolean;
};

/** Runs the calls on one namespace, each within a trace if there are listeners. */
export class CallTraces {
	readonly #tracing: Tracing;
	readonly #server: string;
	readonly #isInMemory: (key: string) => boolean;
	readonly #namespace: Namespace;

	constructor({tracing, server, isInMemory}: CallTracesParts, namespace: Namespace) {
		this.#tracing = tracing;
		this.#server = server;
		this.#isInMemory = isInMemory;
		this.#namespace = namespace;
	}

	/** @param mayHitMemory True if memory may answer; the trace then has its outcome from the start. */
	read<T>(
		operation: ReadTrace['operation'],
		key: string,
		mayHitMemory: boolean,
		read: (trace: ReadTrace | undefined) => Promise<T>,
	): Promise<T> {
		if (!this.#tracing.wants(operation)) return read(undefined);
		const trace: ReadTrace = {operation, ...this.#target(), key};
		if (mayHitMemory && this.#isInMemory(key)) {
			trace.outcome = 'hit';
			trace.source = 'memory';
		}
		return this.#tracing.run(trace, () => read(trace));
	}

	readMany<T extends {readonly size: number}>(
		operation: ManyReadTrace['operation'],
		keys: number,
		read: (trace: ManyReadTrace | undefined) => Promise<T>,
	): Promise<T> {
		if (!this.#tracing.wants(operation)) return read(undefined);
		const trace: ManyReadTrace = {operation, ...this.#target(), keys};
		return this.#tracing.run(trace, async () => {
			const found = await read(trace);
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
		const trace: WriteTrace = {operation, ...this.#target(), key};
		return this.#tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			if ('applied' in result) trace.applied = result.applied;
			return result;
		});
	}

	writeMany(
		facts: Pick<ManyWriteTrace, 'operation' | 'keys' | 'tags'>,
		write: () => Promise<WriteResult>,
	): Promise<WriteResult> {
		if (!this.#tracing.wants(facts.operation)) return write();
		const trace: ManyWriteTrace = {...facts, ...this.#target()};
		return this.#tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			return result;
		});
	}

	#target(): Pick<ReadTrace, 'server' | 'namespace'> {
		return {server: this.#server, namespace: this.#namespace.name};
	}
}
