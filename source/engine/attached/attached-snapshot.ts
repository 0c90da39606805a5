import type {LiveLoads} from '../../cache/live/messages.js';

/** A live process that this program is attached to. */
export type AttachedSnapshot = {
	/** Name of its cache. */
	readonly name: string;
	readonly pid: number;
	/** Version of this package in the process. */
	readonly version: string;
	/** Version of Node.js in the process. */
	readonly node: string;
	/** Unix time in milliseconds at which the process started. */
	readonly processStartedAt: number;
	readonly namespace: string;
	/** True if it accepts commands. */
	readonly commands: boolean;
	/** `silent`: it runs, but sends nothing. `ended`: it has ended, and a new process of that name is waited for. */
	readonly state: 'live' | 'silent' | 'ended';
	/** Unix time in milliseconds at which this state began. */
	readonly since: number;
	/** The reason why it has ended; undefined while it lives. */
	readonly reason: string | undefined;
	readonly loads: LiveLoads;
};
