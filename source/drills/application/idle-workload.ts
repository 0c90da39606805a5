import type {DrillHost} from '../drill-host.js';

const none = {p50: 0, p99: 0, max: 0};

/** Placeholder for the traffic of a drill on an application, which has its own traffic. */
export const idleWorkload: DrillHost['workload'] = {
	start() {},
	async stop() {},
	setRate() {},
	setMix() {},
	setKeys() {},
	setFaultActive() {},
	observe() {},
	reset() {},
	totals: () => ({
		calls: 0,
		failedCalls: 0,
		hungCalls: 0,
		wrongReads: 0,
		lateCalls: 0,
		storedChanges: 0,
		unstoredChanges: 0,
		skippedCalls: 0,
		availability: 1,
		settleMs: none,
		faultSettleMs: none,
	}),
	snapshot: () => ({
		running: false,
		rate: 0,
		keys: 0,
		mix: {read: 0, write: 0, delete: 0},
		calls: 0,
		failedCalls: 0,
		hungCalls: 0,
		pending: 0,
		wrongReads: 0,
		wrongReadExamples: [],
		availability: 1,
		callsPerSecond: 0,
		settle: {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined},
	}),
};
