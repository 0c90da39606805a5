import type {LiveLoads} from '../../cache/live/messages.js';

/** A live process that this program is attached to. */
export type AttachedSnapshot = {
	/** Of its cache. */
	readonly name: string;
	readonly pid: number;
	/** Of this package in the process. */
	readonly version: string;
	/** Of Node.js in the process. */
	readonly node: string;
	/** When the process started, Unix time in milliseconds. */
	readonly processStartedAt: number;
	readonly namespace: string;
	/** True if it accepts commands. */
	readonly commands: boolean;
	/** `silent`: it runs, but sends nothing. `ended`: it has ended, and a new process of that name is waited for. */
	readonly state: 'live' | 'silent' | 'ended';
	/** When this state began, Unix time in milliseconds. */
	readonly since: number;
	/** Why it has ended; undefined while it lives. */
	readonly reason: string | undefined;
	readonly loads: LiveLoads;
};
