import type {Drill} from '../../drills/drill.js';
import type {DrillReport} from '../../drills/drill-report.js';
import type {DrillSnapshot} from '../../drills/drill-snapshot.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import type {ActiveFault} from '../../faults/fault.js';
import type {CommandSpec} from './command-spec.js';

/** Commands on the connection to Redis, the traffic on it, and files. */
export const trafficSpecs = {
	outage: {
		group: 'outage',
		summary: 'Break the connection to Redis: `outage latency 200ms for 10s`',
		args: [{name: 'fault', kind: 'fault', rest: true}],
		writes: false,
	},
	heal: {
		group: 'outage',
		summary: 'Lift all faults, or one by its kind or number: `heal blackhole`',
		args: [{name: 'fault', kind: 'fault-in-force', optional: true}],
		writes: false,
	},
	faults: {group: 'outage', summary: 'List all kinds of faults', args: [], writes: false},
	drill: {
		group: 'outage',
		summary: 'Run a drill: a timed outage with expectations; `drill stop` ends it',
		args: [{name: 'drill', kind: 'drill'}],
		writes: 'drill',
		harmless: ['stop'],
	},
	drills: {group: 'outage', summary: 'List all drills', args: [], writes: false},
	workload: {
		group: 'workload',
		summary: 'Turn the workload on or off, or change its rate, keys or read:write:delete mix',
		args: [
			{name: 'what', kind: 'choice', choices: ['on', 'off', 'rate', 'mix', 'keys']},
			{name: 'value', kind: 'text', optional: true},
		],
		writes: 'workload',
		harmless: ['off', 'rate', 'mix', 'keys'],
	},
	pool: {
		group: 'pool',
		summary: 'Change the number of lanes: `pool resize 8`',
		args: [
			{name: 'what', kind: 'choice', choices: ['resize']},
			{name: 'lanes', kind: 'number', asks: 'the number of lanes, 1 to 64'},
		],
		writes: false,
	},
	checkout: {
		group: 'pool',
		summary: 'Check out connections for a while, so that others wait: `checkout hold 8 for 5s`',
		args: [
			{name: 'what', kind: 'choice', choices: ['hold']},
			{name: 'count', kind: 'number', asks: 'the number of connections, 1 to 1000'},
			{name: 'for', kind: 'choice', choices: ['for'], optional: true},
			{name: 'time', kind: 'duration', optional: true},
		],
		writes: false,
	},
	export: {
		group: 'screen',
		summary: 'Write the current state to a file, as JSON',
		args: [{name: 'file', kind: 'text', asks: 'the name of a new file'}],
		writes: false,
	},
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** The data of their replies; `undefined` where there is nothing but lines for people. */
export type TrafficReplies = {
	readonly outage: ActiveFault;
	/** The number of lifted faults. */
	readonly heal: number;
	readonly faults: readonly FaultInfo[];
	/** For `drill stop` the partial report, undefined when no drill was running. */
	readonly drill: DrillSnapshot | DrillReport | undefined;
	readonly drills: readonly Drill[];
	readonly workload: undefined;
	readonly pool: undefined;
	readonly checkout: undefined;
	/** The absolute path of the file. */
	readonly export: string;
};
