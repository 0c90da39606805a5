import type {CommandSpec} from '../command-spec.js';

/** What breaks the connection, what uses it, and what it is made of. */
export const trafficSpecs: readonly CommandSpec[] = [
	{
		name: 'outage',
		group: 'outage',
		summary: 'Break the connection to Redis: `outage latency 200ms for 10s`',
		args: [{name: 'fault', kind: 'fault', rest: true}],
		writes: false,
		where: 'engine',
		keys: ['o'],
	},
	{
		name: 'heal',
		group: 'outage',
		summary: 'Lift all faults, or only this one: `heal blackhole`; its number does, too',
		args: [{name: 'fault', kind: 'fault-in-force', optional: true}],
		writes: false,
		where: 'engine',
	},
	{name: 'faults', group: 'outage', summary: 'List the faults there are', args: [], writes: false, where: 'engine'},
	{
		name: 'drill',
		group: 'outage',
		summary: 'Run a drill: a timed outage with expectations; `drill stop` ends it',
		args: [{name: 'drill', kind: 'drill'}],
		writes: true,
		where: 'engine',
	},
	{name: 'drills', group: 'outage', summary: 'List the drills there are', args: [], writes: false, where: 'engine'},
	{
		name: 'workload',
		group: 'workload',
		summary: 'Turn the traffic on or off, or change its rate, its keys or its mix of read:write:delete',
		args: [
			{name: 'what', kind: 'choice', choices: ['on', 'off', 'rate', 'mix', 'keys']},
			{name: 'value', kind: 'text', optional: true},
		],
		writes: true,
		where: 'engine',
	},
	{
		name: 'pool',
		group: 'pool',
		summary: 'Change the number of lanes: `pool resize 8`',
		args: [
			{name: 'what', kind: 'choice', choices: ['resize']},
			{name: 'lanes', kind: 'number', asks: 'the number of lanes, 1 to 64'},
		],
		writes: false,
		where: 'engine',
	},
	{
		name: 'checkout',
		group: 'pool',
		summary: 'Borrow connections for a while, to see others wait: `checkout hold 8 for 5s`',
		args: [
			{name: 'what', kind: 'choice', choices: ['hold']},
			{name: 'count', kind: 'number', asks: 'the number of connections, 1 to 1000'},
			{name: 'for', kind: 'choice', choices: ['for'], optional: true},
			{name: 'time', kind: 'duration', optional: true},
		],
		writes: false,
		where: 'engine',
	},
];
