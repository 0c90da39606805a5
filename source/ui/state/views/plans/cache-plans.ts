import {type PlanOf, rows, share} from './plan-row.js';

/** The cache of this program with its traffic, at 200×60: every panel has a place here. */
export const cacheLarge = {
	frame: 'box',
	rows: [
		{
			height: share(16),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{
			height: share(11),
			panels: [
				['traffic', 1],
				['journal', 1],
			],
		},
		{height: rows(7), panels: [['modes', 1]]},
		{
			height: rows(10),
			panels: [
				['pool', 8],
				['ttl', 6],
				['tiers', 6],
			],
		},
		{
			height: share(12),
			panels: [
				['wrong-reads', 5],
				['server', 6],
				['events', 9],
			],
		},
	],
} as const satisfies PlanOf<string>;

/** For 80×24. */
export const cacheSmall = {
	frame: 'rule',
	rows: [
		{
			height: share(7),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(5), panels: [['modes', 1]]},
		{
			height: rows(6),
			panels: [
				['pool', 1],
				['wrong-reads', 1],
			],
		},
		{height: share(3), panels: [['events', 1]]},
	],
} as const satisfies PlanOf<string>;

/** For 120×40. */
export const cacheMedium = {
	frame: 'box',
	rows: [
		{
			height: share(12),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(7), panels: [['modes', 1]]},
		{
			height: share(8),
			panels: [
				['pool', 1],
				['events', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['wrong-reads', 3],
				['tiers', 4],
				['ttl', 5],
			],
		},
	],
} as const satisfies PlanOf<string>;
