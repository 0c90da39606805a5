import type {Launch} from '../launch.js';

/** From the program to the guard. `id` ties the answer to the request. */
export type GuardRequest =
	/** `port` undefined: any free one. */
	| {
			readonly type: 'start';
			readonly id: number;
			readonly launch: Launch;
			readonly port: number | undefined;
			readonly startMs: number;
	  }
	| {readonly type: 'kill'; readonly id: number}
	/** Ends server, directory and guard. The answer is that the guard ends. */
	| {readonly type: 'close'};

export type GuardMessage =
	/** Sent at once, so that the program can clean up should the guard die. */
	| {readonly type: 'spawned'; readonly pid: number}
	| {readonly type: 'ready'; readonly id: number; readonly port: number; readonly pid: number}
	| {readonly type: 'failed'; readonly id: number; readonly message: string}
	| {readonly type: 'killed'; readonly id: number}
	/** The server ended and nobody asked for it. */
	| {readonly type: 'ended'; readonly pid: number; readonly reason: string};
