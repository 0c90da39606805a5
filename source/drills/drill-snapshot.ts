import type {DrillReport} from './drill-report.js';

export type DrillStepSnapshot = {
	readonly atMs: number;
	readonly forMs: number | undefined;
	readonly label: string;
	readonly kind: 'fault' | 'workload';
	readonly state: 'waiting' | 'active' | 'done';
};

export type DrillExpectationSnapshot = {
	readonly name: string;
	/** `open` until it is decided. */
	readonly state: 'open' | 'passed' | 'failed';
	readonly actual: number | string | boolean | undefined;
	/** As in the report: it is over its limit by so much, and passed all the same, for the machine was late. */
	readonly toleratedMs?: number | undefined;
};

export type DrillSnapshot = {
	readonly name: string;
	readonly summary: string;
	readonly state: 'running' | 'passed' | 'failed' | 'interrupted';
	readonly elapsedMs: number;
	readonly totalMs: number;
	readonly steps: readonly DrillStepSnapshot[];
	readonly expectations: readonly DrillExpectationSnapshot[];
	readonly report: DrillReport | undefined;
};
