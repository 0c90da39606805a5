import type {Mode} from '../metrics/snapshot.js';
import type {Lateness} from './lateness.js';

export type ExpectationResult = {
	/** As written in the drill: `wrongReads == 0`. */
	readonly name: string;
	readonly passed: boolean;
	readonly actual: number | string | boolean | undefined;
	readonly limit: number | string | boolean;
	/** By how many milliseconds it was over its limit and passed all the same, because the machine was late by as much. */
	readonly toleratedMs?: number;
};

/** What a drill found out. The fields are a contract with those who keep such reports in CI. */
export type DrillReport = {
	readonly drill: string;
	/** `redis-server 7.0.15 (private)` or `built-in server 0.1.0 (private)`. */
	readonly server: string;
	readonly passed: boolean;
	/** Set when the drill did not run to its end: `'interrupted by SIGINT'`. */
	readonly partial?: string;
	readonly durationMs: number;
	/** Calls that the application made, all kinds. */
	readonly calls: number;
	/** Calls that were due while this process did not run for seconds: never made, and not among `calls`. */
	readonly skippedCalls: number;
	/** Calls that rejected. */
	readonly failedCalls: number;
	/** Calls that had not settled within their deadline and a margin. */
	readonly hungCalls: number;
	/** Reads that returned something older than the last acknowledged change. */
	readonly wrongReads: number;
	/** Share of calls that settled in time and did not reject, 0 to 1. */
	readonly availability: number;
	/** From when the call was due (open loop) until it settled, in milliseconds. */
	readonly settleMs: {readonly p50: number; readonly p99: number; readonly max: number};
	/** The same, only calls due while a fault was in force. */
	readonly faultSettleMs: {readonly p50: number; readonly p99: number; readonly max: number};
	/** How late the machine ran what was due, measured beside the cache: what it adds to every time above. */
	readonly machineLateMs: Lateness;
	readonly hitRatio: number;
	readonly modes: readonly {readonly mode: Mode; readonly atMs: number}[];
	/** From the lift of the last fault until `connected`, in milliseconds; null when it never was. */
	readonly recoveryMs: number | null;
	readonly journal: {readonly max: number; readonly overflowed: number; readonly reconciled: number};
	readonly expectations: readonly ExpectationResult[];
};
