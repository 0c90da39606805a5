import {type PlanOf, rows, share} from './plan-row.js';

/** The cache of a live process, at 200×60: every panel has a place here. */
export const processLarge = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['live-process', 1]]},
		{
			height: share(14),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{
			height: share(10),
			panels: [
				['traffic', 1],
				['journal', 1],
			],
		},
		{height: rows(6), panels: [['modes', 1]]},
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
				['loads', 1],
				['events', 1],
			],
		},
	],
} as const satisfies PlanOf<string>;

/** For 80×24. */
export const processSmall = {
	frame: 'rule',
	rows: [
		{height: rows(3), panels: [['live-process', 1]]},
		{
			height: share(7),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(4), panels: [['modes', 1]]},
		{
			height: rows(6),
			panels: [
				['pool', 1],
				['loads', 1],
			],
		},
	],
} as const satisfies PlanOf<string>;

/** For 120×40. */
export const processMedium = {
	frame: 'box',
	rows: [
		{height: rows(4), panels: [['live-process', 1]]},
		{
			height: share(11),
			panels: [
				['hit-ratio', 1],
				['latency', 1],
			],
		},
		{height: rows(6), panels: [['modes', 1]]},
		{
			height: share(8),
			panels: [
				['pool', 1],
				['events', 1],
			],
		},
		{
			height: rows(8),
			panels: [
				['loads', 5],
				['tiers', 4],
			],
		},
	],
} as const satisfies PlanOf<string>;
