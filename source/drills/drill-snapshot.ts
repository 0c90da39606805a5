import type {Mode} from '../metrics/snapshot.js';
import type {DrillReport} from './drill-report.js';

export type DrillStepSnapshot = {
	readonly atMs: number;
	/** Undefined while unknown: until the step has ended, if it has no duration. */
	readonly forMs: number | undefined;
	readonly label: string;
	readonly kind: 'fault' | 'workload';
	readonly state: 'waiting' | 'active' | 'done';
};

export type DrillExpectationSnapshot = {
	/** As written in the drill: `wrongReads == 0`. */
	readonly name: string;
	/** `open` until it is decided; it stays `open` if the drill is interrupted before, or if there is a `reason`. */
	readonly state: 'open' | 'passed' | 'failed';
	readonly actual: number | string | boolean | undefined;
	/** Milliseconds by which it exceeded its limit and passed all the same, because the machine was late. */
	readonly toleratedMs?: number | undefined;
	/** The reason why it is undecided although the drill has run to its end. */
	readonly reason?: string | undefined;
};

/** A drill as the screen shows it, while it runs and after it. */
export type DrillSnapshot = {
	readonly name: string;
	readonly summary: string;
	readonly state: 'running' | 'passed' | 'failed' | 'interrupted';
	readonly elapsedMs: number;
	readonly totalMs: number;
	readonly steps: readonly DrillStepSnapshot[];
	readonly expectations: readonly DrillExpectationSnapshot[];
	/** The address that the application connects to, if the drill runs on its traffic. */
	readonly application?: string | undefined;
	/** Set if it runs on a subject. */
	readonly subject?: {readonly name: string; readonly mode: Mode} | undefined;
	/** Undefined while it runs. */
	readonly report: DrillReport | undefined;
};
