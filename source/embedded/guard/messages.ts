import type {Launch} from '../launch.js';

/** From the program to the guard. The reply has the same `id`. */
export type GuardRequest =
	/** `port` undefined for any free one. */
	| {
			readonly type: 'start';
			readonly id: number;
			readonly launch: Launch;
			readonly port: number | undefined;
			readonly startMs: number;
			/** Milliseconds by which its clock is ahead of the real time. */
			readonly clockMs: number;
	  }
	/** Sets the clock of the server. */
	| {readonly type: 'clock'; readonly id: number; readonly clockMs: number}
	| {readonly type: 'kill'; readonly id: number}
	/** Ends the server, removes its directory, and ends the guard; the end of the guard is the reply. */
	| {readonly type: 'close'};

export type GuardMessage =
	/** Sent right after the spawn, so that the program can clean up if the guard dies. */
	| {readonly type: 'spawned'; readonly pid: number}
	| {readonly type: 'ready'; readonly id: number; readonly port: number; readonly pid: number}
	| {readonly type: 'failed'; readonly id: number; readonly message: string}
	| {readonly type: 'killed'; readonly id: number}
	/** The guard has done its part of setting the clock. */
	| {readonly type: 'clock-set'; readonly id: number}
	/** The server ended without a request. */
	| {readonly type: 'ended'; readonly pid: number; readonly reason: string};
