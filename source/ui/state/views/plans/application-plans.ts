import {type PlanOf, rows, share} from './plan-row.js';

/** An application behind the tap, at 200×60: every panel has a place here. */
export const applicationLarge = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['matter', 1]]},
		{
			height: share(12),
			panels: [
				['wire-hits', 1],
				['wire-latency', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['patterns', 1],
				['by-command', 1],
			],
		},
		{
			height: share(9),
			panels: [
				['wire-commands', 1],
				['wire-bytes', 1],
			],
		},
		{
			height: rows(10),
			panels: [
				['connections', 6],
				['written-ttl', 6],
				['wire-keys', 8],
			],
		},
		{
			height: rows(7),
			panels: [
				['findings', 7],
				['wire-errors', 3],
				['outages', 10],
			],
		},
		{height: rows(5), panels: [['events', 1]]},
	],
} as const satisfies PlanOf<string>;

/** For 80×24. */
export const applicationSmall = {
	frame: 'rule',
	rows: [
		{height: rows(3), panels: [['matter', 1]]},
		{
			height: share(8),
			panels: [
				['wire-hits', 1],
				['by-command', 1],
			],
		},
		{
			height: rows(6),
			panels: [
				['patterns', 1],
				['connections', 1],
			],
		},
		{height: share(4), panels: [['findings', 1]]},
	],
} as const satisfies PlanOf<string>;

/** For 120×40. */
export const applicationMedium = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['matter', 1]]},
		{
			height: share(11),
			panels: [
				['wire-hits', 1],
				['wire-latency', 1],
			],
		},
		{
			height: share(8),
			panels: [
				['patterns', 1],
				['by-command', 1],
			],
		},
		{
			height: rows(9),
			panels: [
				['connections', 6],
				['written-ttl', 5],
				['findings', 7],
			],
		},
		{height: rows(4), panels: [['outages', 1]]},
	],
} as const satisfies PlanOf<string>;
