import type {ActiveFault, Fault} from '../faults/fault.js';
import type {CacheSnapshot, ModeChange} from '../metrics/snapshot.js';
import type {Workload} from '../workload/workload.js';
import type {Lateness} from './lateness.js';

/** What a drill needs of the program around it: a cache that is connected, traffic on it, and a way to break things. */
export type DrillHost = {
	/** For the report: `redis-server 7.0.15 (private)`. */
	readonly server: string;
	/** Made with the drill's `workload` settings, not running yet. */
	readonly workload: Pick<
		Workload,
		'start' | 'stop' | 'setRate' | 'setMix' | 'setKeys' | 'setFaultActive' | 'reset' | 'totals' | 'snapshot'
	>;
	/** The cache's, made with the drill's `cache` settings. */
	cacheSnapshot(): CacheSnapshot;
	/** How late the machine was, since the drill was made. */
	machineLateMs(): Lateness;
	/** Every change of the cache's mode. Returns how to stop that. */
	onMode(listener: (change: ModeChange) => void): () => void;
	/** @throws {FaultRefusedError} It cannot be done to this server. */
	applyFault(fault: Fault): Promise<ActiveFault>;
	/** Resolves when it is no longer in force; also when it was not. */
	liftFault(id: number): Promise<unknown>;
	/** Whether a fault is still in force: some end by themselves. */
	isActive(id: number): boolean;
};
