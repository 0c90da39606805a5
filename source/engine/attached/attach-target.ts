import type {LiveCache} from './live-processes.js';

/** Names a cache for the engine's thread. */
export type AttachTarget = Pick<LiveCache, 'path'> & {
	readonly pid: number;
	readonly cache: number;
	readonly name: string;
	readonly namespace: string;
};
