/** `observe/`: counters, events, and traces. */
import {LatencyMeter} from '../../metrics/latency-meter.js';
import {RedisCacheError} from '../../pool/errors.js';
import {setImmediate, unixNow} from '../../time/real-time.js';
import type {LoadEvent} from '../api/cache-events.js';
import type {EntrySource, WriteResult} from '../api/call-types.js';
import {CorruptEntryError} from '../api/errors.js';
import type {Namespace} from '../keys/namespace.js';
import {type CallContext, callContext} from './call-context.js';
import {createCounters} from './counters.js';
import {CacheEmitter} from './events.js';
import type {ReadTrace} from './trace-types.js';

/**
 * Counts each occurrence, emits it as an event, and adds it to the trace of the call, so that reading and writing code needs
 * one line for it.
 */
export class Recorder {
	readonly counters = createCounters();
	readonly events = new CacheEmitter();
	readonly latency = {
		get: new LatencyMeter(),
		set: new LatencyMeter(),
		delete: new LatencyMeter(),
		load: new LatencyMeter(),
	};
	readonly startedAt = unixNow();
	/** Number of changes, and of reads not answered by memory, in progress. */
	callsInProgress = 0;

	/** A read was answered by a fresh entry in memory. Hot path. @param bytes Size of the encoded value. */
	memoryHit(namespace: Namespace, key: string, bytes: number): void {
		this.counters.hitsMemory++;
		this.counters.savedBytes += bytes;
		if (this.events.wantsHit) this.events.emit('hit', {namespace: namespace.name, key, source: 'memory', stale: false});
	}

	/** @param isStale True if the value is past its TTL and served within grace. */
	hit(namespace: Namespace, key: string, source: 'memory' | 'redis', isStale: boolean, trace?: ReadTrace): void {
		if (source === 'memory') this.counters.hitsMemory++;
		else this.counters.hitsRedis++;
		if (isStale) this.counters.hitsStale++;
		if (this.events.wantsHit) this.events.emit('hit', {namespace: namespace.name, key, source, stale: isStale});
		if (trace !== undefined) noteAnswer(trace, isStale ? 'stale' : 'hit', source);
	}

	miss(namespace: Namespace, key: string, trace?: ReadTrace): void {
		this.counters.misses++;
		if (this.events.wants('miss')) this.events.emit('miss', {namespace: namespace.name, key});
		if (trace !== undefined) trace.outcome = 'miss';
	}

	/** A read has missed, and its value is loaded. */
	missLoaded(namespace: Namespace, key: string, trace?: ReadTrace): void {
		this.miss(namespace, key, trace);
		if (trace !== undefined) trace.source = 'loader';
	}

	/** A `getOrSet` that missed is answered with the stale value, because its loader failed or is slow. */
	staleInsteadOfLoad(source: EntrySource, trace?: ReadTrace): void {
		this.counters.hitsStale++;
		if (trace !== undefined) noteAnswer(trace, 'stale', source);
	}

	/** Like {@link staleInsteadOfLoad}, because the loader has failed recently and is not called. */
	pausedLoad(source: EntrySource, trace?: ReadTrace): void {
		this.counters.loadsPaused++;
		this.staleInsteadOfLoad(source, trace);
	}

	/** The asynchronous context of a `set` or `delete` for its event; `undefined` if there are no listeners. */
	contextOf(operation: 'set' | 'delete'): CallContext | undefined {
		return this.events.wants(operation) ? callContext() : undefined;
	}

	/** A `set` or `delete` has resolved. @param context That of the call. */
	written(
		operation: 'set' | 'delete',
		namespace: Namespace,
		key: string,
		{stored}: WriteResult,
		context: CallContext | undefined,
	): void {
		if (!this.events.wants(operation)) return;
		const emit = () => this.events.emit(operation, {namespace: namespace.name, key, stored});
		if (context === undefined) emit();
		else context(emit);
	}

	/** A loader has run. */
	loaded(namespace: Namespace, key: string, result: Pick<LoadEvent, 'durationMs' | 'outcome' | 'error'>): void {
		if (result.outcome === 'failed' || result.outcome === 'timeout') this.counters.loadErrors++;
		this.latency.load.record(result.durationMs);
		if (this.events.wants('load')) this.events.emit('load', {namespace: namespace.name, key, ...result});
	}

	/** The memory tier has dropped an entry to make room. */
	evicted(namespace: string, key: string): void {
		this.counters.evictions++;
		// In a separate turn: eviction is in progress, and a listener may use the cache.
		if (this.events.wants('evict')) setImmediate(() => this.events.emit('evict', {namespace, key}));
	}

	/** The bytes under a key are not an entry, or cannot be decoded: a miss. */
	corrupt(key: string, why: string, cause?: unknown): void {
		this.counters.corrupt++;
		this.error('decode', new CorruptEntryError(key, why, {cause}));
	}

	/** Decoding the value of a key has thrown. */
	undecodable(key: string, error: unknown): void {
		if (error instanceof RedisCacheError) this.corrupt(key, error.message);
		// The message of JSON.parse quotes the value.
		else if (error instanceof SyntaxError) this.corrupt(key, 'its bytes are not valid JSON');
		else this.corrupt(key, `its codec threw ${error instanceof Error ? error.name : typeof error}`, error);
	}

	/** The server's clock was set. @param ms The difference; negative if it was set back. */
	/** @param node Address of the node of a cluster. */
	clockStep(ms: number, node: string | undefined): void {
		this.counters.clockSteps++;
		this.events.emit('clockStep', {ms: Math.round(ms), ...(node === undefined ? {} : {node})});
	}

	error(operation: string, error: Error): void {
		if (this.events.wants('error')) this.events.emit('error', {operation, error});
	}
}

function noteAnswer(trace: ReadTrace, outcome: NonNullable<ReadTrace['outcome']>, source: EntrySource): void {
	trace.outcome = outcome;
	trace.source = source;
}
