import {type PlanOf, rows, share} from './plan-row.js';

/** A server and the applications on it, at 200×60: every panel has a place here. */
export const serverLarge = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['verdict', 1]]},
		{
			height: share(13),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{
			height: share(9),
			panels: [
				['removals', 1],
				['network', 1],
				['clients', 1],
			],
		},
		{height: rows(7), panels: [['timeline', 1]]},
		{
			height: rows(11),
			panels: [
				['busiest', 8],
				['ttl', 6],
				['errors', 4],
				['nodes', 7],
				['events', 9],
			],
		},
	],
} as const satisfies PlanOf<string>;

/** For 80×24. */
export const serverSmall = {
	frame: 'rule',
	rows: [
		{height: rows(3), panels: [['verdict', 1]]},
		{
			height: share(8),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(7),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{height: rows(3), panels: [['events', 1]]},
	],
} as const satisfies PlanOf<string>;

/** For 120×40. */
export const serverMedium = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['verdict', 1]]},
		{
			height: share(11),
			panels: [
				['keyspace', 1],
				['server-latency', 1],
			],
		},
		{
			height: share(9),
			panels: [
				['commands', 1],
				['memory', 1],
			],
		},
		{
			height: rows(11),
			panels: [
				['busiest', 5],
				['ttl', 4],
				['events', 5],
			],
		},
	],
} as const satisfies PlanOf<string>;
